"""Where a load balancer stands: interfaces of the service in its subnets, with its security groups."""

import secrets
from collections.abc import Iterable, Sequence

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.ec2.interfaces import ENDING
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import identifier
from seatrial.rehearsal.account.eks import network
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

SERVICE = "amazon-elb"
"""Who asks EC2 for the interfaces."""


def subnets(ids: Sequence[str]) -> list[Record]:
    """Give the subnets of a load balancer: of one network, each in a zone of its own."""
    known = store("SubnetId")
    unknown = [subnet for subnet in ids if subnet not in known]
    if unknown:
        raise RefusedError("SubnetNotFound", f"The subnet ID '{unknown[0]}' does not exist")
    found = [known[subnet] for subnet in ids]
    if len({subnet["VpcId"] for subnet in found}) > 1:
        raise RefusedError("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    if len({subnet["AvailabilityZone"] for subnet in found}) < len(found):
        text = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise RefusedError("InvalidConfigurationRequest", text)
    return found


def groups(vpc: str, ids: Sequence[str]) -> list[str]:
    """Give the security groups of a load balancer; refuse those that aren't there or are of another network."""
    known = store("GroupId")
    if any(known.get(group, {}).get("VpcId") != vpc for group in ids):
        raise RefusedError("InvalidSecurityGroup", "One or more security groups are invalid")
    return list(ids)


def default_group(vpc: str) -> str:
    """Give the security group of a load balancer that is given none."""
    return store("VpcId")[vpc]["DefaultSecurityGroupId"]


def check_public(vpc: str) -> None:
    """Refuse a load balancer that faces the internet in a network that doesn't."""
    gateways = store("InternetGatewayId").values()
    if not any(tie["VpcId"] == vpc for gateway in gateways for tie in gateway["Attachments"]):
        raise RefusedError("InvalidSubnet", f"VPC {vpc} has no internet gateway")


def attach(subnet: Record, security: Sequence[str], description: str, kind: str = "interface") -> str:
    """Put an interface of the service into a subnet."""
    number = network.attach(subnet, security, description, "", {})
    interface = store("NetworkInterfaceId")[number]
    interface |= {"RequesterId": SERVICE, "InterfaceType": kind}
    return number


def publish(interface: str, allocation: str = "") -> None:
    """Map a public address to an interface: the service's own, or an elastic one."""
    record = store("NetworkInterfaceId")[interface]
    if not allocation:
        record["PublicIp"] = f"52.15.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
        return
    address = store("AllocationId").get(allocation, {"AssociationId": "none"})
    if address.get("AssociationId"):
        raise RefusedError("AllocationIdNotFound", f"The allocation IDs '{allocation}' are not available for use")
    address |= {
        "NetworkInterfaceId": interface,
        "PrivateIpAddress": record["PrivateIpAddress"],
        "AssociationId": identifier("eipassoc"),
    }


def leave(interfaces: Iterable[str], due: float) -> None:
    """Let go of interfaces: they are still there for a while, and hold subnets and security groups."""
    for interface in interfaces:
        store("NetworkInterfaceId")[interface][ENDING] = due


def regroup(interfaces: Iterable[str], security: Sequence[str]) -> None:
    """Put other security groups on interfaces."""
    known = store("GroupId")
    for interface in interfaces:
        named = [{"GroupId": group, "GroupName": known[group]["GroupName"]} for group in security]
        store("NetworkInterfaceId")[interface]["Groups"] = named


def zones(found: Iterable[str]) -> list[str]:
    """Give the zones of subnets."""
    return [emulator.store("ec2", "_subnets")[subnet]["AvailabilityZone"] for subnet in found]
