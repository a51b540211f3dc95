"""Whether the subnets hold every node and pod that the description allows."""

from collections.abc import Iterator, Mapping
from math import ceil

from seatrial import cidr, instances
from seatrial.config.checks.check import GROUPS, Check, Context
from seatrial.config.location import found, path
from seatrial.config.node_groups import NodeGroup
from seatrial.errors import Fault

_CIDR = ("network", "cidrBlock")
_ZONE_COUNT = ("network", "zoneCount")
_PREFIXES = ("addons", "vpcCni", "prefixDelegation")

_PLATFORM_ADDRESSES = 32
"""Addresses of each subnet kept free: for interface endpoints, and the 16 that EKS asks for its own interfaces."""


def _room(context: Context) -> Iterator[Fault]:
    platform = context.platform
    zones, block = platform.network.zone_count, platform.network.cidr_block
    room = cidr.usable(cidr.zone_subnets(block, zones)[0].private) - _PLATFORM_ADDRESSES
    prefixes = platform.addons.vpc_cni.prefix_delegation
    needed = ceil(_needed(platform.node_groups, prefix_delegation=prefixes) / zones)
    if needed > room:
        yield Fault(
            path(_CIDR),
            found(block),
            f"a range whose private subnets hold {needed} addresses each",
            f"its {zones} private subnets hold {room} each, and all groups at maxSize take that many, pods included",
        )


def _needed(groups: Mapping[str, NodeGroup], *, prefix_delegation: bool) -> int:
    return sum(group.max_size * _of_node(group, prefix_delegation=prefix_delegation) for group in groups.values())


def _of_node(group: NodeGroup, *, prefix_delegation: bool) -> int:
    """Count the addresses of the group's hungriest node."""
    types = filter(None, map(instances.find, group.instance_types))
    return max(known.max_addresses(prefix_delegation=prefix_delegation) for known in types)


CHECKS = (Check(reads=(_CIDR, _ZONE_COUNT, _PREFIXES, GROUPS), run=_room),)
