"""Elastic addresses with what they are associated to."""

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import one, tag_set
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError


def release(params: Params) -> None:
    """Refuse to release an address that is in use."""
    allocation = one(params, "AllocationId")
    if store("AllocationId")[allocation].get("AssociationId"):
        text = f"The address with allocation id [{allocation}] cannot be released because it is in use."
        raise RefusedError("InvalidIPAddress.InUse", text)


def dissociate(params: Params) -> None:
    """Refuse an association that isn't there, and one that belongs to a NAT gateway."""
    wanted = one(params, "AssociationId")
    found = [address for address in store("AllocationId").values() if address.get("AssociationId") == wanted]
    if not found:
        raise RefusedError("InvalidAssociationID.NotFound", f"The association ID '{wanted}' does not exist")
    if found[0].get("NetworkInterfaceId"):
        raise RefusedError("AuthFailure", "You do not have permission to access the specified resource.")


def shown(address: Record) -> Record:
    """Give an address as EC2 shows it."""
    return {
        "publicIp": address["PublicIp"],
        "allocationId": address["AllocationId"],
        "associationId": address.get("AssociationId"),
        "domain": address["Domain"],
        "instanceId": address.get("InstanceId"),
        "networkInterfaceId": address.get("NetworkInterfaceId"),
        "networkInterfaceOwnerId": emulator.account() if address.get("NetworkInterfaceId") else None,
        "privateIpAddress": address.get("PrivateIpAddress"),
        "publicIpv4Pool": "amazon",
        "networkBorderGroup": emulator.region(),
        "tagSet": tag_set(address["AllocationId"]),
    }
