"""HA-04: when a zone is lost, everything runs on in the others."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules import capacity
from seatrial.rules.capacity import Capacity
from seatrial.rules.facts.types import CLUSTER, NODE_GROUP
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics import scheduling

_SHOWN = 3


def _examine(view: View) -> Iterator[Observation]:
    clusters = view.of_type(CLUSTER)
    if len(clusters) != 1 or not view.of_type(NODE_GROUP):
        return
    found = capacity.of_view(view)
    if found.fault:
        yield unknown(clusters[0], "zones", found.fault)
        return
    for zone in sorted({zone for group in found.groups for zone in group.zones}):
        yield _zone(clusters[0], found, zone)


def _zone(cluster: Resource, found: Capacity, zone: str) -> Observation:
    path = f"zones.{zone}"
    loss = scheduling.without_zone(found.workloads, found.groups, zone)
    pods = len(loss.before.placements)
    gone = _gone(loss)
    if gone:
        return broken(cluster, path, f"without {zone} nothing is left of {', '.join(gone)}")
    if not loss.is_survived:
        waiting = [str(each) for each in loss.after.pending]
        more = f" and {len(waiting) - _SHOWN} more" if len(waiting) > _SHOWN else ""
        return broken(cluster, path, f"without {zone} {'; '.join(waiting[:_SHOWN])}{more}")
    made = f", on {len(loss.added)} new nodes" if loss.added else ""
    return met(cluster, path, f"without {zone} all of {pods} pods have a place{made}")


def _gone(loss: scheduling.Loss) -> list[str]:
    """Return what ran as several pods, of which the zone took all."""
    before: dict[str, list[str]] = {}
    for pod, node in loss.before.placements.items():
        if not pod.template.is_daemon and pod.template.owner:
            before.setdefault(f"{pod.template.namespace} {pod.template.owner}", []).append(node)
    lost = frozenset(loss.lost)
    return sorted(owner for owner, nodes in before.items() if len(nodes) > 1 and lost.issuperset(nodes))


RULE = Rule(
    id="HA-04",
    severity=Severity.MEDIUM,
    title="When a zone is lost, everything runs on in the others",
    needs="a cluster with node groups",
    why="A zone fails as a whole: what ran there only, or finds no room elsewhere, is gone until it is back.",
    allowed="a node in another zone for every pod, at the largest size of the groups if there is an autoscaler",
    remedy="raise `maxSize` of an on-demand group, or its instance types, or spread the workload over zones",
    sources=cited(Framework.PRACTICES, "Reliability: data plane"),
    examine=_examine,
)
