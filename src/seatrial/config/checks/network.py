"""Zones, gateways and ranges of addresses among each other."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network

from seatrial.config.checks.check import Check, Context
from seatrial.config.location import found, path
from seatrial.config.network import Nat
from seatrial.errors import Fault

_REGION = ("region",)
_CIDR = ("network", "cidrBlock")
_ZONES = ("network", "zones")
_ZONE_COUNT = ("network", "zoneCount")
_NAT = ("network", "nat")
_ENDPOINTS = ("network", "interfaceEndpoints")
_SERVICES = ("cluster", "serviceCidr")


def _zones_in_region(context: Context) -> Iterator[Fault]:
    region = context.platform.region
    for index, zone in enumerate(context.platform.network.zones):
        if zone[:-1] != region:
            yield Fault(path((*_ZONES, index)), found(zone), f"zones of the region {region}, such as {region}a")


def _zones_distinct(context: Context) -> Iterator[Fault]:
    zones = context.platform.network.zones
    for zone, times in Counter(zones).items():
        if times > 1:
            yield Fault(path(_ZONES), found(list(zones)), "each zone once", f"{zone} stands {times} times")


def _zones_counted(context: Context) -> Iterator[Fault]:
    network = context.platform.network
    if network.zones and len(network.zones) != network.zone_count:
        yield Fault(
            path(_ZONES),
            found(list(network.zones)),
            f"as many zones as zoneCount says, {network.zone_count}",
            "leave zoneCount out and the zones are counted" if len(network.zones) > 1 else "EKS needs two zones",
        )


def _endpoints_without_nat(context: Context) -> Iterator[Fault]:
    network = context.platform.network
    if network.nat is Nat.NONE and not network.interface_endpoints:
        yield Fault(
            path(_ENDPOINTS),
            "false",
            "true when nat is none",
            "without either, nodes reach no AWS API and never join the cluster",
        )


def _services_apart(context: Context) -> Iterator[Fault]:
    services, vpc = context.platform.cluster.service_cidr, context.platform.network.cidr_block
    if IPv4Network(services).overlaps(IPv4Network(vpc)):
        yield Fault(path(_SERVICES), found(services), f"a range that doesn't overlap the VPC's, {vpc}")


CHECKS = (
    Check(reads=(_REGION, _ZONES), run=_zones_in_region),
    Check(reads=(_ZONES,), run=_zones_distinct),
    Check(reads=(_ZONES, _ZONE_COUNT), run=_zones_counted),
    Check(reads=(_NAT, _ENDPOINTS), run=_endpoints_without_nat),
    Check(reads=(_CIDR, _SERVICES), run=_services_apart),
)
