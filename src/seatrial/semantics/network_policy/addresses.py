"""Sets of IP addresses of both families, and the parts of the outside world that policies tell apart."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from seatrial.semantics.network_policy import intervals
from seatrial.semantics.network_policy.intervals import Interval, Intervals

_WORLDS: dict[int, Interval] = {4: (0, 2**32 - 1), 6: (0, 2**128 - 1)}


@dataclass(frozen=True, slots=True)
class Range:
    """Addresses from one to another, both included, outside the cluster."""

    family: int
    """4 or 6."""
    interval: Interval
    """First and last address as integers."""

    def __str__(self) -> str:
        make = ipaddress.IPv4Address if self.family == 4 else ipaddress.IPv6Address  # noqa: PLR2004 (as IP calls it)
        return f"{make(self.interval[0])}-{make(self.interval[1])}[External]"


@dataclass(frozen=True, slots=True)
class Addresses:
    """A set of addresses."""

    v4: Intervals = intervals.NONE
    v6: Intervals = intervals.NONE

    def of(self, family: int) -> Intervals:
        """Return the addresses of one family."""
        return self.v6 if family == 6 else self.v4  # noqa: PLR2004 (as IP calls it)

    def covers(self, part: Range) -> bool:
        """Tell whether the set holds all of a range."""
        return intervals.covers(self.of(part.family), part.interval)

    def __or__(self, other: "Addresses") -> "Addresses":
        return Addresses(intervals.union(self.v4 + other.v4), intervals.union(self.v6 + other.v6))

    def __bool__(self) -> bool:
        return self != NOWHERE


NOWHERE = Addresses()
"""No address."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def block(network: Network, excepted: Iterable[Network]) -> Addresses:
    """Return the addresses of an ``ipBlock``."""
    found = (of_network(network).interval,)
    for hole in excepted:
        found = intervals.without(found, of_network(hole).interval)
    return Addresses(v4=found) if network.version == 4 else Addresses(v6=found)  # noqa: PLR2004 (as IP calls it)


def of_network(network: Network) -> Range:
    """Return a network, or one address as its ``/32`` or ``/128``, as a range."""
    return Range(network.version, (int(network.network_address), int(network.broadcast_address)))


def world(blocks: Iterable[Addresses]) -> tuple[Range, ...]:
    """Cut the world into the ranges that none of the blocks cuts further.

    The IPv4 world is always there; the IPv6 world only where a block names a part of it.
    """
    known = [*blocks]
    v4, v6 = [item.v4 for item in known], [item.v6 for item in known if item.v6]
    return (*_cut(4, v4), *(_cut(6, v6) if v6 else ()))


def _cut(family: int, blocks: Iterable[Intervals]) -> Iterable[Range]:
    first, last = _WORLDS[family]
    starts = {first} | {start for block in blocks for low, high in block for start in (low, high + 1)}
    ordered = sorted(starts - {last + 1})
    ends = [*(start - 1 for start in ordered[1:]), last]
    return [Range(family, interval) for interval in zip(ordered, ends, strict=True)]
