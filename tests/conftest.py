"""How Hypothesis works here, and how calls are counted."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Watched by coverage on a busy machine everything is slow: that is no fault of a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The verdict on a commit must not hang on chance; away from CI every run looks at other examples.
settings.register_profile("ci", settings.get_profile("patient"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "patient")


@pytest.fixture
def no_garbage() -> Iterator[None]:
    """Let nothing be finalized that other tests left behind: for who counts calls, it would count."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
