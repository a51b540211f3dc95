"""A cluster as one operation on one resource sees it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.providers.kubernetes.configuration import Configuration
from seatrial.rehearsal.providers.refusals import Rejected
from seatrial.rehearsal.providers.waiting import pauses

_LONGEST_PAUSE = 1.0
"""Seconds between two looks at an object: the cluster is on this machine."""

SECONDS = 600.0
"""How long an operation may take that says nothing, as upstream's provider allows."""


@dataclass(frozen=True, slots=True)
class Session:
    """What an operation works with."""

    urn: str
    """The resource that it is about."""
    configuration: Configuration
    connected: Cluster | None
    """None as long as the cluster isn't there: in a first preview."""
    seconds: float = SECONDS
    """How long the operation may wait."""
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when the engine asks to stop."""

    @property
    def cluster(self) -> Cluster:
        """The cluster; raises :class:`Rejected` as long as it isn't known."""
        if self.connected is None:
            raise Rejected("the cluster isn't known yet: the provider has no kubeconfig")
        return self.connected

    def pauses(self, seconds: float = 0.0) -> Iterator[None]:
        """Yield until the time is over, pausing in between; the operation's own time unless told."""
        return pauses(seconds or self.seconds, self.cancelled, _LONGEST_PAUSE)
