"""NET-10: nodes and control plane reach each other on the ports that Kubernetes needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.plan import Resource
from seatrial.rules.facts.firewall import Opening, holds
from seatrial.rules.facts.types import CLUSTER, NODE_GROUP, VPC
from seatrial.rules.facts.values import at, entries, is_unknown, text, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import met, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


@dataclass(frozen=True, slots=True)
class _Flow:
    """Traffic without which a cluster doesn't work."""

    name: str
    from_nodes: bool
    to_nodes: bool
    protocol: str
    port: int


_FLOWS = (
    _Flow("nodes to the API", from_nodes=True, to_nodes=False, protocol="tcp", port=443),
    _Flow("the API to kubelet", from_nodes=False, to_nodes=True, protocol="tcp", port=10250),
    _Flow("the API to webhooks", from_nodes=False, to_nodes=True, protocol="tcp", port=9443),
    _Flow("node to node for DNS", from_nodes=True, to_nodes=True, protocol="udp", port=53),
    _Flow("node to node for DNS", from_nodes=True, to_nodes=True, protocol="tcp", port=53),
)


def _examine(view: View) -> Iterator[Observation]:
    for group in view.of_type(NODE_GROUP):
        yield from _group(view, group)


def _group(view: View, group: Resource) -> Iterator[Observation]:
    template = view.references.launch_template(group)
    cluster = view.references.of(group, "clusterName", CLUSTER).one
    if template.is_unknown or template.strangers or cluster is None:
        yield unknown(group, "launchTemplate", "which security groups the nodes get isn't in the plan")
        return
    paths = [(each, path) for each in template.resources for path in _paths(each)]
    if not paths:
        yield met(group, "launchTemplate", "no security group of their own: EKS gives nodes and API one in common")
    for holder, path in paths:
        yield _flows(view, cluster, holder, path)


def _paths(template: Resource) -> Iterator[str]:
    """Give the properties that name security groups, any of which keeps EKS from adding its own."""
    for path in (
        "vpcSecurityGroupIds",
        *(f"{path}.securityGroups" for path, _ in entries(template, "networkInterfaces")),
    ):
        if at(template, path):
            yield path


def _flows(view: View, cluster: Resource, template: Resource, path: str) -> Observation:
    shared = text(within(cluster.outputs, "vpcConfig.clusterSecurityGroupId"))
    if is_unknown(at(template, path)) or not shared:
        return unknown(template, path)
    nodes = set(view.firewall.keys(template, path))
    api = {shared, *view.firewall.keys(cluster, "vpcConfig.securityGroupIds")}
    closed: list[str] = []
    for flow in _FLOWS:
        sources, targets = nodes if flow.from_nodes else api, nodes if flow.to_nodes else api
        if not (_leaves(view, sources, targets, shared, flow) and _enters(view, sources, targets, shared, flow)):
            closed.append(f"{flow.name} on {flow.protocol} {flow.port}")
    return weighed(template, path, is_met=not closed, found=f"closed: {', '.join(closed) or 'nothing that is needed'}")


def _leaves(view: View, sources: set[str], targets: set[str], shared: str, flow: _Flow) -> bool:
    """Tell whether a source's group lets the traffic out; EKS's lets everything out."""
    return shared in sources or any(
        _opens(view, opening, targets, flow)
        for group in sources
        for opening in view.firewall.of_group(group, is_ingress=False)
    )


def _enters(view: View, sources: set[str], targets: set[str], shared: str, flow: _Flow) -> bool:
    """Tell whether a target's group lets the traffic in; EKS's admits its own members."""
    return (shared in sources and shared in targets) or any(
        _opens(view, opening, sources, flow)
        for group in targets
        for opening in view.firewall.of_group(group, is_ingress=True)
    )


def _opens(view: View, opening: Opening, others: set[str], flow: _Flow) -> bool:
    if not opening.is_for(flow.protocol, flow.port):
        return False
    networks = [text(at(vpc, "cidrBlock")) for vpc in view.of_type(VPC)]
    is_near = any(holds(range_, network) for range_ in opening.ranges for network in networks)
    return is_near or not others.isdisjoint(opening.groups)


RULE = Rule(
    id="NET-10",
    severity=Severity.HIGH,
    title="Security groups let nodes and control plane reach each other",
    needs="a node group",
    why="Nodes that can't reach the API never join; an API that can't reach nodes has no logs, no exec, no webhooks.",
    allowed="443 to the API; 10250 and 9443 to nodes; 53 between nodes; or EKS's own group on the nodes",
    remedy="the platform leaves the groups to EKS; add EKS's group to the launch template that the program changes",
    sources=(
        *cited(Framework.AWS, "View Amazon EKS security group requirements for clusters"),
        *cited(Framework.PRACTICES, "Network security"),
    ),
    examine=_examine,
)
