"""IAM-03: a role for Pod Identity trusts it for this cluster and account."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.documents import of_kind, place, unreadable
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.roles import POD_IDENTITY_SERVICE
from seatrial.rules.facts.statements import Statement
from seatrial.rules.facts.types import ADDON, CLUSTER, POD_IDENTITY, ROLE
from seatrial.rules.facts.values import entries, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_ACTIONS = {"sts:assumerole", "sts:tagsession"}
_ARN_OPERATORS = ("ArnEquals", "ArnLike", "StringEquals", "StringLike")


def _examine(view: View) -> Iterator[Observation]:
    associated = {
        role.urn for holder, path in _associations(view) for role in view.references.of(holder, path, ROLE).resources
    }
    for policy in of_kind(view, Kind.TRUST):
        ours = [(index, each) for index, each in enumerate(policy.statements) if _is_ours(each)]
        for index, statement in ours:
            yield from _trust(view, policy, index, statement)
        if not ours and policy.resource.urn in associated:
            yield unreadable(policy) or broken(policy.resource, policy.path, f"no trust in {POD_IDENTITY_SERVICE}")


def _associations(view: View) -> Iterator[tuple[Resource, str]]:
    """Give where a role is associated with a service account: by itself, or with an add-on."""
    yield from ((association, "roleArn") for association in view.of_type(POD_IDENTITY))
    for addon in view.of_type(ADDON):
        yield from ((addon, f"{path}.roleArn") for path, _ in entries(addon, "podIdentityAssociations"))


def _is_ours(statement: Statement) -> bool:
    return statement.is_allow and POD_IDENTITY_SERVICE in statement.principals.get("Service", ())


def _trust(view: View, policy: Policy, index: int, statement: Statement) -> Iterator[Observation]:
    actions = {action.lower() for action in statement.actions}
    yield weighed(
        policy.resource,
        place(policy, index, "Action"),
        is_met=actions == _ACTIONS,
        found=", ".join(statement.actions) or "no action",
        allowed="sts:AssumeRole and sts:TagSession",
    )
    clusters = {text(cluster.outputs.get("arn")) for cluster in view.of_type(CLUSTER)}
    sources = statement.pinned(_ARN_OPERATORS, "aws:SourceArn")
    path = place(policy, index, "Condition.aws:SourceArn")
    if not clusters - {""}:
        yield unknown(policy.resource, path)
    else:
        is_met = bool(sources) and set(sources) <= clusters
        yield weighed(policy.resource, path, is_met=is_met, found=", ".join(sources) or "no condition")
    yield _account(view, policy, index, statement)


def _account(view: View, policy: Policy, index: int, statement: Statement) -> Observation:
    pinned = statement.pinned(("StringEquals", "StringLike"), "aws:SourceAccount")
    own = {text(cluster.outputs.get("arn")).split(":")[4] for cluster in view.of_type(CLUSTER) if _has_arn(cluster)}
    is_met = bool(pinned) and (set(pinned) <= own if own else all(map(str.isdigit, pinned)))
    path = place(policy, index, "Condition.aws:SourceAccount")
    return weighed(policy.resource, path, is_met=is_met, found=", ".join(pinned) or "no condition")


def _has_arn(cluster: Resource) -> bool:
    return bool(text(cluster.outputs.get("arn")))


RULE = Rule(
    id="IAM-03",
    severity=Severity.CRITICAL,
    title="A role for Pod Identity trusts it for this cluster only",
    needs="a role for Pod Identity",
    why="Without the conditions any cluster of any account that can name the role hands it to its pods.",
    allowed="sts:AssumeRole and sts:TagSession, aws:SourceArn the cluster's ARN, aws:SourceAccount the account",
    remedy="use `trust.service_for` of the IAM documents with the cluster's ARN, and add sts:TagSession",
    sources=(
        *cited(Framework.AWS, "Create IAM role with trust policy required by EKS Pod Identity"),
        *cited(Framework.ISSUE, "JamesWoolfenden/pike#139"),
    ),
    examine=_examine,
)
