"""How the answer about a connection is printed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatrial.semantics.network_policy import Decision, Explanation


def of_connection(found: "Explanation") -> Iterator[str]:
    """Give the verdict, and what decides it at each end."""
    verdict = "allowed" if found.allowed else "denied"
    yield f"{found.source} => {found.destination} : {found.protocol} {found.port}: {verdict}"
    yield f"  egress of {found.source}: {_reason(found.egress)}"
    yield f"  ingress of {found.destination}: {_reason(found.ingress)}"


def _reason(decision: "Decision") -> str:
    if not decision.isolated_by:
        return "allowed, no policy isolates it"
    isolated = f"isolated by {', '.join(decision.isolated_by)}"
    return f"{isolated}; allowed by {', '.join(decision.allowed_by)}" if decision.allowed_by else f"{isolated}; denied"
