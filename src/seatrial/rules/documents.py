"""Documents that can't be read: what every rule about policies says of them."""

from collections.abc import Iterator

from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.statements import Statement
from seatrial.rules.model import Observation
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.view import View


def of_kind(view: View, *kinds: Kind) -> Iterator[Policy]:
    """Give the documents of some kinds, in the order of the plan."""
    return (policy for policy in view.policies if policy.kind in kinds)


def unreadable(policy: Policy) -> Observation | None:
    """Say that a document can't be judged; None when it can."""
    if policy.is_unknown:
        return unknown(policy.resource, policy.path)
    return broken(policy.resource, policy.path, policy.fault) if policy.fault else None


def place(policy: Policy, index: int, *keys: str) -> str:
    """Return the path of a statement, or of what it says under some keys."""
    return ".".join((f"{policy.path}.Statement[{index}]", *keys))


def allowing(policy: Policy) -> Iterator[tuple[int, Statement]]:
    """Give the statements that allow, with their places."""
    return ((index, each) for index, each in enumerate(policy.statements) if each.is_allow)


def sound(policy: Policy, found: str) -> Observation:
    """Say that a document is as it should be."""
    return met(policy.resource, policy.path, found)
