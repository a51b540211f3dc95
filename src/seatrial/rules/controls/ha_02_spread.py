"""HA-02: the pods of a workload are spread over zones, and over nodes."""

from collections.abc import Iterator

from seatrial.plan import Value
from seatrial.rules.facts.replicated import Replicated, count
from seatrial.rules.facts.values import is_unknown, items, number, text, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.selection import Selection, selector
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_ZONE = "topology.kubernetes.io/zone"
_NODE = "kubernetes.io/hostname"


def _examine(view: View) -> Iterator[Observation]:
    for each in view.replicated:
        # One pod can't be spread; HA-01 judges that it is one.
        if (count(each) or 0) > 1:
            yield _judged(each)


def _judged(each: Replicated) -> Observation:
    if is_unknown(each.spread):
        return unknown(each.resource, each.spread_path)
    spread = {
        text(within(constraint, "topologyKey"))
        for constraint in items(each.spread)
        if number(within(constraint, "maxSkew")) == 1 and _means(each, constraint)
    }
    spread |= {text(within(term, "topologyKey")) for term in items(each.apart) if _means(each, term)}
    # CoreDNS as an add-on keeps its pods on nodes of their own by itself (anti-affinity), not in zones of their own.
    wanted = [_ZONE] if each.title.startswith("add-on ") else [_ZONE, _NODE]
    missing = [key for key in wanted if key not in spread]
    if missing:
        return broken(each.resource, each.spread_path, f"{each.title}: no spread over {' and '.join(missing)}")
    return met(each.resource, each.spread_path, f"{each.title}: spread over {' and '.join(wanted)}")


def _means(each: Replicated, term: Value) -> bool:
    """Tell whether a term is about the workload's own pods: without their labels it spreads nothing."""
    if each.template is None:
        return True
    selected = selector(within(term, "labelSelector")) if within(term, "labelSelector") is not None else None
    return selected is not None and bool(Selection([each.template]).of(each.template.object.namespace, selected))


RULE = Rule(
    id="HA-02",
    severity=Severity.MEDIUM,
    title="Replicas are spread over zones and nodes",
    needs="a workload of two replicas or more",
    why="Two pods on one node, or in one zone, are one pod on the day that it goes.",
    allowed=f"for {_ZONE} and {_NODE}: a topology spread constraint with maxSkew 1, or required anti-affinity",
    remedy="add the constraints to the manifest or the chart's values, with the labels of the pods",
    sources=(
        *cited(Framework.HARDENEKS, "schedule_replicas_across_nodes"),
        *cited(Framework.POLARIS, "topologySpreadConstraint"),
        *cited(Framework.KUBE_LINTER, "no-anti-affinity"),
        *cited(Framework.PRACTICES, "Reliability: spread replicas across nodes and zones"),
    ),
    examine=_examine,
)
