"""An outcome as JUnit's XML, which every pipeline shows: a suite for each area, a case for each rule."""

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from seatrial.report import wording
from seatrial.rules import Outcome, Result, Status


def render(outcome: Outcome) -> str:
    """Write an outcome; rules that don't apply, and waived ones, count as skipped with the reason."""
    root = ET.Element("testsuites", _attributes(f"seatrial check {outcome.project}/{outcome.stack}", outcome.results))
    for area, results in groupby(outcome.results, key=lambda result: result.rule.area):
        _suite(root, area, tuple(results))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, area: str, results: Sequence[Result]) -> None:
    suite = ET.SubElement(root, "testsuite", _attributes(area, results))
    for result in results:
        rule = result.rule
        case = ET.SubElement(suite, "testcase", classname=f"seatrial.{area}", name=f"{rule.id} {rule.title}", time="0")
        _outcome(case, result)


def _outcome(case: ET.Element, result: Result) -> None:
    if result.status is Status.FAILED:
        message = wording.counted(len(result.findings), "finding")
        failure = ET.SubElement(case, "failure", type=result.rule.severity.value, message=message)
        failure.text = "\n".join(f"{wording.sentence(each)}; to mend: {each.remedy}" for each in result.findings)
    elif result.status is Status.WAIVED:
        reasons = sorted({f"waived until {each.waiver.expires}: {each.waiver.reason}" for each in result.waived})
        ET.SubElement(case, "skipped", message="; ".join(reasons))
    elif result.status is Status.NOT_APPLICABLE:
        ET.SubElement(case, "skipped", message=result.reason)
    else:
        ET.SubElement(case, "system-out").text = "\n".join(
            f"{each.urn.rpartition('::')[2]} {each.path}: {each.found}" for each in result.evidence
        )


def _attributes(name: str, results: Sequence[Result]) -> dict[str, str]:
    skipped = (Status.NOT_APPLICABLE, Status.WAIVED)
    return {
        "name": name,
        "tests": str(len(results)),
        "failures": str(sum(result.status is Status.FAILED for result in results)),
        "errors": "0",
        "skipped": str(sum(result.status in skipped for result in results)),
        "time": "0",
    }
