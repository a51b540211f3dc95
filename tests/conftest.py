"""How Hypothesis works here."""

import os

from hypothesis import HealthCheck, settings

# Watched by coverage on a busy machine everything is slow: that is no fault of a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The verdict on a commit must not hang on chance; away from CI every run looks at other examples.
settings.register_profile("ci", settings.get_profile("patient"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "patient")
