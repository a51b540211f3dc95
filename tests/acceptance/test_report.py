"""A report as text and as JUnit XML."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

from seatrial.acceptance import CASES, Report, Result, Status, junit, lines, run

REPORT = Report(
    Path("flat-outputs.json"),
    (
        Result(2, "the cluster is active", Status.FAILED, "clusterStatus is 'FAILED'; expected 'ACTIVE'"),
        Result(1, "the VPC's id has AWS's form", Status.PASSED),
        Result(1, "NAT gateway ids have AWS's form", Status.NOT_APPLICABLE, "there is none"),
    ),
)


def test_lines_are_grouped_by_part_of_the_platform() -> None:
    assert list(lines(REPORT)) == [
        "network",
        "  ok   the VPC's id has AWS's form",
        "  n/a  NAT gateway ids have AWS's form: there is none",
        "cluster",
        "  FAIL the cluster is active: clusterStatus is 'FAILED'; expected 'ACTIVE'",
        "3 cases: 1 passed, 1 failed, 1 not applicable",
    ]


def test_counts_hold_every_status() -> None:
    empty = Report(Path("x"), ())

    assert empty.counts == dict.fromkeys(Status, 0)
    assert empty.passed
    assert not REPORT.passed


def test_junit_holds_every_case() -> None:
    suite = ET.fromstring(junit(REPORT))  # noqa: S314 - written by the line above

    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    assert [(case.get("classname"), [child.tag for child in case]) for case in suite] == [
        ("seatrial.acceptance.cluster", ["failure"]),
        ("seatrial.acceptance.network", []),
        ("seatrial.acceptance.network", ["skipped"]),
    ]
    assert suite[0][0].get("message") == "clusterStatus is 'FAILED'; expected 'ACTIVE'"


def pytest_on(path: Path) -> tuple[int, str]:
    """Run the suite as a pipeline would, outside the project."""
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", "--pyargs", "seatrial.acceptance"],
        cwd=path.parent,
        env={**os.environ, "SEATRIAL_OUTPUTS": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout


def test_pytest_passes_on_a_good_platform(good: dict[str, str], write: Callable[[object], Path]) -> None:
    code, text = pytest_on(write(good))

    assert code == 0, text
    assert f"{len(CASES)} passed" in text


def test_pytest_fails_and_skips_as_the_cases_do(good: dict[str, str], write: Callable[[object], Path]) -> None:
    code, text = pytest_on(write({**good, "natGatewayIds": "[]", "clusterStatus": "FAILED"}))

    assert code == 1, text
    assert f"1 failed, {len(CASES) - 3} passed, 2 skipped" in text
    assert "clusterStatus is 'FAILED'; expected 'ACTIVE'" in text


def test_the_same_outputs_give_the_same_report(good: dict[str, str], write: Callable[[object], Path]) -> None:
    path = write(good)

    assert run(path) == run(path)
