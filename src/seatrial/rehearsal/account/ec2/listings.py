"""Lists of EC2's resources: by id, by filter, and refused when an id isn't there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2 import (
    addresses,
    endpoints,
    flow_logs,
    instances,
    interfaces,
    nat_gateways,
    volumes,
)
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import Field, Written, selected, several
from seatrial.rehearsal.account.emulator import Record


def _member(name: str) -> Field:
    return lambda record: record.get(name, "")


def _flag(name: str) -> Field:
    return lambda record: str(bool(record.get(name))).lower()


def _each(name: str, inner: str) -> Field:
    return lambda record: [item.get(inner, "") for item in cast("list[Record]", record.get(name) or [])]


def _within(name: str, inner: str) -> Field:
    return lambda record: cast(Record, record.get(name) or {}).get(inner, "")


@dataclass(frozen=True, slots=True)
class Listing:
    """How resources of a kind are listed."""

    member: str
    """Parameter that lists ids."""
    answer: str
    """Name of the list on the wire."""
    shown: "Callable[[Record], Record | Written] | str"
    """What writes one, or the name of MiniStack's function that does."""
    fields: Mapping[str, Field]
    """Filter to what it looks at."""


LISTINGS: Mapping[str, Listing] = {
    "DescribeVpcs": Listing(
        "VpcId",
        "vpcSet",
        "_vpc_xml",
        {
            "vpc-id": _member("VpcId"),
            "cidr": _member("CidrBlock"),
            "cidr-block": _member("CidrBlock"),
            "state": _member("State"),
            "is-default": _flag("IsDefault"),
        },
    ),
    "DescribeSubnets": Listing(
        "SubnetId",
        "subnetSet",
        "_subnet_xml",
        {
            "subnet-id": _member("SubnetId"),
            "vpc-id": _member("VpcId"),
            "availability-zone": _member("AvailabilityZone"),
            "cidr-block": _member("CidrBlock"),
            "state": _member("State"),
        },
    ),
    "DescribeInternetGateways": Listing(
        "InternetGatewayId",
        "internetGatewaySet",
        "_igw_xml",
        {
            "internet-gateway-id": _member("InternetGatewayId"),
            "attachment.vpc-id": _each("Attachments", "VpcId"),
            "attachment.state": _each("Attachments", "State"),
        },
    ),
    "DescribeRouteTables": Listing(
        "RouteTableId",
        "routeTableSet",
        "_rtb_fields_xml",
        {
            "route-table-id": _member("RouteTableId"),
            "vpc-id": _member("VpcId"),
            "association.route-table-association-id": _each("Associations", "RouteTableAssociationId"),
            "association.subnet-id": _each("Associations", "SubnetId"),
            "association.main": lambda record: [str(bool(tie.get("Main"))).lower() for tie in record["Associations"]],
        },
    ),
    "DescribeSecurityGroups": Listing(
        "GroupId",
        "securityGroupInfo",
        "_sg_xml",
        {
            "group-id": _member("GroupId"),
            "group-name": _member("GroupName"),
            "vpc-id": _member("VpcId"),
            "description": _member("Description"),
        },
    ),
    "DescribeNetworkInterfaces": Listing(
        "NetworkInterfaceId",
        "networkInterfaceSet",
        interfaces.shown,
        {
            "network-interface-id": _member("NetworkInterfaceId"),
            "vpc-id": _member("VpcId"),
            "subnet-id": _member("SubnetId"),
            "status": _member("Status"),
            "description": _member("Description"),
            "group-id": _each("Groups", "GroupId"),
            "interface-type": _member("InterfaceType"),
            "availability-zone": _member("AvailabilityZone"),
            "private-ip-address": _member("PrivateIpAddress"),
            "owner-id": _member("OwnerId"),
            "group-name": _each("Groups", "GroupName"),
            "requester-id": _member("RequesterId"),
            "requester-managed": lambda record: str(interfaces.is_requesters(record)).lower(),
            "attachment.instance-id": _within("Attachment", "InstanceId"),
            "attachment.attachment-id": _within("Attachment", "AttachmentId"),
            "association.public-ip": interfaces.public_address,
        },
    ),
    "DescribeInstances": Listing(
        "InstanceId",
        "reservationSet",
        instances.shown,
        {
            "instance-id": _member("InstanceId"),
            "instance-state-name": _within("State", "Name"),
            "instance-type": _member("InstanceType"),
            "image-id": _member("ImageId"),
            "vpc-id": _member("VpcId"),
            "subnet-id": _member("SubnetId"),
            "availability-zone": _within("Placement", "AvailabilityZone"),
            "private-ip-address": _member("PrivateIpAddress"),
            "instance.group-id": _each("SecurityGroups", "GroupId"),
        },
    ),
    "DescribeVolumes": Listing(
        "VolumeId",
        "volumeSet",
        volumes.shown,
        {
            "volume-id": _member("VolumeId"),
            "status": _member("State"),
            "size": _member("Size"),
            "volume-type": _member("VolumeType"),
            "availability-zone": _member("AvailabilityZone"),
            "snapshot-id": _member("SnapshotId"),
            "encrypted": _flag("Encrypted"),
            "attachment.instance-id": _each("Attachments", "InstanceId"),
            "attachment.status": _each("Attachments", "State"),
        },
    ),
    "DescribeSnapshots": Listing(
        "SnapshotId",
        "snapshotSet",
        volumes.snapshot_shown,
        {
            "snapshot-id": _member("SnapshotId"),
            "volume-id": _member("VolumeId"),
            "volume-size": _member("VolumeSize"),
            "status": _member("State"),
            "description": _member("Description"),
            "owner-id": _member("OwnerId"),
            "encrypted": _flag("Encrypted"),
        },
    ),
    "DescribeNatGateways": Listing(
        "NatGatewayId",
        "natGatewaySet",
        nat_gateways.shown,
        {
            "nat-gateway-id": _member("NatGatewayId"),
            "vpc-id": _member("VpcId"),
            "subnet-id": _member("SubnetId"),
            "state": _member("State"),
        },
    ),
    "DescribeVpcEndpoints": Listing(
        "VpcEndpointId",
        "vpcEndpointSet",
        endpoints.shown,
        {
            "vpc-endpoint-id": _member("VpcEndpointId"),
            "vpc-id": _member("VpcId"),
            "service-name": _member("ServiceName"),
            "vpc-endpoint-type": _member("VpcEndpointType"),
            "vpc-endpoint-state": _member("State"),
        },
    ),
    "DescribeFlowLogs": Listing(
        "FlowLogId",
        "flowLogSet",
        flow_logs.shown,
        {
            "flow-log-id": _member("FlowLogId"),
            "resource-id": _member("ResourceId"),
            "log-group-name": _member("LogGroupName"),
            "traffic-type": _member("TrafficType"),
        },
    ),
    "DescribeAddresses": Listing(
        "AllocationId",
        "addressesSet",
        addresses.shown,
        {
            "allocation-id": _member("AllocationId"),
            "association-id": _member("AssociationId"),
            "domain": _member("Domain"),
            "network-interface-id": _member("NetworkInterfaceId"),
            "public-ip": _member("PublicIp"),
        },
    ),
}
"""Operation to its listing."""


def answer(listing: Listing, params: Params) -> dict[str, Any]:
    """Answer a list."""
    found = selected(params, list(store(listing.member).values()), listing.member, listing.fields)
    records = found if _own(params) else []
    if callable(listing.shown):
        return {listing.answer: [listing.shown(record) for record in records]}
    write = emulator.member(emulator.service("ec2"), listing.shown)
    return {listing.answer: Written("".join(write(record) for record in records))}


def _own(params: Params) -> bool:
    """Whether a list may hold what is the account's own; there is nothing of others'."""
    owners = several(params, "Owner")
    return not owners or not {"self", emulator.account()}.isdisjoint(owners)
