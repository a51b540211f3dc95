"""The suite as pytest tests, one a case, for pipelines that speak pytest.

``SEATRIAL_OUTPUTS=FILE pytest --pyargs seatrial.acceptance``; pytest itself is the caller's to install.
"""

import os
from pathlib import Path

import pytest

from seatrial.acceptance.cases import CASES
from seatrial.acceptance.model import Case, Status
from seatrial.acceptance.outputs import DEFAULT_PATH
from seatrial.acceptance.runner import run


@pytest.fixture(scope="module")
def outputs() -> Path:
    """Return the outputs file: ``SEATRIAL_OUTPUTS``, or where a rehearsal writes it."""
    return Path(os.environ.get("SEATRIAL_OUTPUTS", DEFAULT_PATH))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outputs(case: Case, outputs: Path) -> None:
    """Pass, fail or skip as the case does."""
    (result,) = run(outputs, [case]).cases
    if result.status is Status.NOT_APPLICABLE:
        pytest.skip(result.detail)
    if result.status is Status.FAILED:
        pytest.fail(result.detail, pytrace=False)
