"""IAM-06: what a policy lets change, it names."""

from collections.abc import Iterator

from seatrial.rules.documents import allowing, of_kind, place, sound, unreadable
from seatrial.rules.facts import authorization
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.statements import Statement
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for policy in of_kind(view, Kind.IDENTITY):
        fault = unreadable(policy)
        if fault:
            yield fault
        else:
            yield from _policy(policy)


def _policy(policy: Policy) -> Iterator[Observation]:
    wide = [(index, action) for index, statement in allowing(policy) for action in _wide(statement)]
    for index, action in wide:
        yield broken(policy.resource, place(policy, index, f"Resource[{action}]"), f"{action} of everything")
    if not wide:
        yield sound(policy, "what it changes is named, or bound by a condition")


def _wide(statement: Statement) -> tuple[str, ...]:
    """Return the actions that a statement allows on everything, though they know names."""
    if statement.conditions or not statement.is_of_everything:
        return ()
    return tuple(sorted({each for action in statement.actions for each in authorization.changing(action)}))


RULE = Rule(
    id="IAM-06",
    severity=Severity.HIGH,
    title="What a policy lets change is named, or bound by a condition",
    needs="a policy",
    why="An asterisk reaches what belongs to others in the account: other clusters, other teams, what comes later.",
    allowed="ARNs, or a condition, for every action that writes and that AWS can limit to resources",
    remedy="write the ARNs into the policy that the program adds, or limit it by a tag; the platform's own do",
    sources=(
        *cited(Framework.CHECKOV, "CKV_AWS_111", "CKV_AWS_290", "CKV_AWS_355", "CKV_AWS_356"),
        *cited(Framework.AWS, "Service Authorization Reference"),
    ),
    examine=_examine,
)
