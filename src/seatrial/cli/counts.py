"""What an operation did, in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatrial.rehearsal.events import Change

_WORDS = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted"}
"""The engine's words for what it did, as a sentence has them."""


def changes(counts: Mapping[str, int]) -> str:
    """Write ``3 created, 1 updated, 80 unchanged``; ``nothing changed`` where that is so."""
    told = [f"{counts[kind]} {word}" for kind, word in _WORDS.items() if counts.get(kind)]
    unchanged = [f"{counts['same']} unchanged"] if counts.get("same") else []
    return ", ".join([*(told or ["nothing changed"]), *unchanged])


def told(change: "Change") -> str:
    """Write ``update eks-vpc-dev (aws:ec2/vpc:Vpc): tags``."""
    differing = f": {', '.join(change.properties)}" if change.properties else ""
    return f"{change.kind} {change.resource}{differing}"
