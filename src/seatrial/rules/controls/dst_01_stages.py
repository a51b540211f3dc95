"""DST-01: workloads go before nodes, nodes before what makes them ready, and all before the cluster."""

from collections.abc import Iterator

from seatrial.rules.facts.types import ADDON, NODE_GROUP
from seatrial.rules.facts.values import at
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.precedence import before, cluster_of, same_cluster
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_OF_NODES = frozenset({"vpc-cni", "kube-proxy", "eks-pod-identity-agent"})
"""Add-ons that every node needs from its first moment to its last."""


def _examine(view: View) -> Iterator[Observation]:
    groups, addons = view.of_type(NODE_GROUP), view.of_type(ADDON)
    of_nodes = [addon for addon in addons if at(addon, "addonName") in _OF_NODES]
    workloads = [addon for addon in addons if addon not in of_nodes]
    for addon in workloads:
        yield from before(view, addon, same_cluster(view, addon, groups))
    for group in groups:
        yield from before(view, group, same_cluster(view, group, of_nodes))
    for each in (*addons, *groups):
        cluster = cluster_of(view, each)
        yield from before(view, each, [cluster] if cluster else [])


RULE = Rule(
    id="DST-01",
    severity=Severity.HIGH,
    title="Deletion goes from workloads to nodes, to the network plugin, to the cluster",
    needs="a node group or an add-on",
    why=(
        "When the network plugin goes while nodes still run, their interfaces stay behind and keep the security group, "
        "the subnets and the VPC from being deleted."
    ),
    allowed="other add-ons before node groups, these before vpc-cni, kube-proxy and the agent, all before the cluster",
    remedy="give the resource that the program adds dependsOn the stage that it needs, as the platform's stages have",
    sources=cited(
        Framework.ISSUE,
        "aws/amazon-vpc-cni-k8s#608",
        "pulumi/pulumi-eks#1226",
        "terraform-aws-modules/terraform-aws-eks#285",
    ),
    examine=_examine,
)
