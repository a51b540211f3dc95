"""IAM-09: an AWS service takes a role for this account alone."""

from collections.abc import Iterator

from seatrial.rules.documents import allowing, of_kind, place, unreadable
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.roles import POD_IDENTITY_SERVICE
from seatrial.rules.facts.statements import Statement, is_bound
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import met, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_WITHOUT_SOURCE = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")
"""Services that send no source, so that a condition on one would never be met: instance profiles."""

_SOURCES = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID")


def _examine(view: View) -> Iterator[Observation]:
    for policy in of_kind(view, Kind.TRUST):
        fault = unreadable(policy)
        if fault:
            yield fault
        for index, statement in allowing(policy):
            services = statement.principals.get("Service", ())
            if statement.is_for_anyone:
                yield _anyone(policy, index, statement)
            # IAM-03 asks more of Pod Identity.
            elif services and POD_IDENTITY_SERVICE not in services:
                yield _service(policy, index, statement, ", ".join(services))


def _anyone(policy: Policy, index: int, statement: Statement) -> Observation:
    path = place(policy, index, "Principal")
    found = "everyone, bound by a condition" if is_bound(statement) else "everyone"
    return weighed(policy.resource, path, is_met=is_bound(statement), found=found)


def _service(policy: Policy, index: int, statement: Statement, who: str) -> Observation:
    path = place(policy, index, "Condition")
    if all(service in _WITHOUT_SOURCE for service in statement.principals["Service"]):
        return met(policy.resource, path, f"{who}, which sends no source")
    is_met = is_bound(statement, _SOURCES)
    return weighed(policy.resource, path, is_met=is_met, found=f"{who} for {'one' if is_met else 'any'} account")


RULE = Rule(
    id="IAM-09",
    severity=Severity.HIGH,
    title="Services take roles for this account's resources only, and nobody else at will",
    needs="a role that a service or anyone takes",
    why="Without a source, somebody else's resource can make the service use your role: the confused deputy.",
    allowed="aws:SourceAccount, or aws:SourceArn of one account; nothing for EC2, which sends neither; no principal *",
    remedy="use `trust.service_for` of the IAM documents instead of `trust.service`",
    sources=(
        *cited(Framework.CHECKOV, "CKV_AWS_60", "CKV_AWS_61"),
        *cited(Framework.ISSUE, "JamesWoolfenden/pike#139"),
    ),
    examine=_examine,
)
