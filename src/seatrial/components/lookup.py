"""What only AWS can tell before anything is made: which account this is, and which zones it has."""

import pulumi
from pulumi_aws.get_availability_zones import get_availability_zones
from pulumi_aws.get_caller_identity import get_caller_identity
from pulumi_aws.get_partition import get_partition

from seatrial.components.environment import AccountArgs
from seatrial.config.network import Network
from seatrial.errors import ConfigError, Fault

_WITHOUT_EKS = ("use1-az3", "usw1-az2", "cac1-az3")
"""Ids of zones in which EKS can't place a control plane (EKS user guide, subnet requirements)."""


def account(region: str, opts: pulumi.InvokeOptions) -> AccountArgs:
    """Ask which account the provider's credentials belong to."""
    partition = get_partition(opts=opts)
    return {
        "partition": partition.partition,
        "dns_suffix": partition.dns_suffix,
        "account_id": get_caller_identity(opts=opts).account_id,
        "region": region,
    }


def zones(network: Network, opts: pulumi.InvokeOptions) -> tuple[str, ...]:
    """Return the zones that the description names, or else the region's first."""
    if network.zones:
        return network.zones
    found = get_availability_zones(
        state="available",
        filters=[{"name": "zone-type", "values": ["availability-zone"]}],
        exclude_zone_ids=list(_WITHOUT_EKS),
        opts=opts,
    )
    names = tuple(sorted(found.names))[: network.zone_count]
    if len(names) < network.zone_count:
        raise ConfigError([_too_few(network.zone_count, len(names))])
    return names


def _too_few(wanted: int, there: int) -> Fault:
    return Fault(
        path="network.zoneCount",
        found=str(wanted),
        allowed=f"at most {there}, the zones of the region that this account can use for EKS",
    )
