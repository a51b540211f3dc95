"""What is left on a node: resources, places for pods, ports of its own addresses."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from seatrial.semantics.scheduling.nodes import CPU, MEMORY, Node
from seatrial.semantics.scheduling.pods import HostPort, Pod

NO_PLACE: Final = "Too many pods"
NO_PORT: Final = "node(s) didn't have free ports for the requested pod ports"

_EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 (nothing listens here)
_FIRST: Final = (CPU, MEMORY, "ephemeral-storage")
"""The order in which the scheduler looks; what else there is comes after, by name."""


@dataclass(slots=True)
class Room:
    """One node, and what the pods on it take."""

    node: Node
    pods: dict[Pod, None] = field(default_factory=dict[Pod, None])
    """In the order in which they came."""

    used: Counter[str] = field(default_factory=Counter[str])
    ports: Counter[HostPort] = field(default_factory=Counter[HostPort])

    def take(self, pod: Pod) -> None:
        """Put a pod on the node."""
        self.pods[pod] = None
        self.used.update(pod.template.requests)
        self.ports.update(pod.template.host_ports)

    def release(self, pod: Pod) -> None:
        """Take a pod off the node."""
        del self.pods[pod]
        self.used.subtract(pod.template.requests)
        self.ports -= Counter(pod.template.host_ports)

    def reasons(self, pod: Pod) -> tuple[str, ...]:
        """Return why there is no room for a pod, in the scheduler's words and order."""
        if any(_collide(wanted, taken) for wanted in pod.template.host_ports for taken in self.ports):
            return (NO_PORT,)
        full = (NO_PLACE,) if len(self.pods) >= self.node.pods else ()
        return (*full, *(f"Insufficient {name}" for name in _ordered(pod.template.requests) if self._lacks(pod, name)))

    def free(self, pod: Pod) -> float:
        """Return the share of processor and memory that stays free beside a pod, 0 to 1 each, added up."""
        return sum(
            (self.node.allocatable(name) - self.used[name] - pod.template.requests.get(name, 0))
            / max(1, self.node.allocatable(name))
            for name in (CPU, MEMORY)
        )

    def _lacks(self, pod: Pod, name: str) -> bool:
        return pod.template.requests[name] > self.node.allocatable(name) - self.used[name]


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))


def _collide(wanted: HostPort, taken: HostPort) -> bool:
    same = (wanted.port, wanted.protocol) == (taken.port, taken.protocol)
    return same and (wanted.address == taken.address or _EVERYWHERE in (wanted.address, taken.address))
