"""Nodes as plain data, and the groups that make more of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType
from typing import Final

HOSTNAME: Final = "kubernetes.io/hostname"
ZONE: Final = "topology.kubernetes.io/zone"

CPU: Final = "cpu"
MEMORY: Final = "memory"


def no_amounts() -> Mapping[str, int]:
    """Return the amounts of nothing."""
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taint:
    """What keeps pods off a node."""

    key: str
    effect: str
    """``NoSchedule``, ``NoExecute``; ``PreferNoSchedule`` only makes a node the last choice."""

    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node as the scheduler sees it."""

    name: str
    labels: Mapping[str, str]
    cpu: int
    """Allocatable processor time, in thousandths of a processor."""

    memory: int
    """Allocatable memory in bytes."""

    pods: int
    """The most pods that it takes."""

    taints: tuple[Taint, ...] = ()
    others: Mapping[str, int] = field(default_factory=no_amounts)
    """What else it can allocate, such as ``nvidia.com/gpu`` and ``ephemeral-storage`` in bytes."""

    unschedulable: bool = False
    """Whether it is cordoned."""

    @property
    def zone(self) -> str:
        """The zone that its label names; empty without one."""
        return self.labels.get(ZONE, "")

    def allocatable(self, resource: str) -> int:
        """Return how much of a resource there is."""
        return {CPU: self.cpu, MEMORY: self.memory}.get(resource, self.others.get(resource, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeGroup:
    """What makes nodes of one kind, spread over zones as an Auto Scaling group does."""

    model: Node
    """What its nodes are like; its name is the group's, and each node gets name, zone and host name of its own."""

    zones: tuple[str, ...]
    desired: int
    maximum: int
    """The most nodes that an autoscaler may ask it for."""

    @property
    def name(self) -> str:
        """The group's name."""
        return self.model.name

    def nodes(self) -> tuple[Node, ...]:
        """Return the nodes that it starts with: as many in each zone, the first zones the odd ones."""
        return tuple(self.node(self.zones[index % len(self.zones)], index) for index in range(self.desired))

    def node(self, zone: str, number: int) -> Node:
        """Return one node of a zone."""
        name = f"{self.name}-{zone}-{number}"
        return replace(self.model, name=name, labels={**self.model.labels, HOSTNAME: name, ZONE: zone})

    def more(self, zone: str) -> Iterator[Node]:
        """Give node after node in a zone, none with the name of one that it started with."""
        return (self.node(zone, number) for number in count(self.desired))
