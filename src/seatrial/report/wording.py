"""The words that every report has in common."""

from collections.abc import Iterable

from seatrial.rules import Finding, Outcome, Result, Status

_WORDS = {
    Status.PASSED: "passed",
    Status.WAIVED: "waived",
    Status.NOT_APPLICABLE: "not applicable",
}


def counted(count: int, noun: str) -> str:
    """Write ``1 finding``, ``2 findings``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def summary(outcome: Outcome) -> str:
    """Write one line: how the rules ended."""
    failed = outcome.count(Status.FAILED)
    others = [f"{outcome.count(status)} {_WORDS[status]}" for status in _WORDS]
    told = ", ".join(each for each in others if not each.startswith("0 "))
    if failed:
        findings = counted(len(outcome.findings), "finding")
        return f"{counted(failed, 'rule')} failed with {findings}; {told or 'none passed'}"
    return f"all is well: {told or 'no rule'}"


def subject(outcome: Outcome) -> str:
    """Name what was checked."""
    return f"{outcome.project}/{outcome.stack}, {counted(outcome.resources, 'resource')}"


def worst_first(results: Iterable[Result]) -> list[Result]:
    """Sort by how they ended, then by severity, then by id."""
    statuses = tuple(Status)
    return sorted(results, key=lambda each: (statuses.index(each.status), each.rule.severity.rank, each.rule.id))


def place(finding: Finding) -> str:
    """Name the resource and property of a finding."""
    return f"{finding.name} {finding.path}".strip()


def sentence(finding: Finding) -> str:
    """Write a finding as one line."""
    return f"{place(finding)}: found {finding.found}; allowed: {finding.allowed}"
