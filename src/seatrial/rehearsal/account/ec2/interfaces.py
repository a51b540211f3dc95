"""Network interfaces: made by a caller or by a service, as EC2 shows them, and what AWS refuses about them."""

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import one, several, tag_set, tags
from seatrial.rehearsal.account.eks import network
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

ENDING = "_gone_at"
"""Member of an interface that its service has let go of: when it goes, in seconds since the epoch."""


def create(params: Params) -> Record:
    """CreateNetworkInterface."""
    subnet = store("SubnetId")[one(params, "SubnetId")]
    groups = groups_in(subnet["VpcId"], several(params, "SecurityGroupId"))
    made = network.place(subnet, groups, one(params, "Description"), tags(params, "network-interface"))
    return {"networkInterface": shown(made)}


def groups_in(vpc: str, wanted: list[str]) -> list[str]:
    """Give these security groups, or the network's default one; refuse those of another network."""
    if any(store("GroupId")[group]["VpcId"] != vpc for group in wanted):
        text = "You have specified two resources that belong to different networks."
        raise RefusedError("InvalidParameterValue", text)
    return wanted or [store("VpcId")[vpc]["DefaultSecurityGroupId"]]


def delete(params: Params) -> None:
    """Refuse while the interface is attached."""
    interface = one(params, "NetworkInterfaceId")
    if store("NetworkInterfaceId")[interface]["Status"] == "in-use":
        text = f"Network interface '{interface}' is currently in use."
        raise RefusedError("InvalidParameterValue", text)


def detach(params: Params) -> None:
    """Refuse an attachment that isn't there, and one that belongs to a service of AWS."""
    wanted = one(params, "AttachmentId")
    attachments = [record["Attachment"] for record in store("NetworkInterfaceId").values() if record["Attachment"]]
    found = next((attachment for attachment in attachments if attachment["AttachmentId"] == wanted), None)
    if found is None:
        raise RefusedError("InvalidAttachmentID.NotFound", f"The attachment '{wanted}' does not exist.")
    if not found["InstanceId"]:
        kind = wanted.rpartition("-")[0]
        raise RefusedError("OperationNotPermitted", f"You are not allowed to manage '{kind}' attachments.")


def public_address(interface: Record) -> str:
    """Give the public address of an interface: its service's, or an elastic one; empty when it has none."""
    number = interface["NetworkInterfaceId"]
    elastic = [it["PublicIp"] for it in store("AllocationId").values() if it.get("NetworkInterfaceId") == number]
    return next(iter(elastic), interface.get("PublicIp", ""))


def settle(interface: Record) -> None:
    """Let an interface go that its service has let go of, with its hold on an elastic address."""
    for address in store("AllocationId").values():
        if address.get("NetworkInterfaceId") == interface["NetworkInterfaceId"]:
            address |= {"NetworkInterfaceId": None, "PrivateIpAddress": None, "AssociationId": None}
    network.release([interface["NetworkInterfaceId"]])


def shown(interface: Record) -> Record:
    """Give an interface as EC2 shows it."""
    public, private = public_address(interface), interface["PrivateIpAddress"]
    owner = interface.get("RequesterId") or emulator.account()
    association = {"publicIp": public, "ipOwnerId": owner} if public else None
    return {
        "networkInterfaceId": interface["NetworkInterfaceId"],
        "subnetId": interface["SubnetId"],
        "vpcId": interface["VpcId"],
        "availabilityZone": interface["AvailabilityZone"],
        "description": interface["Description"],
        "ownerId": interface["OwnerId"],
        "requesterId": interface.get("RequesterId"),
        "requesterManaged": is_requesters(interface),
        "status": interface["Status"],
        "macAddress": interface["MacAddress"],
        "privateIpAddress": private,
        "sourceDestCheck": interface["SourceDestCheck"],
        "groupSet": [{"groupId": it["GroupId"], "groupName": it["GroupName"]} for it in interface["Groups"]],
        "attachment": _attached(interface),
        "association": association,
        "tagSet": tag_set(interface["NetworkInterfaceId"]),
        "privateIpAddressesSet": [{"privateIpAddress": private, "primary": True, "association": association}],
        "interfaceType": interface["InterfaceType"],
    }


def is_requesters(interface: Record) -> bool:
    """Whether a service of AWS manages an interface: a load balancer, NAT gateway or endpoint."""
    return bool(interface.get("RequesterId")) or interface["InterfaceType"] != "interface"


def _attached(interface: Record) -> Record | None:
    attachment: Record = interface["Attachment"]
    if not attachment:
        return None
    instance = attachment["InstanceId"]
    return {
        "attachmentId": attachment["AttachmentId"],
        "instanceId": instance or None,
        "instanceOwnerId": emulator.account() if instance else interface.get("RequesterId", "amazon-aws"),
        "deviceIndex": attachment.get("DeviceIndex", 0 if instance else 1),
        "status": "attached",
        "attachTime": attachment["AttachTime"],
        "deleteOnTermination": bool(instance),
    }
