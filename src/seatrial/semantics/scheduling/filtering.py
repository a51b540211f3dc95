"""The filters of kube-scheduler, one after another, the first that forbids a node giving the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from seatrial.semantics.scheduling import node_filters
from seatrial.semantics.scheduling.occupancy import Occupancy
from seatrial.semantics.scheduling.pods import Pod
from seatrial.semantics.scheduling.proximity import Proximity
from seatrial.semantics.scheduling.room import Room
from seatrial.semantics.scheduling.spreading import Spreading


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a pod can go, and why not elsewhere."""

    feasible: tuple[str, ...]
    """Names of nodes."""

    reasons: Mapping[str, tuple[str, ...]]
    """Of each other node, in the scheduler's words."""


def verdict(pod: Pod, occupancy: Occupancy) -> Verdict:
    """Ask the filters about every node."""
    spreading, proximity = Spreading(pod, occupancy), Proximity(pod, occupancy)
    reasons = {name: _reasons(pod, room, spreading, proximity) for name, room in occupancy.rooms.items()}
    return Verdict(
        tuple(name for name, found in reasons.items() if not found),
        {name: found for name, found in reasons.items() if found},
    )


def _reasons(pod: Pod, room: Room, spreading: Spreading, proximity: Proximity) -> tuple[str, ...]:
    if reason := node_filters.reason(pod.template, room.node):
        return (reason,)
    if lacking := room.reasons(pod):
        return lacking
    reason = spreading.reason(room.node) or proximity.reason(room.node)
    return (reason,) if reason else ()
