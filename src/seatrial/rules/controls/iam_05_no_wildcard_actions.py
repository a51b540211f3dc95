"""IAM-05: no identity may do everything, or everything of a service."""

from collections.abc import Iterator

from seatrial.plan import Resource, Value
from seatrial.rules.documents import allowing, of_kind, place, sound, unreadable
from seatrial.rules.facts.kept_policies import excess
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.statements import Statement
from seatrial.rules.facts.types import ATTACHMENTS, ROLE
from seatrial.rules.facts.values import at, text, texts
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_WIDE = ("AdministratorAccess", "PowerUserAccess", "FullAccess")
"""How the names of AWS's own policies with whole services end."""


def _examine(view: View) -> Iterator[Observation]:
    for policy in of_kind(view, Kind.IDENTITY):
        fault = unreadable(policy)
        yield from [fault] if fault else _policy(policy)
    for attachment in view.of_type(*ATTACHMENTS):
        yield judged(attachment, "policyArn", _is_narrow)
    for role in view.of_type(ROLE):
        yield from _managed(role)


def _policy(policy: Policy) -> Iterator[Observation]:
    wide = [(index, *found) for index, statement in allowing(policy) for found in _wide(statement)]
    for index, key, found in wide:
        yield broken(policy.resource, place(policy, index, key), found)
    if not wide:
        yield sound(policy, "every action is named")


def _wide(statement: Statement) -> Iterator[tuple[str, str]]:
    if statement.not_actions:
        yield "NotAction", f"everything but {', '.join(statement.not_actions)}"
    wide = [action for action in statement.actions if _is_wide(action)]
    if wide:
        yield "Action", ", ".join(wide)


def _is_wide(action: str) -> bool:
    """Tell whether a pattern matches every action of some service."""
    service, colon, name = action.partition(":")
    return not colon or "*" in service or not name.strip("*?")


def _managed(role: Resource) -> Iterator[Observation]:
    for index, _ in enumerate(texts(at(role, "managedPolicyArns"))):
        yield judged(role, f"managedPolicyArns[{index}]", _is_narrow)


def _is_narrow(value: Value) -> bool:
    return not excess(text(value)).is_wide and not text(value).endswith(_WIDE)


RULE = Rule(
    id="IAM-05",
    severity=Severity.HIGH,
    title="No policy allows everything, a whole service, or all but a list",
    needs="a policy",
    why="Who takes such an identity has all that AWS adds to it later, too.",
    allowed="actions by name, or by a prefix such as Describe*",
    remedy="name the actions in the policy that the program adds; the platform's own do",
    sources=(
        *cited(Framework.FSBP, "IAM.1", "IAM.21"),
        *cited(Framework.CHECKOV, "CKV_AWS_1", "CKV_AWS_49", "CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_274", "CKV_AWS_275"),
        *cited(Framework.CHECKOV, "CKV2_AWS_40", "CKV2_AWS_56"),
        *cited(Framework.TRIVY, "AWS-0057"),
    ),
    examine=_examine,
)
