"""What is outside of the cluster's pods, by address: what a network policy means when it names a range."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from seatrial.manifests.addresses import NODE_LOCAL_DNS
from seatrial.plan import Resource
from seatrial.rules.facts.types import CLUSTER, SUBNET, VPC
from seatrial.rules.facts.values import at, text
from seatrial.rules.view import View
from seatrial.semantics.network_policy import Range

API: Final = "Kubernetes API"
DNS: Final = "DNS"
WORLD: Final = "AWS and the world outside"

_AGENT: Final = ("169.254.170.23/32", "fd00:ec2::23/128")
"""Where the Pod Identity agent answers pods: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html"""
_METADATA: Final = ("169.254.169.254/32", "fd00:ec2::254/128")
"""Where a node's metadata service answers."""
_FRONT: Final = 1
_RESOLVER: Final = 10
"""Which addresses of the service range EKS gives to the Kubernetes API and to cluster DNS."""
_LARGE: Final = 2**24
"""From how many addresses on a range is the world: policies cut small holes, not large ones."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Place:
    """Addresses that people have a name for."""

    name: str
    networks: tuple[Network, ...]

    def covers(self, part: Range) -> bool:
        """Tell whether a range is in one of the networks."""
        first, last = part.interval
        return any(
            part.family == each.version and int(each[0]) <= first and last <= int(each[-1]) for each in self.networks
        )


def places(view: View) -> tuple[Place, ...]:
    """Return the places of a plan, the narrowest first."""
    return tuple(Place(name, tuple(map(ipaddress.ip_network, cidrs))) for name, cidrs in _named(view))


def _named(view: View) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "Pod Identity agent", _AGENT
    yield "NodeLocal DNSCache", (f"{NODE_LOCAL_DNS}/32",)
    yield "metadata service of the node", _METADATA
    for cluster in view.of_type(CLUSTER):
        services = text(at(cluster, "kubernetesNetworkConfig.serviceIpv4Cidr"))
        if services:
            network = ipaddress.ip_network(services)
            yield DNS, (f"{network[_RESOLVER]}/32",)
            yield API, (f"{network[_FRONT]}/32",)
            yield "services of the cluster", (services,)
    subnets = view.of_type(SUBNET)
    yield "load balancers in public subnets", _cidrs(*(each for each in subnets if view.routing.is_public(each)))
    # Where the control plane has its interfaces, and so answers too.
    yield (
        "private subnets: API, nodes, endpoints",
        _cidrs(*(each for each in subnets if not view.routing.is_public(each))),
    )
    yield "elsewhere in the VPC", _cidrs(*view.of_type(VPC))


def _cidrs(*resources: Resource) -> tuple[str, ...]:
    return tuple(filter(None, (text(at(each, "cidrBlock")) for each in resources)))


def name(part: Range, known: tuple[Place, ...]) -> str:
    """Name the place that a range is in; the world for large ranges, its addresses for what nobody has a name for."""
    for place in known:
        if place.covers(part):
            return place.name
    first, last = part.interval
    return WORLD if last - first >= _LARGE else _written(part)


def _written(part: Range) -> str:
    first, _, last = str(part).partition("[")[0].partition("-")
    return first if first == last else f"{first} to {last}"
