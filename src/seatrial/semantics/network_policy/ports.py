"""Sets of ports per protocol: what a connection may use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from seatrial.semantics.network_policy import intervals
from seatrial.semantics.network_policy.intervals import Interval, Intervals

EVERY: Interval = (1, 65535)
"""All ports of a protocol."""


class Protocol(StrEnum):
    """A transport protocol that a NetworkPolicy can name, in the order of a connection's text."""

    SCTP = "SCTP"
    TCP = "TCP"
    UDP = "UDP"


@dataclass(frozen=True, slots=True)
class Ports:
    """A set of ports for each protocol."""

    sctp: Intervals = intervals.NONE
    tcp: Intervals = intervals.NONE
    udp: Intervals = intervals.NONE

    def of(self, protocol: Protocol) -> Intervals:
        """Return the ports of one protocol."""
        return {Protocol.SCTP: self.sctp, Protocol.TCP: self.tcp, Protocol.UDP: self.udp}[protocol]

    def __or__(self, other: "Ports") -> "Ports":
        if ALL in (self, other):
            return ALL
        return Ports(*(intervals.union(self.of(item) + other.of(item)) for item in Protocol))

    def __and__(self, other: "Ports") -> "Ports":
        if other == ALL:
            return self
        if self == ALL:
            return other
        return Ports(*(intervals.intersection(self.of(item), other.of(item)) for item in Protocol))

    def __bool__(self) -> bool:
        return self != NONE

    def __str__(self) -> str:
        if self == ALL:
            return "All Connections"
        parts = [f"{item} {intervals.text(self.of(item))}" for item in Protocol if self.of(item)]
        return ",".join(parts) or "No Connections"


NONE = Ports()
"""Nothing may pass."""
ALL = Ports((EVERY,), (EVERY,), (EVERY,))
"""Everything may pass, protocols included that no policy can name."""


def of(ranges: Iterable[tuple[Protocol, Interval]]) -> Ports:
    """Make a set from port ranges."""
    found: Mapping[Protocol, list[Interval]] = {item: [] for item in Protocol}
    for protocol, interval in ranges:
        found[protocol].append(interval)
    return Ports(*(intervals.union(found[item]) for item in Protocol))
