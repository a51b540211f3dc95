"""NET-01: nodes run where the internet can't reach them."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts import node_classes
from seatrial.rules.facts.types import FARGATE_PROFILE, NODE_GROUP, SUBNET
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, unknown
from seatrial.rules.privacy import privacy
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for group in view.of_type(NODE_GROUP, FARGATE_PROFILE):
        yield from _group(view, group)
    for each in node_classes.classes(view.objects):
        for term in node_classes.terms(each, view.routing.subnets):
            if term.is_unknown:
                yield unknown(each, term.path, "subnets that the plan doesn't tell")
            for subnet in term.subnets:
                yield privacy(view, each, f"{term.path}.{subnet.name}", subnet)


def _group(view: View, group: Resource) -> Iterator[Observation]:
    subnets = view.references.of(group, "subnetIds", SUBNET)
    if subnets.is_unknown:
        yield unknown(group, "subnetIds")
    for stranger in subnets.strangers:
        yield broken(group, "subnetIds", f"{stranger}, which isn't in the plan", allowed="subnets of the plan")
    for index, subnet in enumerate(subnets.resources):
        yield privacy(view, group, f"subnetIds[{index}]", subnet)


RULE = Rule(
    id="NET-01",
    severity=Severity.CRITICAL,
    title="Nodes are in private subnets only",
    needs="a node group",
    why="A node with a way in from the internet offers kubelet, node ports and every host port to it.",
    allowed="subnets whose route table has no way to an internet gateway",
    remedy="the platform puts nodes into its private subnets; change the subnets or routes that the program adds",
    sources=(
        *cited(Framework.CIS_EKS, "5.4.3"),
        *cited(Framework.KUBESCAPE, "C-0229"),
        *cited(Framework.PROWLER, "eks_cluster_private_nodes_enabled"),
        *cited(Framework.PRACTICES, "VPC and Subnet Considerations"),
    ),
    examine=_examine,
)
