"""Keeps the clusters that have a control plane as EKS would: a task of the account, which never waits for a cluster."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import SeatrialError
from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import hosts
from seatrial.rehearsal.account.eks.content import wanted
from seatrial.rehearsal.account.eks.content.wanted import Wanted
from seatrial.rehearsal.account.eks.control_planes import Phase, Place, View
from seatrial.rehearsal.account.eks.keeper import Cluster, Keeper
from seatrial.rehearsal.account.eks.observations import Sight
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record

_log = logging.getLogger(__name__)

TICK = 0.25
"""Seconds between two looks at the account's records."""

REST = 2.0
"""Seconds between two looks at a cluster where nothing is to be done."""

PAUSE = 0.5
"""Seconds between two turns while something is."""

RECOVERY = 20.0
"""Seconds between two attempts to begin a control plane anew."""

_HANDS = 4
"""Clusters that are worked on at once."""

Connect = Callable[[Path], Cluster]
"""Gives the client of a kubeconfig."""


@dataclass(slots=True)
class _Kept:
    keeper: Keeper
    turn: "Future[Sight] | None" = None
    looked: float = -REST
    """When its last turn ended, by the clock."""
    told: str = ""
    """What was last told of it in the log."""


class Reconciler:
    """Looks at every cluster in turn; each has at most one turn under way."""

    def __init__(self, service: Service, connect: Connect, clock: Callable[[], float] = time.monotonic) -> None:
        """Work on the clusters of ``service``."""
        self._service, self._connect, self._clock = service, connect, clock
        self._kept: dict[Place, _Kept] = {}
        self._healed: dict[Place, float] = {}
        self._hands = ThreadPoolExecutor(_HANDS, "content of clusters")

    async def run(self, settle: Callable[[], None]) -> None:
        """Work until cancelled; ``settle`` lets happen what has become due."""
        while True:
            try:
                settle()
                self.step()
            except Exception:  # noqa: BLE001 (the account answers without this too, and the next look may succeed)
                _log.exception("The content of clusters was not looked after")
            await asyncio.sleep(TICK)

    def step(self) -> None:
        """Take in what turns have seen, and begin those that are due."""
        living = dict(self._living())
        for place in [place for place in self._kept if place not in living]:
            self._kept.pop(place).keeper.dismiss()
        self._heal()
        for place, (cluster, view) in living.items():
            kept = self._kept.get(place) or _Kept(Keeper(self._connect(view.kubeconfig)))
            self._kept[place] = kept
            self._take_in(place, kept)
            if kept.turn is None:
                self._begin(place, kept, self._wanted(place, cluster, view))

    @property
    def is_at_work(self) -> bool:
        """Whether a turn is under way."""
        return any(kept.turn and not kept.turn.done() for kept in self._kept.values())

    def stop(self) -> None:
        """Begin no more turns; those under way end as soon as they can."""
        for kept in self._kept.values():
            kept.keeper.dismiss()
        self._hands.shutdown(wait=False, cancel_futures=True)

    def _heal(self) -> None:
        """Begin control planes anew that have ended by themselves."""
        for cluster in self._service.state.clusters.values():
            view, place = hosts.view(self._service, cluster), hosts.place(cluster)
            broken = view and view.phase is Phase.FAILED and cluster["status"] in {"ACTIVE", "UPDATING"}
            if view and broken and self._clock() >= self._healed.get(place, -RECOVERY) + RECOVERY:
                _log.warning("%s: the control plane has ended and is begun anew: %s", place.name, view.reason)
                self._healed[place] = self._clock()
                hosts.begin(self._service, place.region, cluster)

    def _living(self) -> Iterator[tuple[Place, tuple[Record, View]]]:
        for cluster in self._service.state.clusters.values():
            view = hosts.view(self._service, cluster)
            if view and view.phase is Phase.READY and cluster["status"] in {"ACTIVE", "UPDATING"}:
                yield hosts.place(cluster), (cluster, view)

    def _wanted(self, place: Place, cluster: Record, view: View) -> Wanted:
        with emulator.scope(emulator.home(), place.region):
            namespaces = self._service.observations.of(place).namespaces
            return wanted.of_cluster(self._service, cluster, view.version, namespaces)

    def _take_in(self, place: Place, kept: _Kept) -> None:
        if kept.turn is None or not kept.turn.done():
            return
        turn, kept.turn, kept.looked = kept.turn, None, self._clock()
        fault = turn.exception()
        if fault is None:
            self._service.observations.note(place, turn.result())
        text = f"{place.name}: {fault or ''}"
        if fault and text != kept.told:
            _log.warning("%s", text, exc_info=None if isinstance(fault, SeatrialError) else fault)
        kept.told = text

    def _begin(self, place: Place, kept: _Kept, aim: Wanted) -> None:
        rests = kept.keeper.has_arrived(aim) and not self._awaits(place, aim)
        if self._clock() >= kept.looked + (REST if rests else PAUSE):
            kept.turn = self._hands.submit(kept.keeper.turn, aim)

    def _awaits(self, place: Place, aim: Wanted) -> bool:
        """Whether something that was made has yet to run."""
        sight = self._service.observations.of(place)
        return any(sight.obstacles.values()) or not set(aim.instances.values()) <= sight.ready_nodes
