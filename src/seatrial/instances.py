"""EC2 instance types: size, architecture, and how many pods EKS puts on one.

The facts lie in ``instance_types.txt`` beside this module, one line a type, and are read when first asked for.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from math import ceil
from pathlib import Path

_TABLE = Path(__file__).with_name("instance_types.txt")

_NAME = re.compile(r"[a-z0-9-]+\.[a-z0-9-]+")

_PREFIX_ADDRESSES = 16
"""Addresses in a block of prefix delegation, a /28."""

_LARGE_VCPUS = 30
_MAX_PODS_SMALL = 110
_MAX_PODS_LARGE = 250

HOST_NETWORK_PODS = 2
"""Pods of EKS's own count that share the node's address: the network plugin and kube-proxy."""


@dataclass(frozen=True, slots=True)
class InstanceType:
    """What EC2 says of one type."""

    name: str
    """As in ``t3.medium``."""
    vcpus: int
    """Virtual processors."""
    memory_mib: int
    """Memory in MiB."""
    architecture: str
    """``x86_64`` or ``arm64``."""
    interfaces: int
    """Most network interfaces of the first network card, the only one that the network plugin uses for pods."""
    addresses: int
    """Most IPv4 addresses of one interface, its own included."""
    nitro: bool
    """Whether it is built on Nitro, which prefix delegation needs."""
    accelerator: str
    """``nvidia``, ``neuron`` or empty."""

    @property
    def shape(self) -> tuple[int, int]:
        """Processors and memory: what the scheduler sees of a type."""
        return self.vcpus, self.memory_mib

    def max_pods(self, *, prefix_delegation: bool = False) -> int:
        """Compute the most pods of a managed node, as EKS does.

        Every address but each interface's own is a pod's; managed node groups cap the number at 110, and at 250 above
        30 vCPU (EKS user guide, "Amazon EKS recommended maximum Pods for each Amazon EC2 instance type").
        """
        each = (self.addresses - 1) * (_PREFIX_ADDRESSES if prefix_delegation and self.nitro else 1)
        cap = _MAX_PODS_LARGE if self.vcpus > _LARGE_VCPUS else _MAX_PODS_SMALL
        return min(self.interfaces * each + HOST_NETWORK_PODS, cap)

    def max_addresses(self, *, prefix_delegation: bool = False) -> int:
        """Compute how many addresses of its subnet a node takes when it is full of pods."""
        pods = self.max_pods(prefix_delegation=prefix_delegation) - HOST_NETWORK_PODS
        block = _PREFIX_ADDRESSES if prefix_delegation and self.nitro else 1
        blocks = ceil(pods / block)
        interfaces = max(1, ceil(blocks / max(1, self.addresses - 1)))
        return interfaces + blocks * block


def find(name: str) -> InstanceType | None:
    """Look a type up; None when the table hasn't it."""
    if not _NAME.fullmatch(name):
        return None
    start = _table().find(f"\n{name} ") + 1
    return _parsed(_table()[start : _table().index("\n", start)]) if start else None


def every() -> tuple[InstanceType, ...]:
    """Give every type of the table, by name."""
    return tuple(_parsed(line) for line in _table().splitlines() if line and not line.startswith("#"))


def nearest(name: str) -> str:
    """Give the type whose name is nearest, or an empty text."""
    return next(iter(get_close_matches(name, [known.name for known in every()], n=1, cutoff=0.75)), "")


def _parsed(line: str) -> InstanceType:
    name, vcpus, memory, architecture, interfaces, addresses, hypervisor, accelerator = line.split()
    return InstanceType(
        name=name,
        vcpus=int(vcpus),
        memory_mib=int(memory),
        architecture=architecture,
        interfaces=int(interfaces),
        addresses=int(addresses),
        nitro=hypervisor == "nitro",
        accelerator="" if accelerator == "-" else accelerator,
    )


@cache
def _table() -> str:
    return _TABLE.read_text(encoding="ascii")
