"""A NetworkPolicy as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from seatrial.semantics.network_policy import addresses, labels, ports
from seatrial.semantics.network_policy.addresses import Addresses
from seatrial.semantics.network_policy.intervals import Interval
from seatrial.semantics.network_policy.labels import Selector
from seatrial.semantics.network_policy.ports import Protocol


class Direction(StrEnum):
    """Which way a rule looks, from the pods that its policy selects."""

    INGRESS = "Ingress"
    EGRESS = "Egress"


@dataclass(frozen=True, slots=True)
class Block:
    """An ``ipBlock``."""

    network: addresses.Network
    excepted: tuple[addresses.Network, ...] = ()

    @property
    def addresses(self) -> Addresses:
        """The addresses that it selects."""
        return addresses.block(self.network, self.excepted)


@dataclass(frozen=True, slots=True)
class Peer:
    """Pods that a rule lets in or out."""

    pods: Selector
    namespaces: Selector | None = None
    """None for the policy's own namespace."""


@dataclass(frozen=True, slots=True)
class NamedPort:
    """A port that each pod may give another number."""

    protocol: Protocol
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of one direction."""

    everyone: bool
    """True when the rule names no peer at all: everything outside is meant too."""
    peers: tuple[Peer, ...]
    blocks: tuple[Block, ...]
    every_port: bool
    """True when the rule names no port at all."""
    ranges: tuple[tuple[Protocol, Interval], ...]
    """The ports that it gives by number."""
    named: tuple[NamedPort, ...]
    """The ports that it gives by name."""

    @property
    def numbered(self) -> ports.Ports:
        """The ports that are the same for every pod."""
        return ports.ALL if self.every_port else ports.of(self.ranges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy."""

    namespace: str
    name: str
    pods: Selector
    """The pods that it isolates."""
    isolates: frozenset[Direction]
    """The directions that it isolates them in."""
    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...]

    def rules(self, direction: Direction) -> tuple[Rule, ...]:
        """Return the rules of one direction."""
        return self.ingress if direction is Direction.INGRESS else self.egress

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    def blocks(self, direction: Direction) -> Iterator[Block]:
        """Return every ``ipBlock`` of a direction."""
        for rule in self.rules(direction):
            yield from rule.blocks


EVERYTHING = labels.Selector()
"""Selects all."""
