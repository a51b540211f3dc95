"""Losing nodes: where their pods go, and whether the groups can make enough new ones."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from seatrial.errors import UsageError
from seatrial.semantics.scheduling.nodes import Node, NodeGroup
from seatrial.semantics.scheduling.occupancy import Occupancy
from seatrial.semantics.scheduling.placement import Pending, Schedule, occupied, place, result, schedule
from seatrial.semantics.scheduling.workloads import Workloads, daemon_pods


@dataclass(frozen=True, slots=True)
class Loss:
    """What became of losing nodes."""

    before: Schedule
    lost: tuple[str, ...]
    """Names of the nodes that went."""

    added: tuple[str, ...]
    """Names of the nodes that the groups made."""

    after: Schedule

    @property
    def is_survived(self) -> bool:
        """Whether every pod has a place again."""
        return not self.after.pending


def without_zone(workloads: Workloads, groups: tuple[NodeGroup, ...], zone: str) -> Loss:
    """Take every node of a zone away; the groups make new ones in their other zones, as far as their maximum lets."""
    known = sorted({each for group in groups for each in group.zones})
    if zone not in known:
        raise UsageError(f"no zone {zone!r}", tip=f"the groups are in: {', '.join(known)}")
    return _without(workloads, groups, lambda node: node.zone == zone, frozenset({zone}))


def without_node(workloads: Workloads, groups: tuple[NodeGroup, ...], name: str) -> Loss:
    """Take one node away; its group may make another in any of its zones."""
    known = sorted(node.name for group in groups for node in group.nodes())
    if name not in known:
        raise UsageError(f"no node {name!r}", tip=f"there are: {', '.join(known)}")
    return _without(workloads, groups, lambda node: node.name == name, frozenset())


def _without(
    workloads: Workloads, groups: tuple[NodeGroup, ...], is_lost: Callable[[Node], bool], closed: frozenset[str]
) -> Loss:
    before = schedule(workloads, (node for group in groups for node in group.nodes()))
    occupancy = occupied(before)
    lost = tuple(node.name for node in before.nodes if is_lost(node))
    displaced = [pod for name in lost for pod in occupancy.remove(name) if not pod.template.is_daemon]
    waiting = [each.pod for each in before.pending if not each.pod.template.is_daemon]
    pending = place([*displaced, *waiting], occupancy)
    growth = _Growth(workloads, groups, occupancy, closed)
    while pending and (fewer := growth.step(pending)) is not None:
        pending = fewer
    return Loss(before, lost, tuple(growth.added), result(occupancy, pending, workloads.namespaces))


class _Growth:
    """The groups while an autoscaler lets them grow, node by node."""

    def __init__(
        self, workloads: Workloads, groups: tuple[NodeGroup, ...], occupancy: Occupancy, closed: frozenset[str]
    ) -> None:
        self.added: list[str] = []
        self._workloads = workloads
        self._occupancy = occupancy
        self._closed = closed
        self._lives = {group.name: _lives(group, occupancy) for group in groups}
        self._makers = {(group.name, zone): group.more(zone) for group in groups for zone in group.zones}
        self._groups = groups

    def step(self, pending: Iterable[Pending]) -> tuple[Pending, ...] | None:
        """Add the first node that helps a waiting pod; return who waits then, None when no node helps."""
        waiting = [each.pod for each in pending]
        for group, zone in self._candidates():
            node = next(self._makers[group, zone])
            self._occupancy.add(node)
            place(daemon_pods(self._workloads, [node]), self._occupancy)
            still = place(waiting, self._occupancy)
            if len(still) < len(waiting):
                self._lives[group][zone] += 1
                self.added.append(node.name)
                return still
            self._occupancy.remove(node.name)
        return None

    def _candidates(self) -> Iterator[tuple[str, str]]:
        """Give groups that may grow, each with its zones, those with the fewest nodes first."""
        for group in self._groups:
            lives = self._lives[group.name]
            if lives.total() < group.maximum:
                zones = [zone for zone in group.zones if zone not in self._closed]
                yield from ((group.name, zone) for zone in sorted(zones, key=lambda each: lives[each]))


def _lives(group: NodeGroup, occupancy: Occupancy) -> Counter[str]:
    return Counter(node.zone for node in group.nodes() if node.name in occupancy.rooms)
