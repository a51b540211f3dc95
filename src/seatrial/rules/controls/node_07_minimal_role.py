"""NODE-07: the role of nodes can do what a node does and no more."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts import node_classes
from seatrial.rules.facts.types import NODE_GROUP, ROLE, ROLE_POLICY
from seatrial.rules.facts.values import at, entries, texts
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_WORKER = frozenset({"AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"})
_ALLOWED = _WORKER | {"AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"}


def _examine(view: View) -> Iterator[Observation]:
    groups = view.of_type(NODE_GROUP)
    roles = {role.urn: role for group in groups for role in view.references.of(group, "nodeRoleArn", ROLE).resources}
    roles |= {role.urn: role for role in node_classes.roles(view.objects, view.references)}
    for group in groups:
        role = view.references.of(group, "nodeRoleArn", ROLE)
        if not role.is_settled:
            yield unknown(group, "nodeRoleArn", f"{', '.join(role.strangers) or 'a role'}, which the plan doesn't tell")
    for role in roles.values():
        yield from _role(view, role)
    if roles:
        for loose in view.roles.loose:
            yield unknown(loose, "role")


def _role(view: View, role: Resource) -> Iterator[Observation]:
    attached: set[str] = set()
    for each in view.roles.of_role(role):
        if each.type != ROLE_POLICY:
            yield judged(each, "policyArn", lambda value: _name(value) in _ALLOWED)
            attached.add(_name(at(each, "policyArn")))
        else:
            yield broken(each, "policy", f"an inline policy on {role.name}", allowed="no inline policy")
    for path, _ in entries(role, "inlinePolicies"):
        yield broken(role, path, "an inline policy", allowed="no inline policy")
    for index, arn in enumerate(texts(at(role, "managedPolicyArns"))):
        yield judged(role, f"managedPolicyArns[{index}]", lambda value: _name(value) in _ALLOWED)
        attached.add(_name(arn))
    has_worker = not attached.isdisjoint(_WORKER)
    found = ", ".join(sorted(attached - {""})) or "nothing that AWS keeps"
    yield weighed(role, "", is_met=has_worker, found=found, allowed=f"one of {', '.join(sorted(_WORKER))}")


def _name(arn: object) -> str:
    """Return the name of a policy that AWS keeps; empty for any other."""
    account, _, name = str(arn).partition(":policy/")
    return name if account.endswith(":iam::aws") else ""


RULE = Rule(
    id="NODE-07",
    severity=Severity.HIGH,
    title="The nodes' role can pull images, join and be managed, and nothing else",
    needs="a node group",
    why=(
        "Whatever breaks out of a pod is the node, and every node has the same role. With the CNI policy it could "
        "move any network interface of the account."
    ),
    allowed=f"{', '.join(sorted(_ALLOWED))}, all kept by AWS",
    remedy="give the permission to the workload's own role; the platform's add-ons each have one",
    sources=(
        *cited(Framework.CIS_EKS, "5.1.3"),
        *cited(Framework.HARDENEKS, "check_aws_node_daemonset_service_account"),
        *cited(Framework.PRACTICES, "Identity and Access Management"),
    ),
    examine=_examine,
)
