"""How the answer about a connection is printed."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from seatrial.semantics.network_policy import Decision, Explanation

UNTOLD: Final = "can't be told before a deployment"
"""The verdict where something decides that isn't known."""


def of_connection(found: "Explanation", unknown: Sequence[str] = ()) -> Iterator[str]:
    """Give the verdict, what decides it at each end, and what isn't known that could."""
    verdict = UNTOLD if unknown else "allowed" if found.allowed else "denied"
    yield f"{found.source} => {found.destination} : {found.protocol} {found.port}: {verdict}"
    yield f"  egress of {found.source}: {_reason(found.egress)}"
    yield f"  ingress of {found.destination}: {_reason(found.ingress)}"
    for each in unknown:
        yield f"  unknown: {each}"


def _reason(decision: "Decision") -> str:
    if not decision.isolated_by:
        return "allowed, no policy isolates it"
    isolated = f"isolated by {', '.join(decision.isolated_by)}"
    return f"{isolated}; allowed by {', '.join(decision.allowed_by)}" if decision.allowed_by else f"{isolated}; denied"
