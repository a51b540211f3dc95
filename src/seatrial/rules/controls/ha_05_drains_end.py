"""HA-05: every node can be drained."""

from collections.abc import Iterator

from seatrial.rules import capacity
from seatrial.rules.facts.types import CLUSTER, NODE_GROUP
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics import scheduling


def _examine(view: View) -> Iterator[Observation]:
    clusters = view.of_type(CLUSTER)
    if len(clusters) != 1 or not view.of_type(NODE_GROUP):
        return
    found = capacity.of_view(view)
    if found.fault:
        yield unknown(clusters[0], "nodes", found.fault)
        return
    placed = scheduling.schedule(found.workloads, (node for group in found.groups for node in group.nodes()))
    for node in placed.nodes:
        drained = scheduling.drain(placed, node.name, found.workloads.budgets)
        path = f"nodes.{node.name}"
        if drained.blocked:
            yield broken(clusters[0], path, "; ".join(map(str, drained.blocked)))
        else:
            yield met(clusters[0], path, f"{len(drained.evicted)} pods move away")


RULE = Rule(
    id="HA-05",
    severity=Severity.MEDIUM,
    title="Every node can be drained",
    needs="a cluster with node groups",
    why="An upgrade replaces node by node: a pod that may not go, or has nowhere to go, stops it for hours.",
    allowed="for every pod of the node a budget that lets it go, once the pods before it run elsewhere",
    remedy="give the workload one more replica or its budget maxUnavailable 1, or the groups room for its pods",
    sources=cited(Framework.ISSUE, "eksctl-io/eksctl#4416", "eksctl-io/eksctl#7719", "elastic/cloud-on-k8s#7474"),
    examine=_examine,
)
