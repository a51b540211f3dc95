"""IAM-08: only named roles may be passed, and only to named services."""

from collections.abc import Iterator

from seatrial.rules.documents import allowing, of_kind, place, sound, unreadable
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.statements import Statement
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_ACTION = "iam:PassRole"


def _examine(view: View) -> Iterator[Observation]:
    for policy in of_kind(view, Kind.IDENTITY):
        yield unreadable(policy) or _policy(policy)


def _policy(policy: Policy) -> Observation:
    for index, statement in allowing(policy):
        fault = _fault(statement)
        if fault:
            return broken(policy.resource, place(policy, index), fault)
    passing = any(statement.allows(_ACTION) for statement in policy.statements)
    return sound(policy, "passes named roles to named services" if passing else "passes no role")


def _fault(statement: Statement) -> str:
    if not statement.allows(_ACTION):
        return ""
    wide = [each for each in statement.resources if "*" in each or "?" in each]
    if wide or not statement.resources:
        return f"{_ACTION} of {', '.join(wide) or 'all but some roles'}"
    services = statement.pinned(("StringEquals",), "iam:PassedToService")
    return "" if services else f"{_ACTION} to any service"


RULE = Rule(
    id="IAM-08",
    severity=Severity.HIGH,
    title="Roles are passed by name, to services by name",
    needs="a policy",
    why="Who may pass any role to a service that runs code of his has every role of the account.",
    allowed="iam:PassRole of roles by full ARN, with StringEquals iam:PassedToService; or not at all",
    remedy="name roles and service in the policy that the program adds; none of the platform's own passes a role",
    sources=cited(Framework.TRIVY, "AWS-0342"),
    examine=_examine,
)
