"""Placing pods: one after another in the scheduler's order, each on the best of the nodes that the filters leave."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seatrial.semantics.scheduling import node_filters
from seatrial.semantics.scheduling.filtering import verdict
from seatrial.semantics.scheduling.nodes import Node
from seatrial.semantics.scheduling.occupancy import Occupancy
from seatrial.semantics.scheduling.pods import Pod
from seatrial.semantics.scheduling.workloads import Workloads, daemon_pods


@dataclass(frozen=True, slots=True)
class Pending:
    """A pod that no node takes."""

    pod: Pod
    reasons: Mapping[str, tuple[str, ...]]
    """Of each node, in the scheduler's words."""

    def __str__(self) -> str:
        if not self.reasons:
            return f"{self.pod}: no nodes available to schedule pods"
        counts = Counter(reason for found in self.reasons.values() for reason in found)
        listed = ", ".join(sorted(f"{number} {reason}" for reason, number in counts.items()))
        return f"{self.pod}: 0/{len(self.reasons)} nodes are available: {listed}."


@dataclass(frozen=True, slots=True)
class Schedule:
    """Nodes with their pods, and the pods that wait."""

    nodes: tuple[Node, ...]
    placements: Mapping[Pod, str]
    """Pod to the name of its node."""

    pending: tuple[Pending, ...]
    namespaces: Mapping[str, Mapping[str, str]]
    """Labels of namespaces, for the selectors of affinity."""

    def on(self, node: str) -> tuple[Pod, ...]:
        """Return the pods on a node."""
        return tuple(pod for pod, name in self.placements.items() if name == node)


def schedule(workloads: Workloads, nodes: Iterable[Node]) -> Schedule:
    """Place every pod of the workloads, those of DaemonSets included."""
    occupancy = Occupancy(nodes, workloads.namespaces)
    pods = [*daemon_pods(workloads, occupancy.nodes()), *workloads.pods]
    return result(occupancy, place(pods, occupancy), workloads.namespaces)


def occupied(schedule: Schedule) -> Occupancy:
    """Return a schedule's nodes and pods, to go on from there."""
    occupancy = Occupancy(schedule.nodes, schedule.namespaces)
    for pod, name in schedule.placements.items():
        occupancy.bind(pod, name)
    return occupancy


def result(occupancy: Occupancy, pending: Iterable[Pending], namespaces: Mapping[str, Mapping[str, str]]) -> Schedule:
    """Return what became of it."""
    return Schedule(tuple(occupancy.nodes()), dict(occupancy.placed), tuple(pending), namespaces)


def place(pods: Iterable[Pod], occupancy: Occupancy) -> tuple[Pending, ...]:
    """Place pods, those of a higher priority first, else in the given order; return those that no node takes.

    Nobody is preempted: what runs stays where it is.
    """
    waiting = (_placed(pod, occupancy) for pod in sorted(pods, key=lambda each: -each.template.priority))
    return tuple(each for each in waiting if each is not None)


def _placed(pod: Pod, occupancy: Occupancy) -> Pending | None:
    found = verdict(pod, occupancy)
    if not found.feasible:
        return Pending(pod, found.reasons)
    occupancy.bind(pod, _best(pod, found.feasible, occupancy))
    return None


def _best(pod: Pod, names: tuple[str, ...], occupancy: Occupancy) -> str:
    """Choose as the scheduler tends to: no disliked taint, few pods of the same workload near, much left free."""
    siblings = occupancy.of_owner(pod.template.owner)
    by_zone: Counter[str] = Counter()
    for name, number in siblings.items():
        if number:
            by_zone[occupancy.rooms[name].node.zone] += number

    def order(name: str) -> tuple[int, int, int, float, str]:
        room = occupancy.rooms[name]
        disliked = node_filters.disliked(pod.template, room.node)
        return (disliked, by_zone[room.node.zone], siblings.get(name, 0), -room.free(pod), name)

    return min(names, key=order)
