"""What every operation of EKS works with."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from seatrial.rehearsal.account.eks import refusal
from seatrial.rehearsal.account.eks.control_planes import ControlPlanes, Nowhere
from seatrial.rehearsal.account.eks.observations import Observations
from seatrial.rehearsal.account.eks.state import State, key
from seatrial.rehearsal.account.emulator import Record

DELAY = 0.25
"""Seconds that EKS takes for each change, where AWS takes minutes: long enough that callers must wait."""


@dataclass(slots=True)
class Service:
    """EKS in the emulated account."""

    issuer: str = "https://localhost:443"
    """Address at which the account answers: OIDC issuers are below it."""
    authority: bytes = b""
    """Certificate authority that clusters name, PEM."""
    delay: float = DELAY
    failure: Callable[[], Record | None] = lambda: None
    """Asked when something begins that takes time: ``code`` and ``message`` when an injected fault is to end it."""
    leaks: Callable[[], bool] = lambda: False
    """Asked when something is deleted: whether an injected fault is to leave a part of it behind."""
    caller: Callable[[], str] = lambda: ""
    """ARN of the caller of the request at hand."""
    clock: Callable[[], float] = time.time
    """Seconds since the epoch, by which everything begins and ends."""
    state: State = field(default_factory=State)
    control_planes: ControlPlanes = field(default_factory=Nowhere)
    """Runs the control planes of clusters."""
    observations: Observations = field(default_factory=Observations)
    """What was last seen in clusters that have one."""

    def due(self, delays: float = 1) -> float:
        """When something ends that begins now and takes so many delays."""
        return self.clock() + delays * self.delay

    def cluster(self, name: str) -> Record:
        """Give a cluster, or refuse."""
        return refusal.found(self.state.clusters.get(key(name)), f"No cluster found for name: {name}.")

    def active_cluster(self, name: str) -> Record:
        """Give a cluster that is ready for what is made in it, or refuse."""
        cluster = self.cluster(name)
        if cluster["status"] not in {"ACTIVE", "UPDATING"}:
            refusal.request(f"Cluster '{name}' is not in ACTIVE status")
        return cluster
