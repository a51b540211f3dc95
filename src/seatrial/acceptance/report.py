"""Writes a report down: as lines for a person, as JUnit XML for a CI system."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from xml.etree import ElementTree as ET

from seatrial.acceptance.model import ROWS, Report, Result, Status

_MARKS = {Status.PASSED: "ok  ", Status.FAILED: "FAIL", Status.NOT_APPLICABLE: "n/a "}


def lines(report: Report) -> Iterator[str]:
    """Give the report as text: every case under its part of the platform, and a line of counts at the end."""
    for row, results in groupby(sorted(report.cases, key=attrgetter("row")), key=attrgetter("row")):
        yield ROWS[row]
        yield from (f"  {_line(result)}" for result in results)
    yield summary(report)


def summary(report: Report) -> str:
    """Give the counts: ``56 cases: 55 passed, 0 failed, 1 not applicable``."""
    counted = ", ".join(f"{count} {status}" for status, count in report.counts.items())
    return f"{len(report.cases)} cases: {counted}"


def junit(report: Report) -> str:
    """Give the report as JUnit XML, which CI systems read; a case that doesn't apply is a skipped test."""
    counts = report.counts
    suite = ET.Element(
        "testsuite",
        name="seatrial acceptance",
        tests=str(len(report.cases)),
        failures=str(counts[Status.FAILED]),
        errors="0",
        skipped=str(counts[Status.NOT_APPLICABLE]),
    )
    for result in report.cases:
        _add(suite, result)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)


def _line(result: Result) -> str:
    text = f"{_MARKS[result.status]} {result.name}"
    return f"{text}: {result.detail}" if result.detail else text


def _add(suite: ET.Element, result: Result) -> None:
    element = ET.SubElement(suite, "testcase", classname=f"seatrial.acceptance.{ROWS[result.row]}", name=result.name)
    if result.status is Status.FAILED:
        ET.SubElement(element, "failure", message=result.detail)
    if result.status is Status.NOT_APPLICABLE:
        ET.SubElement(element, "skipped", message=result.detail)
