"""Instance types of a group: among each other, with the operating system, with the pods."""

from collections import Counter
from collections.abc import Iterator

from seatrial import instances
from seatrial.config.checks.check import Context, GroupCheck, Place
from seatrial.config.location import found, path
from seatrial.config.node_groups import NodeGroup
from seatrial.errors import Fault
from seatrial.instances import InstanceType

_TYPES = "instanceTypes"
_PREFIXES = ("addons", "vpcCni", "prefixDelegation")

LEAST_PODS = 8
"""Pods that a node must hold: the platform's own daemons are four to six, and a node is there for others."""


def _known(place: Place, group: NodeGroup) -> Iterator[tuple[str, InstanceType]]:
    for index, known in enumerate(filter(None, map(instances.find, group.instance_types))):
        yield path((*place, _TYPES, index)), known


def _distinct(place: Place, group: NodeGroup, _context: Context) -> Iterator[Fault]:
    for name, times in Counter(group.instance_types).items():
        if times > 1:
            yield Fault(
                path((*place, _TYPES)), found(list(group.instance_types)), "each type once", f"{name} is repeated"
            )


def _alike(place: Place, group: NodeGroup, _context: Context) -> Iterator[Fault]:
    (_, first), *others = _known(place, group)
    for where, other in others:
        if other.shape != first.shape:
            yield Fault(
                where,
                f"{other.name} ({_size(other)})",
                f"types of the size of the first, {first.name} ({_size(first)})",
                "the autoscaler takes the first type for all: put other sizes into a group of their own",
            )


def _size(known: InstanceType) -> str:
    return f"{known.vcpus} vCPU, {known.memory_mib / 1024:g} GiB"


def _bootable(place: Place, group: NodeGroup, _context: Context) -> Iterator[Fault]:
    for where, known in _known(place, group):
        if known.architecture != group.ami_type.architecture:
            yield Fault(
                where,
                f"{known.name} ({known.architecture})",
                f"types of {group.ami_type.architecture}, the architecture of amiType {group.ami_type}",
            )


def _driven(place: Place, group: NodeGroup, _context: Context) -> Iterator[Fault]:
    wanted = group.ami_type.accelerator
    for where, known in _known(place, group):
        if wanted and known.accelerator != wanted:
            yield Fault(where, known.name, f"types with {wanted} devices, which amiType {group.ami_type} is for")


def _roomy(place: Place, group: NodeGroup, context: Context) -> Iterator[Fault]:
    prefixes = context.platform.addons.vpc_cni.prefix_delegation
    for where, known in _known(place, group):
        if prefixes and not known.nitro:
            yield Fault(where, known.name, "types built on Nitro when vpcCni.prefixDelegation is on")
        pods = known.max_pods(prefix_delegation=prefixes)
        if pods < LEAST_PODS:
            yield Fault(
                where,
                f"{known.name} ({pods} pods)",
                f"types that hold at least {LEAST_PODS} pods",
                "the platform's own daemons would fill it",
            )


GROUP_CHECKS = (
    GroupCheck(reads=(_TYPES,), run=_distinct),
    GroupCheck(reads=(_TYPES,), run=_alike),
    GroupCheck(reads=(_TYPES, "amiType"), run=_bootable),
    GroupCheck(reads=(_TYPES, "amiType"), run=_driven),
    GroupCheck(reads=(_TYPES,), run=_roomy, reads_elsewhere=(_PREFIXES,)),
)
