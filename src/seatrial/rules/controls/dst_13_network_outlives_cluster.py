"""DST-13: the network goes last, and nothing holds the security group that EKS made."""

from collections.abc import Iterator, Mapping

from seatrial.plan import Resource, Value
from seatrial.rules.facts.types import CLUSTER, NODE_GROUP, SUBNET, VPC
from seatrial.rules.facts.values import text, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        yield from before(view, cluster, _network(view, cluster, "vpcConfig.subnetIds"))
        for user in _users(view, cluster):
            yield from before(view, user, [cluster])
    for group in view.of_type(NODE_GROUP):
        subnets = view.references.of(group, "subnetIds", SUBNET).resources
        yield from before(view, group, _network(view, group, "subnetIds"))
        ways = {default.route.urn: default.route for each in subnets for default in view.routing.defaults(each)}
        yield from before(view, group, ways.values())


def _network(view: View, resource: Resource, path: str) -> list[Resource]:
    subnets = view.references.of(resource, path, SUBNET).resources
    vpcs = {vpc.urn: vpc for each in subnets for vpc in view.references.of(each, "vpcId", VPC).resources}
    return [*subnets, *vpcs.values()]


def _users(view: View, cluster: Resource) -> list[Resource]:
    """Return what names the security group that EKS made for a cluster."""
    group = text(within(cluster.outputs, "vpcConfig.clusterSecurityGroupId"))
    others = (each for each in view.plan if each.custom and each.urn != cluster.urn)
    return [each for each in others if group and _mentions(each.inputs, group)]


def _mentions(value: Value, word: str) -> bool:
    match value:
        case Mapping():
            return any(_mentions(each, word) for each in value.values())
        case tuple():
            return any(_mentions(each, word) for each in value)
        case _:
            return value == word


RULE = Rule(
    id="DST-13",
    severity=Severity.HIGH,
    title="The network outlives the cluster, and nothing outlives the cluster in its security group",
    needs="a cluster or a node group",
    why=(
        "Nodes that lose their way to AWS while they are drained can't leave; a rule or endpoint that still names the "
        "group that EKS made keeps it, and with it the VPC, from being deleted."
    ),
    allowed="cluster and node groups depend on their subnets and VPC, groups on their routes too; users of the group "
    "depend on the cluster",
    remedy="give what the program adds dependsOn the network component, or take the group's id from the cluster",
    sources=cited(Framework.ISSUE, "hashicorp/terraform-provider-aws#11473", "hashicorp/terraform-provider-aws#20925"),
    examine=_examine,
)
