"""IAM-08: only named roles may be passed, and only to named services."""

from collections.abc import Iterator

from seatrial.rules.documents import allowing, of_kind, place, sound, unreadable
from seatrial.rules.facts.passing import PASSING, unbounded
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for policy in of_kind(view, Kind.IDENTITY):
        fault = unreadable(policy)
        yield from [fault] if fault else _policy(policy)


def _policy(policy: Policy) -> Iterator[Observation]:
    faults = [(index, fault) for index, statement in allowing(policy) if (fault := unbounded(statement))]
    for index, fault in faults:
        yield broken(policy.resource, place(policy, index), fault)
    if not faults:
        passing = any(statement.allows(PASSING) for statement in policy.statements)
        yield sound(policy, "passes named roles to named services" if passing else "passes no role")


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
