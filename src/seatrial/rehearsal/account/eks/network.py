"""What EKS asks of EC2, and what it makes there: the cluster's security group and network interfaces."""

import datetime as dt
import ipaddress
import secrets
from collections.abc import Iterable, Sequence

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import refusal
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

NODE_ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "s3", "sts")
"""Services that a node must reach by endpoints when its subnet has no way out (EKS user guide, private clusters)."""

_GROUP_DESCRIPTION = (
    "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
    "as well as any managed workloads."
)


def subnets(ids: Iterable[str]) -> list[Record]:
    """Look subnets up; refuse when one isn't there."""
    known = emulator.store("ec2", "_subnets")
    wanted = list(ids)
    unknown = [subnet for subnet in wanted if subnet not in known]
    if unknown:
        refusal.invalid(
            f"The subnet ID '{unknown[0]}' does not exist (Service: AmazonEC2; Status Code: 400; "
            "Error Code: InvalidSubnetID.NotFound)"
        )
    return [known[subnet] for subnet in wanted]


def remaining(ids: Iterable[str]) -> list[Record]:
    """Look subnets up, without those that are gone."""
    known = emulator.store("ec2", "_subnets")
    return [known[subnet] for subnet in ids if subnet in known]


def groups_of(vpc: str, ids: Iterable[str]) -> None:
    """Refuse security groups that aren't there or belong to another network."""
    known = emulator.store("ec2", "_security_groups")
    for group in ids:
        if group not in known:
            refusal.invalid(
                f"The security group '{group}' does not exist (Service: AmazonEC2; Status Code: 400; "
                "Error Code: InvalidGroup.NotFound)"
            )
        if known[group]["VpcId"] != vpc:
            refusal.invalid(f"Security group(s) [{group}] are not in the same VPC as the subnets.")


def reaches_aws(subnet: Record) -> bool:
    """Whether a node in the subnet can reach the services it needs to join."""
    routes = _routes(subnet)
    way_out = any(route.get("DestinationCidrBlock") == "0.0.0.0/0" and _leads_out(route) for route in routes)
    return way_out or _has_endpoints(subnet["VpcId"])


def _routes(subnet: Record) -> list[Record]:
    tables = [table for table in emulator.store("ec2", "_route_tables").values() if table["VpcId"] == subnet["VpcId"]]
    own = [table for table in tables if _serves(table, "SubnetId", subnet["SubnetId"])]
    main = [table for table in tables if _serves(table, "Main", wanted=True)]
    return [route for table in (own or main)[:1] for route in table["Routes"]]


def _serves(table: Record, member: str, wanted: object) -> bool:
    return any(association.get(member) == wanted for association in table.get("Associations", []))


def _leads_out(route: Record) -> bool:
    gateway = route.get("NatGatewayId")
    if gateway:
        return emulator.store("ec2", "_nat_gateways").get(gateway, {}).get("State") == "available"
    return bool(route.get("GatewayId") or route.get("TransitGatewayId"))


def _has_endpoints(vpc: str) -> bool:
    endpoints = emulator.store("ec2", "_vpc_endpoints").values()
    served = {endpoint["ServiceName"] for endpoint in endpoints if endpoint.get("VpcId") == vpc}
    return all(f"com.amazonaws.{emulator.region()}.{name}" in served for name in NODE_ENDPOINTS)


def make_group(cluster: str, vpc: str) -> str:
    """Make the security group that EKS puts on its interfaces and on the nodes."""
    group, name = f"sg-{secrets.token_hex(9)[:17]}", f"eks-cluster-sg-{cluster}-{secrets.randbelow(10**9)}"
    anywhere: Record = {"IpProtocol": "-1", "Ipv6Ranges": [], "PrefixListIds": []}
    pair = {"GroupId": group}
    emulator.store("ec2", "_security_groups")[group] = {
        "GroupId": group,
        "GroupName": name,
        "Description": _GROUP_DESCRIPTION,
        "VpcId": vpc,
        "OwnerId": emulator.account(),
        "IpPermissions": [{**anywhere, "IpRanges": [], "UserIdGroupPairs": [pair]}],
        "IpPermissionsEgress": [{**anywhere, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "UserIdGroupPairs": []}],
    }
    tag(group, {"Name": name, "aws:eks:cluster-name": cluster, f"kubernetes.io/cluster/{cluster}": "owned"})
    return group


def tag(identifier: str, tags: dict[str, str]) -> None:
    """Tag a resource of EC2, with keys that only AWS may use among them."""
    emulator.store("ec2", "_tags")[identifier] = [{"Key": key, "Value": value} for key, value in tags.items()]  # pyright: ignore[reportArgumentType]


def remove_group(group: str) -> None:
    """Remove the cluster's security group, unless something still uses it: then it stays behind, as on AWS."""
    interfaces = emulator.store("ec2", "_network_interfaces").values()
    if not any(member["GroupId"] == group for interface in interfaces for member in interface["Groups"]):
        emulator.store("ec2", "_security_groups").pop(group, None)
        emulator.store("ec2", "_tags").pop(group, None)


def attach(subnet: Record, groups: Sequence[str], description: str, instance: str, tags: dict[str, str]) -> str:
    """Put a network interface into a subnet, attached to something that EC2 doesn't show."""
    interface = place(subnet, groups, description, tags)
    interface |= {"Status": "in-use", "Attachment": _attachment(instance)}
    return interface["NetworkInterfaceId"]


def place(subnet: Record, groups: Sequence[str], description: str, tags: dict[str, str]) -> Record:
    """Put a network interface into a subnet, attached to nothing."""
    number = f"eni-{secrets.token_hex(9)[:17]}"
    known = emulator.store("ec2", "_security_groups")
    interface: Record = {
        "NetworkInterfaceId": number,
        "SubnetId": subnet["SubnetId"],
        "VpcId": subnet["VpcId"],
        "AvailabilityZone": subnet["AvailabilityZone"],
        "Description": description,
        "OwnerId": emulator.account(),
        "Status": "available",
        "PrivateIpAddress": _address(subnet),
        "InterfaceType": "interface",
        "SourceDestCheck": True,
        "MacAddress": "02:" + secrets.token_bytes(5).hex(":"),
        "Groups": [{"GroupId": group, "GroupName": known.get(group, {}).get("GroupName", group)} for group in groups],
        "Attachment": None,
    }
    emulator.store("ec2", "_network_interfaces")[number] = interface
    if tags:
        tag(number, tags)
    return interface


def owner(interface: str) -> str:
    """Say which instance an interface is attached to; empty when to none, or when it is gone."""
    record = emulator.store("ec2", "_network_interfaces").get(interface, {})
    attachment: Record = record.get("Attachment") or {}
    return attachment.get("InstanceId", "")


def _attachment(instance: str) -> Record:
    number, when = secrets.token_hex(9)[:17], dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    # AWS names the attachments that belong to its services otherwise: nobody else may detach them.
    kind = "eni-attach" if instance else "ela-attach"
    return {"AttachmentId": f"{kind}-{number}", "InstanceId": instance, "AttachTime": when}


RESERVED = range(4)
"""Places of the addresses that AWS keeps for itself at the beginning of a subnet; the last one is its own too."""


def free(subnet: Record) -> int:
    """Count the addresses of a subnet that nothing has."""
    interfaces = emulator.store("ec2", "_network_interfaces").values()
    taken = sum(interface["SubnetId"] == subnet["SubnetId"] for interface in interfaces)
    return ipaddress.ip_network(subnet["CidrBlock"]).num_addresses - len(RESERVED) - 1 - taken


def _address(subnet: Record) -> str:
    """Give an address of the subnet that no other interface has."""
    if not free(subnet):
        text = f"There are not enough free addresses in subnet '{subnet['SubnetId']}'"
        raise RefusedError("InsufficientFreeAddressesInSubnet", text)
    interfaces = emulator.store("ec2", "_network_interfaces").values()
    taken = {interface["PrivateIpAddress"] for interface in interfaces}
    block = ipaddress.ip_network(subnet["CidrBlock"])
    usable = (str(block[offset]) for offset in range(RESERVED.stop, block.num_addresses - 1))
    return next(address for address in usable if address not in taken)


def release(interfaces: Iterable[str]) -> None:
    """Remove interfaces."""
    for interface in interfaces:
        emulator.store("ec2", "_network_interfaces").pop(interface, None)
        emulator.store("ec2", "_tags").pop(interface, None)


def abandon(interfaces: Iterable[str]) -> None:
    """Leave interfaces behind, attached to nothing."""
    for interface in interfaces:
        record = emulator.store("ec2", "_network_interfaces").get(interface)
        if record:
            record |= {"Status": "available", "Attachment": None}
