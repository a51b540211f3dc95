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
    known = {each for group in groups for each in group.zones}
    _need("zone", zone, known)
    return _without(workloads, _nodes(groups), lambda node: node.zone == zone, _Makers(groups, frozenset({zone})))


def without_node(workloads: Workloads, groups: tuple[NodeGroup, ...], name: str) -> Loss:
    """Take one node away; its group may make another in any of its zones."""
    nodes = _nodes(groups)
    _need("node", name, {node.name for node in nodes})
    return _without(workloads, nodes, lambda node: node.name == name, _Makers(groups))


def without(workloads: Workloads, nodes: Iterable[Node], names: Iterable[str]) -> Loss:
    """Take nodes away that nothing makes again."""
    known, lost = tuple(nodes), frozenset(names)
    for name in sorted(lost):
        _need("node", name, {node.name for node in known})
    return _without(workloads, known, lambda node: node.name in lost, _Makers())


@dataclass(frozen=True, slots=True)
class _Makers:
    """What makes new nodes."""

    groups: tuple[NodeGroup, ...] = ()
    closed: frozenset[str] = frozenset()
    """Zones in which nothing can be made."""


def _need(kind: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise UsageError(f"no {kind} {name!r}", tip=f"there are: {', '.join(sorted(known))}")


def _nodes(groups: tuple[NodeGroup, ...]) -> tuple[Node, ...]:
    return tuple(node for group in groups for node in group.nodes())


def _without(workloads: Workloads, nodes: tuple[Node, ...], is_lost: Callable[[Node], bool], makers: _Makers) -> Loss:
    before = schedule(workloads, nodes)
    occupancy = occupied(before)
    lost = tuple(node.name for node in nodes if is_lost(node))
    displaced = [pod for name in lost for pod in occupancy.remove(name) if not pod.template.is_daemon]
    waiting = [each.pod for each in before.pending if not each.pod.template.is_daemon]
    pending = place([*displaced, *waiting], occupancy)
    growth = _Growth(workloads, makers, occupancy)
    while pending and (fewer := growth.step(pending)) is not None:
        pending = fewer
    return Loss(before, lost, tuple(growth.added), result(occupancy, pending, workloads.namespaces))


class _Growth:
    """The groups while an autoscaler lets them grow, node by node."""

    def __init__(self, workloads: Workloads, makers: _Makers, occupancy: Occupancy) -> None:
        self.added: list[str] = []
        self._workloads = workloads
        self._occupancy = occupancy
        self._closed = makers.closed
        self._groups = makers.groups
        self._lives = {group.name: _lives(group, occupancy) for group in self._groups}
        self._makers = {(group.name, zone): group.more(zone) for group in self._groups for zone in group.zones}

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
