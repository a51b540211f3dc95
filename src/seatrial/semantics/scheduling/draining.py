"""Draining a node: cordon it, evict its pods as budgets allow, until none is left or none may go."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seatrial.errors import UsageError
from seatrial.semantics.scheduling import budgets
from seatrial.semantics.scheduling.budgets import Blocked, Budget
from seatrial.semantics.scheduling.occupancy import Occupancy
from seatrial.semantics.scheduling.placement import Pending, Schedule, occupied, place, result
from seatrial.semantics.scheduling.pods import Pod


@dataclass(frozen=True, slots=True)
class Drained:
    """What became of draining a node."""

    node: str
    evicted: tuple[Pod, ...]
    """In the order in which they went."""

    lost: tuple[Pod, ...]
    """Those of them that nobody makes again."""

    blocked: tuple[Blocked, ...]
    """The pods that stay, each with the budget that forbids its eviction."""

    schedule: Schedule
    """Where everything is then; who found no new place waits."""

    @property
    def is_empty(self) -> bool:
        """Whether the drain ends, with nothing on the node but the pods of DaemonSets."""
        return not self.blocked


def drain(schedule: Schedule, node: str, wanted: tuple[Budget, ...]) -> Drained:
    """Drain a node; every evicted pod is made again elsewhere, and healthy there, before the next one is asked for.

    A pod that finds no place stays unhealthy, and may so block the others.
    """
    occupancy = occupied(schedule)
    if node not in occupancy.rooms:
        raise UsageError(f"no node {node!r}", tip=f"there are: {', '.join(sorted(occupancy.rooms))}")
    occupancy.add(replace(occupancy.rooms[node].node, unschedulable=True))
    run = _Drain(occupancy, wanted, {pending.pod: pending for pending in schedule.pending})
    stuck = run.through([pod for pod in occupancy.rooms[node].pods if not pod.template.is_daemon])
    after = result(occupancy, run.pending.values(), schedule.namespaces)
    return Drained(node, tuple(run.evicted), tuple(run.lost), stuck, after)


class _Drain:
    """A drain while it goes on."""

    def __init__(self, occupancy: Occupancy, wanted: tuple[Budget, ...], pending: dict[Pod, Pending]) -> None:
        self.pending = pending
        self.evicted: list[Pod] = []
        self.lost: list[Pod] = []
        self._occupancy = occupancy
        self._budgets = wanted

    def through(self, pods: list[Pod]) -> tuple[Blocked, ...]:
        """Evict pods, again and again while one of them goes; return those that stay."""
        while pods:
            stuck = [each for pod in pods if (each := self._evict(pod))]
            if len(stuck) == len(pods):
                return tuple(stuck)
            pods = [each.pod for each in stuck]
        return ()

    def _evict(self, pod: Pod) -> Blocked | None:
        forbidden = budgets.blocked(pod, self._budgets, self._running())
        if forbidden:
            return forbidden
        self._occupancy.unbind(pod)
        self.evicted.append(pod)
        again = [pod] if pod.template.owner else []
        self.lost += [] if again else [pod]
        # Who waits may have waited for this very move.
        self.pending = {each.pod: each for each in place([*again, *self.pending], self._occupancy)}
        return None

    def _running(self) -> Mapping[Pod, bool]:
        placed = {pod: pod.is_ready for pod in self._occupancy.placed}
        return {**placed, **dict.fromkeys(self.pending, False)}
