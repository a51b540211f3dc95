"""Whether a statement that lets somebody pass roles to services says which, and to which."""

from typing import Final

from seatrial.rules.facts.statements import Statement

PASSING: Final = "iam:PassRole"

_TO: Final = "iam:PassedToService"


def unbounded(statement: Statement) -> str:
    """Return what a statement leaves open about passing roles; empty where it names both ends, or passes none."""
    if not statement.allows(PASSING):
        return ""
    wide = [each for each in statement.resources if "*" in each or "?" in each]
    if wide or not statement.resources:
        return f"{PASSING} of {', '.join(wide) or 'all but some roles'}"
    services = (*statement.pinned(("StringEquals",), _TO), *_spelled_out(statement.pinned(("StringLike",), _TO)))
    return "" if services else f"{PASSING} to any service"


def _spelled_out(patterns: tuple[str, ...]) -> tuple[str, ...]:
    return () if any("*" in each or "?" in each for each in patterns) else patterns
