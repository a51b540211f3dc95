"""EC2's resources by kind, and which of them a call names that isn't there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.wire import one, several
from seatrial.rehearsal.account.emulator import Record, Store
from seatrial.rehearsal.account.refusal import RefusedError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource."""

    store: str
    """MiniStack's store."""
    noun: str
    """As in AWS's message."""
    code: str
    """Error code when one isn't there."""


KINDS: Mapping[str, Kind] = {
    "VpcId": Kind("_vpcs", "vpc ID", "InvalidVpcID.NotFound"),
    "SubnetId": Kind("_subnets", "subnet ID", "InvalidSubnetID.NotFound"),
    "InternetGatewayId": Kind("_internet_gateways", "internetGateway ID", "InvalidInternetGatewayID.NotFound"),
    "RouteTableId": Kind("_route_tables", "routeTable ID", "InvalidRouteTableID.NotFound"),
    "AllocationId": Kind("_addresses", "allocation ID", "InvalidAllocationID.NotFound"),
    "NatGatewayId": Kind("_nat_gateways", "NAT gateway", "NatGatewayNotFound"),
    "GroupId": Kind("_security_groups", "security group", "InvalidGroup.NotFound"),
    "SecurityGroupId": Kind("_security_groups", "security group", "InvalidGroup.NotFound"),
    "NetworkInterfaceId": Kind("_network_interfaces", "networkInterface ID", "InvalidNetworkInterfaceID.NotFound"),
    "VpcEndpointId": Kind("_vpc_endpoints", "Vpc Endpoint Id", "InvalidVpcEndpointId.NotFound"),
    "FlowLogId": Kind("_flow_logs", "flow log ID", "InvalidFlowLogId.NotFound"),
    "InstanceId": Kind("_instances", "instance ID", "InvalidInstanceID.NotFound"),
    "VolumeId": Kind("_volumes", "volume", "InvalidVolume.NotFound"),
    "SnapshotId": Kind("_snapshots", "snapshot", "InvalidSnapshot.NotFound"),
    "LaunchTemplateId": Kind("_launch_templates", "launch template", "InvalidLaunchTemplateId.NotFound"),
}
"""Parameter to the kind of what it names."""


def store(name: str) -> Store:
    """Give the live store of a kind, by the parameter that names it."""
    return emulator.store("ec2", KINDS[name].store)


def check(params: Params) -> None:
    """Refuse a call that names something that isn't there."""
    for name, kind in KINDS.items():
        for given in [*([one(params, name)] if name in params else []), *several(params, name)]:
            if given not in store(name):
                raise RefusedError(kind.code, f"The {kind.noun} '{given}' does not exist")


def named(params: Params) -> Iterator[str]:
    """Give every id that a call names."""
    for name in KINDS:
        yield from [one(params, name)] if name in params else []
        yield from several(params, name)


def interfaces(member: str, wanted: str) -> list[Record]:
    """Give the network interfaces of a subnet, network or security group."""
    every = emulator.store("ec2", "_network_interfaces").values()
    if member == "GroupId":
        return [eni for eni in every if any(group["GroupId"] == wanted for group in eni["Groups"])]
    return [eni for eni in every if eni[member] == wanted]


def blocked(kind: str, resource: str) -> RefusedError:
    """Give the refusal to delete something that something else needs."""
    text = f"The {kind} '{resource}' has dependencies and cannot be deleted."
    return RefusedError("DependencyViolation", text)
