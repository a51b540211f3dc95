"""How a VPC's range is cut into subnets: arithmetic only."""

from dataclasses import dataclass
from ipaddress import IPv4Network

MAX_ZONES = 3
"""Zones that the cut has room for. Fixed, so that a third zone takes nothing from the first two."""

RESERVED = 5
"""Addresses of every subnet that AWS keeps for itself: the first four and the last (VPC user guide, subnet sizing)."""

_PUBLIC_PREFIX = 24

_API_SERVICE = 1
_DNS_SERVICE = 10


@dataclass(frozen=True, slots=True)
class ZoneSubnets:
    """The two subnets of one zone."""

    public: str
    """Range for what faces the internet: load balancers and NAT gateways."""
    private: str
    """Range for nodes, pods and the control plane's interfaces."""


def zone_subnets(vpc: str, zone_count: int) -> tuple[ZoneSubnets, ...]:
    """Cut ``vpc`` for so many zones.

    Each zone has a quarter of the range as its private subnet. The last quarter holds the public ones, of at most 256
    addresses each, and room for more. The cut doesn't depend on ``zone_count``: zones keep their subnets when one is
    added.
    """
    if not 1 <= zone_count <= MAX_ZONES:
        raise ValueError(f"zones: found {zone_count}; allowed: 1 to {MAX_ZONES}")
    *privates, rest = IPv4Network(vpc).subnets(prefixlen_diff=2)
    publics = rest.subnets(new_prefix=max(_PUBLIC_PREFIX, rest.prefixlen + 2))
    return tuple(
        ZoneSubnets(public=str(public), private=str(private))
        for public, private in zip(publics, privates[:zone_count], strict=False)
    )


def usable(cidr: str) -> int:
    """Count the addresses of a subnet that AWS leaves to its owner."""
    return IPv4Network(cidr).num_addresses - RESERVED


def api_service(services: str) -> str:
    """Return the address at which pods find the Kubernetes API: the first of the services' range (Kubernetes)."""
    return str(IPv4Network(services)[_API_SERVICE])


def dns_service(services: str) -> str:
    """Return the address at which pods find DNS: the tenth (EKS API, KubernetesNetworkConfigRequest)."""
    return str(IPv4Network(services)[_DNS_SERVICE])
