"""Every pod of the admission plugin's own test data, as the plugin decides about it."""

from pathlib import Path

import pytest

from seatrial.errors import Fault
from seatrial.semantics import documents
from seatrial.semantics.pod_security import violations

FOLDER = Path(__file__).parents[2].parent / "shared/vectors/pod-security"

REPLACED = {
    "capabilities_baseline": "capabilities_restricted",
    "hostpathvolumes": "restrictedvolumes",
    "procmount": "procmount_restricted",
    "seccompprofile_baseline": "seccompprofile_restricted",
}
"""Baseline checks whose part a restricted check plays at that level."""

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no test data of pod-security-admission in {FOLDER}")

folders = pytest.mark.parametrize(
    ("level", "version"), [path.parts[-2:] for path in sorted(FOLDER.glob("*/v*"))], ids="-".join
)


def verdicts(level: str, version: str, kind: str) -> dict[str, set[str]]:
    """Ids of the checks that refuse each pod, by the name of its file."""
    files = sorted((FOLDER / level / version / kind).glob("*.yaml"))
    faults: list[Fault] = []
    pods = {path.stem: documents.parse(path.read_text(), path.name, faults)[0].value for path in files}
    assert faults == []
    return {name: {found.check.lower() for found in violations(pod, level, version)} for name, pod in pods.items()}


@folders
def test_what_the_plugin_admits_has_no_violations(level: str, version: str) -> None:
    found = verdicts(level, version, "pass")

    assert found
    assert {name: checks for name, checks in found.items() if checks} == {}


@folders
def test_what_the_plugin_refuses_violates_the_check_that_the_file_is_named_after(level: str, version: str) -> None:
    found = verdicts(level, version, "fail")

    named = {name: name.rstrip("0123456789") for name in found}
    missed = {name for name, checks in found.items() if not {named[name], REPLACED.get(named[name])} & checks}
    assert found
    assert missed == set()
