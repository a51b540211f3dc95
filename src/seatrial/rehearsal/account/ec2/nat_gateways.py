"""NAT gateways with their addresses and interfaces, per zone or regional, in AWS's states."""

import secrets
import time

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import KINDS, store
from seatrial.rehearsal.account.ec2.wire import identifier, one, set_tags, structures, tag_set, tags
from seatrial.rehearsal.account.eks import network
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError


def create(params: Params, due: float) -> Record:
    """CreateNatGateway."""
    regional = one(params, "AvailabilityMode", "zonal") == "regional"
    gateway = _regional(params) if regional else _zonal(params)
    gateway |= {
        "ConnectivityType": one(params, "ConnectivityType", "public"),
        "State": "pending",
        "CreateTime": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "_due": due,
    }
    store("NatGatewayId")[gateway["NatGatewayId"]] = gateway
    set_tags(gateway["NatGatewayId"], tags(params, "natgateway"))
    return {"natGateway": shown(gateway)}


def _zonal(params: Params) -> Record:
    if "SubnetId" not in params:
        raise RefusedError("MissingParameter", "The request must contain the parameter SubnetId")
    number, subnet = identifier("nat"), store("SubnetId")[one(params, "SubnetId")]
    public = one(params, "ConnectivityType", "public") == "public"
    if public and "AllocationId" not in params:
        raise RefusedError("MissingParameter", "The request must contain the parameter AllocationId")
    allocations = [one(params, "AllocationId")] if public else []
    named = {"NatGatewayId": number, "VpcId": subnet["VpcId"], "SubnetId": subnet["SubnetId"]}
    addresses = [_address(number, subnet, allocation) for allocation in allocations or [""]]
    return {**named, "AvailabilityMode": "zonal", "Addresses": addresses}


def _address(gateway: str, subnet: Record, allocation: str) -> Record:
    """Put the gateway's interface into a subnet, and its public address on it."""
    _check_free(allocation)
    interface = network.attach(subnet, [], f"Interface for NAT Gateway {gateway}", "", {})
    record = emulator.store("ec2", "_network_interfaces")[interface]
    record["InterfaceType"] = "nat_gateway"
    return {
        "networkInterfaceId": interface,
        "privateIp": record["PrivateIpAddress"],
        **(_taken(allocation, interface, record["PrivateIpAddress"]) if allocation else {}),
        "isPrimary": True,
        "status": "succeeded",
    }


def _check_free(allocation: str) -> None:
    if allocation and store("AllocationId")[allocation].get("AssociationId"):
        text = f"Elastic IP address [{allocation}] is already associated"
        raise RefusedError("Resource.AlreadyAssociated", text)


def _taken(allocation: str, interface: str, private: str) -> Record:
    address = store("AllocationId")[allocation]
    address |= {"NetworkInterfaceId": interface, "PrivateIpAddress": private, "AssociationId": identifier("eipassoc")}
    return {
        "allocationId": allocation,
        "publicIp": address["PublicIp"],
        "associationId": address["AssociationId"],
    }


def _regional(params: Params) -> Record:
    """Make a gateway of the whole network: AWS places it, and gives it addresses in every zone unless told which."""
    if "SubnetId" in params or "VpcId" not in params:
        text = "A regional NAT gateway takes a VPC and no subnet"
        raise RefusedError("InvalidParameterCombination", text)
    zones = structures(params, "AvailabilityZoneAddress")
    given = [
        (one(zone, "AvailabilityZone"), zone[name][0]) for zone in zones for name in sorted(zone) if _allocates(name)
    ]
    for _, allocation in given:
        _check_free(allocation)
    addresses = [
        {"availabilityZone": zone, **_taken(allocation, "", ""), "isPrimary": True, "status": "succeeded"}
        for zone, allocation in given
    ]
    named = {"NatGatewayId": identifier("nat"), "VpcId": one(params, "VpcId"), "AvailabilityMode": "regional"}
    return {**named, "Addresses": addresses or _provided(named["VpcId"]), "AutoProvisionZones": not given}


def _allocates(name: str) -> bool:
    return name.startswith("AllocationId.")


def _provided(vpc: str) -> list[Record]:
    zones = {subnet["AvailabilityZone"] for subnet in store("SubnetId").values() if subnet["VpcId"] == vpc}
    return [
        {
            "availabilityZone": zone,
            "publicIp": f"52.14.{secrets.randbelow(256)}.{secrets.randbelow(256)}",
            "isPrimary": True,
            "status": "succeeded",
        }
        for zone in sorted(zones)
    ]


def delete(params: Params, due: float) -> Record:
    """DeleteNatGateway."""
    gateway = store("NatGatewayId")[one(params, "NatGatewayId")]
    if gateway["State"] == "deleted":
        kind = KINDS["NatGatewayId"]
        raise RefusedError(kind.code, f"NatGateway {gateway['NatGatewayId']} was not found")
    gateway |= {"State": "deleting", "_due": due}
    return {"natGatewayId": gateway["NatGatewayId"]}


def settle(gateway: Record) -> None:
    """Let a gateway become available, or go; AWS shows it as deleted for a while."""
    if gateway["State"] == "pending":
        gateway["State"] = "available"
    else:
        gateway["State"] = "deleted"
        network.release(address["networkInterfaceId"] for address in gateway["Addresses"] if _placed(address))
        _free(gateway)


def _placed(address: Record) -> bool:
    return "networkInterfaceId" in address


def _free(gateway: Record) -> None:
    held = {address.get("allocationId") for address in gateway["Addresses"]}
    for allocation, address in store("AllocationId").items():
        if allocation in held:
            address |= {"NetworkInterfaceId": None, "PrivateIpAddress": None, "AssociationId": None}
    gateway["Addresses"] = []
    set_tags(gateway["NatGatewayId"], {})


def shown(gateway: Record) -> Record:
    """Give a gateway as EC2 shows it."""
    return {
        "natGatewayId": gateway["NatGatewayId"],
        "subnetId": gateway.get("SubnetId"),
        "vpcId": gateway["VpcId"],
        "state": gateway["State"],
        "connectivityType": gateway["ConnectivityType"],
        "createTime": gateway["CreateTime"],
        "availabilityMode": gateway["AvailabilityMode"],
        "natGatewayAddressSet": gateway["Addresses"],
        "tagSet": tag_set(gateway["NatGatewayId"]),
    }
