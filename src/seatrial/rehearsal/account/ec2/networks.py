"""VPCs, subnets and internet gateways: what AWS refuses about them."""

import ipaddress
from ipaddress import IPv4Network

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2 import interfaces, stores, zones
from seatrial.rehearsal.account.ec2.stores import blocked, store
from seatrial.rehearsal.account.ec2.wire import one
from seatrial.rehearsal.account.refusal import RefusedError

LARGEST, SMALLEST = 16, 28
"""Prefix lengths that AWS accepts for networks and subnets."""

RESERVED = 5
"""Addresses of a subnet that AWS keeps for itself."""


def create_vpc(params: Params) -> None:
    """Refuse a range that AWS doesn't accept."""
    _range(one(params, "CidrBlock"), "InvalidVpc.Range")


def _range(cidr: str, code: str) -> IPv4Network:
    try:
        block = IPv4Network(cidr)
    except ValueError as fault:
        text = f"Value ({cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        raise RefusedError("InvalidParameterValue", text) from fault
    if not LARGEST <= block.prefixlen <= SMALLEST:
        raise RefusedError(code, f"The CIDR '{cidr}' is invalid.")
    return block


def delete_vpc(params: Params) -> None:
    """Refuse while anything but AWS's own parts is in the network."""
    vpc = one(params, "VpcId")
    tables = [table for table in store("RouteTableId").values() if table["VpcId"] == vpc and not _is_main(table)]
    gateways = [nat for nat in store("NatGatewayId").values() if nat["VpcId"] == vpc and nat["State"] != "deleted"]
    endpoints = [endpoint for endpoint in store("VpcEndpointId").values() if endpoint["VpcId"] == vpc]
    if tables or gateways or endpoints or stores.interfaces("VpcId", vpc):
        raise blocked("vpc", vpc)


def own_parts(params: Params) -> list[str]:
    """Name what AWS made with a network, and removes with it."""
    vpc = one(params, "VpcId")
    return [name for kind in ("GroupId", "RouteTableId") for name, part in store(kind).items() if part["VpcId"] == vpc]


def _is_main(table: emulator.Record) -> bool:
    return any(association.get("Main") for association in table.get("Associations", []))


def create_subnet(params: Params) -> None:
    """Refuse a range outside the network or over another subnet, and zones that aren't there."""
    cidr = one(params, "CidrBlock")
    block = _range(cidr, "InvalidSubnet.Range")
    vpc = store("VpcId")[one(params, "VpcId")]
    if not block.subnet_of(IPv4Network(vpc["CidrBlock"])):
        raise RefusedError("InvalidSubnet.Range", f"The CIDR '{cidr}' is invalid.")
    for other in store("SubnetId").values():
        if other["VpcId"] == vpc["VpcId"] and block.overlaps(IPv4Network(other["CidrBlock"])):
            raise RefusedError("InvalidSubnet.Conflict", f"The CIDR '{cidr}' conflicts with another subnet")
    zones.check(one(params, "AvailabilityZone", f"{emulator.region()}a"))


def count_addresses() -> None:
    """Bring the number of free addresses of every subnet up to date."""
    for subnet in store("SubnetId").values():
        size = ipaddress.ip_network(subnet["CidrBlock"]).num_addresses
        taken = len(stores.interfaces("SubnetId", subnet["SubnetId"]))
        subnet["AvailableIpAddressCount"] = size - RESERVED - taken


def delete_subnet(params: Params) -> None:
    """Refuse while a network interface is in the subnet; forget its route table otherwise."""
    subnet = one(params, "SubnetId")
    if stores.interfaces("SubnetId", subnet):
        raise blocked("subnet", subnet)
    for table in store("RouteTableId").values():
        table["Associations"] = [tie for tie in table["Associations"] if tie.get("SubnetId") != subnet]


def attach_gateway(params: Params) -> None:
    """Refuse a second internet gateway of a network."""
    vpc = one(params, "VpcId")
    for gateway in store("InternetGatewayId").values():
        if any(tie["VpcId"] == vpc for tie in gateway["Attachments"]):
            text = f"Network {vpc} already has an internet gateway attached"
            raise RefusedError("InvalidParameterValue", text)


def detach_gateway(params: Params) -> None:
    """Refuse while public addresses of the network are in use."""
    gateway, vpc = one(params, "InternetGatewayId"), one(params, "VpcId")
    if not any(tie["VpcId"] == vpc for tie in store("InternetGatewayId")[gateway]["Attachments"]):
        raise RefusedError("Gateway.NotAttached", f"resource {gateway} is not attached to network {vpc}")
    if any(interfaces.public_address(eni) for eni in stores.interfaces("VpcId", vpc)):
        text = f"Network {vpc} has some mapped public address(es). Please unmap those before detaching the gateway."
        raise RefusedError("DependencyViolation", text)


def delete_gateway(params: Params) -> None:
    """Refuse while the gateway is attached."""
    gateway = one(params, "InternetGatewayId")
    if store("InternetGatewayId")[gateway]["Attachments"]:
        raise blocked("internetGateway", gateway)
