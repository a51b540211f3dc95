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
    """Return the zones that the description names, or else the region's first.

    Raises:
        ConfigError: The region hasn't so many, or not those.

    """
    if network.zones:
        return _named(network.zones, _usable(None, opts))
    names = _usable("available", opts)[: network.zone_count]
    if len(names) < network.zone_count:
        raise ConfigError([_too_few(network.zone_count, len(names))])
    return names


def _usable(state: str | None, opts: pulumi.InvokeOptions) -> tuple[str, ...]:
    """Ask for the zones in a state, in any if None: whoever named a zone keeps it while it is impaired."""
    found = get_availability_zones(
        state=state,
        filters=[{"name": "zone-type", "values": ["availability-zone"]}],
        exclude_zone_ids=list(_WITHOUT_EKS),
        opts=opts,
    )
    return tuple(sorted(found.names))


def _named(wanted: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, ...]:
    allowed = f"zones of the region that this account can use for EKS: {', '.join(there)}"
    faults = [
        Fault(path=f"network.zones[{index}]", found=zone, allowed=allowed)
        for index, zone in enumerate(wanted)
        if zone not in there
    ]
    if faults:
        raise ConfigError(faults)
    return wanted


def _too_few(wanted: int, there: int) -> Fault:
    return Fault(
        path="network.zoneCount",
        found=str(wanted),
        allowed=f"at most {there}, the zones of the region that this account can use for EKS",
    )
