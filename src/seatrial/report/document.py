"""An outcome as JSON: the format that other programs read."""

import json
from typing import TypeAlias

from seatrial.rules import Finding, Outcome, Result, Status, Waived

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"


def render(outcome: Outcome) -> str:
    """Write an outcome as a JSON document; the keys and their order are a promise."""
    return json.dumps(document(outcome), indent=2, ensure_ascii=False) + "\n"


def document(outcome: Outcome) -> Json:
    """Return the document before it is text."""
    return {
        "project": outcome.project,
        "stack": outcome.stack,
        "day": outcome.day.isoformat(),
        "resources": outcome.resources,
        "findings": len(outcome.findings),
        "counts": {status.value: outcome.count(status) for status in Status},
        "results": [_result(result) for result in outcome.results],
        "unusedWaivers": [{"rule": each.rule, "resource": each.resource} for each in outcome.unused],
    }


def _result(result: Result) -> Json:
    rule = result.rule
    return {
        "rule": rule.id,
        "severity": rule.severity.value,
        "title": rule.title,
        "status": result.status.value,
        "reason": result.reason,
        "findings": [_finding(finding) for finding in result.findings],
        "waived": [_waived(waived) for waived in result.waived],
        "evidence": [{"urn": each.urn, "path": each.path, "found": each.found} for each in result.evidence],
        "sources": [{"framework": source.framework.value, "id": source.id} for source in rule.sources],
    }


def _finding(finding: Finding) -> "dict[str, Json]":
    return {
        "identity": finding.identity,
        "urn": finding.urn,
        "path": finding.path,
        "found": finding.found,
        "allowed": finding.allowed,
        "remedy": finding.remedy,
        "unknown": finding.unknown,
    }


def _waived(waived: Waived) -> Json:
    waiver = waived.waiver
    terms: Json = {
        "resource": waiver.resource,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires,
    }
    return {**_finding(waived.finding), "waiver": terms}
