"""Internet gateways, elastic addresses and NAT gateways."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, deleted, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.readiness import Readiness, Status
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values, first, listed


def _create_internet_gateway(cloud: Cloud, inputs: Values) -> str:
    tags = tag_specifications(cloud, "internet-gateway", inputs)
    identity = cloud.ec2("CreateInternetGateway", **tags)["InternetGateway"]["InternetGatewayId"]
    _attach(cloud, identity, {}, inputs)
    return identity


def _attach(cloud: Cloud, identity: str, old: Values, new: Values) -> None:
    if old.get("vpcId"):
        _detach(cloud, identity, old["vpcId"])
    if new.get("vpcId"):
        cloud.ec2("AttachInternetGateway", InternetGatewayId=identity, VpcId=new["vpcId"])


def _detach(cloud: Cloud, identity: str, vpc: str) -> None:
    try:
        cloud.ec2("DetachInternetGateway", InternetGatewayId=identity, VpcId=vpc)
    except Refusal as refusal:
        if not refusal.is_missing:
            raise


def _read_internet_gateway(cloud: Cloud, identity: str, _: Values) -> Values:
    gateway = described(cloud, "DescribeInternetGateways", "InternetGateways", InternetGatewayIds=[identity])
    told = properties(_INTERNET_GATEWAY.schema.outputs, gateway) | tags_of(gateway)
    return told | arn(cloud, "internet-gateway", identity) | {"vpcId": first(gateway, "Attachments").get("VpcId")}


def _delete_internet_gateway(cloud: Cloud, identity: str, state: Values) -> None:
    if state.get("vpcId"):
        _detach(cloud, identity, state["vpcId"])
    cloud.ec2("DeleteInternetGateway", InternetGatewayId=identity)


_INTERNET_GATEWAY = ResourceType(
    type_name="aws:ec2/internetGateway:InternetGateway",
    request=Request(service="ec2", operation="CreateInternetGateway"),
    create=_create_internet_gateway,
    read=_read_internet_gateway,
    delete=_delete_internet_gateway,
    updates=(Part(properties=("vpcId",), update=_attach),),
    traits=Traits(computed=frozenset({"vpcId"})),
    tags=TAGS,
)

_ADDRESS_REQUEST = Request(service="ec2", operation="AllocateAddress")


def _create_address(cloud: Cloud, inputs: Values) -> str:
    wanted = parameters(_ADDRESS_REQUEST, {"domain": "vpc", **inputs}) | tag_specifications(cloud, "elastic-ip", inputs)
    identity = cloud.ec2("AllocateAddress", **wanted)["AllocationId"]
    _associate(cloud, identity, {}, inputs)
    return identity


def _associate(cloud: Cloud, identity: str, old: Values, new: Values) -> None:
    if old.get("associationId"):
        cloud.ec2("DisassociateAddress", AssociationId=old["associationId"])
    members = {"instance": "InstanceId", "networkInterface": "NetworkInterfaceId"}
    target = {member: new[name] for name, member in members.items() if new.get(name)}
    if target:
        private = {"PrivateIpAddress": new["associateWithPrivateIp"]} if new.get("associateWithPrivateIp") else {}
        cloud.ec2("AssociateAddress", AllocationId=identity, **target, **private)


def _read_address(cloud: Cloud, identity: str, _: Values) -> Values:
    address = described(cloud, "DescribeAddresses", "Addresses", AllocationIds=[identity])
    names = {
        "instance": "InstanceId",
        "networkInterface": "NetworkInterfaceId",
        "privateIp": "PrivateIpAddress",
        "carrierIp": "CarrierIp",
    }
    told = properties(_ADDRESS.schema.outputs, address, names) | tags_of(address)
    return told | arn(cloud, "elastic-ip", identity) | _names(cloud, told)


def _names(cloud: Cloud, told: Values) -> Values:
    """Tell the addresses' names, which EC2 makes of them."""
    default = cloud.region == "us-east-1"
    public = f"{'compute-1' if default else f'{cloud.region}.compute'}.amazonaws.com"
    private = "ec2.internal" if default else f"{cloud.region}.compute.internal"
    names = {"publicDns": ("ec2", told.get("publicIp"), public), "privateDns": ("ip", told.get("privateIp"), private)}
    return {key: f"{start}-{ip.replace('.', '-')}.{end}" for key, (start, ip, end) in names.items() if ip}


def _delete_address(cloud: Cloud, identity: str, state: Values) -> None:
    if state.get("instance") or state.get("networkInterface"):
        _dissociate(cloud, identity)
    cloud.ec2("ReleaseAddress", AllocationId=identity)


def _dissociate(cloud: Cloud, identity: str) -> None:
    address = described(cloud, "DescribeAddresses", "Addresses", AllocationIds=[identity])
    if address.get("AssociationId"):
        cloud.ec2("DisassociateAddress", AssociationId=address["AssociationId"])


_ADDRESS = ResourceType(
    type_name="aws:ec2/eip:Eip",
    request=_ADDRESS_REQUEST,
    create=_create_address,
    read=_read_address,
    delete=_delete_address,
    updates=(Part(properties=("instance", "networkInterface", "associateWithPrivateIp"), update=_associate),),
    traits=Traits(
        replaces=frozenset(
            {"address", "customerOwnedIpv4Pool", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool"}
        ),
        computed=frozenset(
            {"domain", "instance", "ipamPoolId", "networkBorderGroup", "networkInterface", "publicIpv4Pool"}
        ),
        unread=frozenset({"address", "associateWithPrivateIp", "ipamPoolId"}),
    ),
    tags=TAGS,
)

_NAT_REQUEST = Request(service="ec2", operation="CreateNatGateway", members={"privateIp": "PrivateIpAddress"})


def _create_nat_gateway(cloud: Cloud, inputs: Values) -> str:
    wanted = parameters(_NAT_REQUEST, inputs) | tag_specifications(cloud, "natgateway", inputs)
    return cloud.ec2("CreateNatGateway", **wanted)["NatGateway"]["NatGatewayId"]


def _nat_gateway(cloud: Cloud, identity: str) -> Mapping[str, Any]:
    return described(cloud, "DescribeNatGateways", "NatGateways", NatGatewayIds=[identity])


def _read_nat_gateway(cloud: Cloud, identity: str, _: Values) -> Values | None:
    gateway = _nat_gateway(cloud, identity)
    if gateway["State"] in ("deleted", "deleting"):
        return None
    addresses = listed(gateway, "NatGatewayAddresses")
    primary = next((it for it in addresses if it.get("IsPrimary", True)), Values())
    others = [it for it in addresses if it is not primary]
    told = properties(_NAT_GATEWAY.schema.outputs, gateway) | tags_of(gateway)
    return told | {
        "allocationId": primary.get("AllocationId"),
        "associationId": primary.get("AssociationId"),
        "networkInterfaceId": primary.get("NetworkInterfaceId"),
        "privateIp": primary.get("PrivateIp"),
        "publicIp": primary.get("PublicIp"),
        "secondaryAllocationIds": sorted(it["AllocationId"] for it in others if it.get("AllocationId")),
        "secondaryPrivateIpAddresses": sorted(it["PrivateIp"] for it in others if it.get("PrivateIp")),
        "secondaryPrivateIpAddressCount": len(others),
    }


def _add_addresses(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    before, after = (set(listed(it, "secondaryAllocationIds")) for it in (state, inputs))
    if after - before:
        cloud.ec2("AssociateNatGatewayAddress", NatGatewayId=identity, AllocationIds=sorted(after - before))
    if before - after:
        addresses = _nat_gateway(cloud, identity)["NatGatewayAddresses"]
        surplus = [it["AssociationId"] for it in addresses if it.get("AllocationId") in before - after]
        cloud.ec2("DisassociateNatGatewayAddress", NatGatewayId=identity, AssociationIds=surplus)


def _nat_status(cloud: Cloud, identity: str, _: Values) -> Status:
    gateway = _nat_gateway(cloud, identity)
    issues = [f"{gateway['FailureCode']}: {gateway.get('FailureMessage', '')}"] if "FailureCode" in gateway else []
    return Status(gateway["State"], tuple(issues))


_NAT_GATEWAY = ResourceType(
    type_name="aws:ec2/natGateway:NatGateway",
    request=_NAT_REQUEST,
    create=_create_nat_gateway,
    read=_read_nat_gateway,
    delete=deleted("DeleteNatGateway", "NatGatewayId"),
    updates=(Part(properties=("secondaryAllocationIds",), update=_add_addresses),),
    traits=Traits(
        replaces=frozenset(
            {"allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId", "vpcId"}
            | {"availabilityZoneAddresses", "secondaryPrivateIpAddressCount", "secondaryPrivateIpAddresses"}
        ),
        computed=frozenset(
            {"availabilityMode", "availabilityZoneAddresses", "privateIp", "secondaryAllocationIds", "vpcId"}
            | {"secondaryPrivateIpAddressCount", "secondaryPrivateIpAddresses"}
        ),
        defaults={"connectivityType": "public"},
        # An elastic address serves one gateway.
        fixed_names=("allocationId",),
    ),
    tags=TAGS,
    readiness=Readiness(
        probe=_nat_status,
        ready=frozenset({"available"}),
        failed=frozenset({"failed", "deleted", "deleting"}),
        gone=frozenset({"deleted"}),
        seconds=1800.0,
    ),
)

TYPES = (_INTERNET_GATEWAY, _ADDRESS, _NAT_GATEWAY)
