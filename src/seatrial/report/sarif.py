"""An outcome as SARIF 2.1.0, which code forges show beside the code (OASIS, "Static Analysis Results Interchange")."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Final

from seatrial.report import wording
from seatrial.report.document import Json
from seatrial.rules import Finding, Outcome, Rule, Severity, Status, Waived

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}

_SCORES: Final = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
"""How GitHub sorts security results: CVSS bands of the same names."""


def render(outcome: Outcome) -> str:
    """Write an outcome as one run; waived findings are suppressed results."""
    log: Json = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(outcome)]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _run(outcome: Outcome) -> Json:
    rules = [result.rule for result in outcome.results]
    driver: Json = {
        "name": "seatrial",
        "semanticVersion": version("seatrial"),
        "rules": [_rule(rule) for rule in rules],
    }
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"seatrial/{outcome.project}/{outcome.stack}/"},
        "invocations": [{"executionSuccessful": True}],
        "results": list(_results(outcome)),
    }


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in re.findall(r"\w+", rule.title)),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"Allowed: {rule.allowed}. To mend: {rule.remedy}."},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", *map(str, rule.sources)],
            "security-severity": _SCORES[rule.severity],
        },
    }


def _results(outcome: Outcome) -> Iterator[Json]:
    for index, result in enumerate(outcome.results):
        for finding in result.findings:
            yield _result(outcome, result.rule, index, finding)
        for waived in result.waived:
            yield {**_result(outcome, result.rule, index, waived.finding), "suppressions": [_suppression(waived)]}
        if result.status in {Status.PASSED, Status.NOT_APPLICABLE}:
            is_passed = result.status is Status.PASSED
            said = f"{wording.counted(len(result.evidence), 'observation')}" if is_passed else result.reason
            yield {
                "ruleId": result.rule.id,
                "ruleIndex": index,
                "kind": "pass" if is_passed else "notApplicable",
                "level": "none",
                "message": {"text": said},
                "locations": [_location(outcome, "", "")],
            }


def _result(outcome: Outcome, rule: Rule, index: int, finding: Finding) -> dict[str, Json]:
    return {
        "ruleId": rule.id,
        "ruleIndex": index,
        "kind": "open" if finding.unknown else "fail",
        "level": "none" if finding.unknown else _LEVELS[rule.severity],
        "message": {"text": f"{wording.sentence(finding)}. To mend: {finding.remedy}."},
        "locations": [_location(outcome, finding.urn, finding.path)],
        "partialFingerprints": {"seatrialIdentity/v1": finding.identity},
    }


def _location(outcome: Outcome, urn: str, path: str) -> Json:
    """Point at the stack file, where a finding is mended, and name the resource."""
    file: Json = {"artifactLocation": {"uri": f"Pulumi.{outcome.stack}.yaml"}, "region": {"startLine": 1}}
    if not urn:
        return {"physicalLocation": file}
    named: Json = {"name": urn.rpartition("::")[2], "fullyQualifiedName": f"{urn}#{path}", "kind": "resource"}
    return {"physicalLocation": file, "logicalLocations": [named]}


def _suppression(waived: Waived) -> Json:
    waiver = waived.waiver
    said = f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"
    return {"kind": "external", "status": "accepted", "justification": said}
