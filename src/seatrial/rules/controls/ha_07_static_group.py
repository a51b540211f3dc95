"""HA-07: what makes and tends nodes doesn't depend on nodes that come and go."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.charts import Chart
from seatrial.rules.facts.types import NODE_GROUP
from seatrial.rules.facts.values import at, entries, is_unknown, number, properties, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.precedence import cluster_of
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_REPELLING = frozenset({"NO_EXECUTE", "NO_SCHEDULE"})
_TOLERATED = frozenset({"CriticalAddonsOnly", "node-role.kubernetes.io/control-plane"})
"""Taints that add-ons of the system tolerate."""


def _examine(view: View) -> Iterator[Observation]:
    groups = view.of_type(NODE_GROUP)
    for cluster in dict.fromkeys(filter(None, (cluster_of(view, group) for group in groups))):
        ours = [group for group in groups if cluster_of(view, group) == cluster]
        steady = [group.name for group in ours if _is_steady(group)]
        if steady:
            yield met(cluster, "nodeGroups", f"always there, and open: {', '.join(steady)}")
        elif any(is_unknown(group.inputs.get("scalingConfig")) for group in ours):
            yield unknown(cluster, "nodeGroups")
        else:
            yield broken(cluster, "nodeGroups", f"none of {', '.join(group.name for group in ours)} is always there")
    for chart in view.charts:
        if chart.name == "karpenter":
            path = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
            # By its values it keeps off the nodes that it makes, unless somebody takes that away.
            is_placed = not _is_cleared(chart) or bool(chart.value("nodeSelector"))
            where = f"values.{path}"
            found = "nothing that keeps it off the nodes that it makes"
            yield met(chart.resource, where, "placed") if is_placed else broken(chart.resource, where, found)


def _is_cleared(chart: Chart) -> bool:
    """Tell whether null stands where the chart's own affinity for nodes would be."""
    values = properties(at(chart.resource, "values"))
    affinity = properties(values.get("affinity"))
    return values.get("affinity", "") is None or affinity.get("nodeAffinity", "") is None


def _is_steady(group: Resource) -> bool:
    """Tell whether a group keeps a node that isn't taken back, and that takes pods which tolerate nothing special."""
    least = number(at(group, "scalingConfig.minSize"))
    closed = any(
        text(taint.get("effect")) in _REPELLING and text(taint.get("key")) not in _TOLERATED
        for _, taint in entries(group, "taints")
    )
    return at(group, "capacityType") != "SPOT" and (least or 0) > 0 and not closed


RULE = Rule(
    id="HA-07",
    severity=Severity.MEDIUM,
    title="Some nodes are always there for what makes and tends nodes",
    needs="a node group",
    why="An autoscaler on a node that is taken back is gone when it is needed, and so are names and load balancers.",
    allowed="an on-demand group of one node or more without taints; Karpenter placed on such nodes",
    remedy="keep a group with `capacityType: ON_DEMAND`, `minSize` 1 or more and no taints in `nodeGroups`",
    sources=cited(Framework.PRACTICES, "Karpenter: run the controller on a node group or Fargate"),
    examine=_examine,
)
