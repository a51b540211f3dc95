"""Subnets."""

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, deleted, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Value, Values, first

_REQUEST = Request(service="ec2", operation="CreateSubnet")

_ATTRIBUTES = {
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "mapCustomerOwnedIpOnLaunch": "MapCustomerOwnedIpOnLaunch",
    "customerOwnedIpv4Pool": "CustomerOwnedIpv4Pool",
    "enableDns64": "EnableDns64",
    "enableLniAtDeviceIndex": "EnableLniAtDeviceIndex",
    "privateDnsHostnameTypeOnLaunch": "PrivateDnsHostnameTypeOnLaunch",
    "enableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecordOnLaunch",
    "enableResourceNameDnsAaaaRecordOnLaunch": "EnableResourceNameDnsAAAARecordOnLaunch",
}
"""What is set after a subnet was made, one call each."""


def _create(cloud: Cloud, inputs: Values) -> str:
    wanted = parameters(_REQUEST, inputs) | tag_specifications(cloud, "subnet", inputs)
    identity = cloud.ec2("CreateSubnet", **wanted)["Subnet"]["SubnetId"]
    _modify(cloud, identity, {}, inputs)
    return identity


def _modify(cloud: Cloud, identity: str, old: Values, new: Values) -> None:
    for name, member in _ATTRIBUTES.items():
        if name in new and (old.get(name) or False) != new[name]:
            cloud.ec2("ModifySubnetAttribute", SubnetId=identity, **{member: _attribute(new[name])})
        elif name not in new and old.get(name) is True:
            cloud.ec2("ModifySubnetAttribute", SubnetId=identity, **{member: _attribute(value=False)})


def _attribute(value: Value) -> Value:
    return {"Value": value} if isinstance(value, bool) else value


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    subnet = described(cloud, "DescribeSubnets", "Subnets", SubnetIds=[identity])
    naming = subnet.get("PrivateDnsNameOptionsOnLaunch", {})
    block = first(subnet, "Ipv6CidrBlockAssociationSet")
    return (
        properties(_SUBNET.schema.outputs, subnet)
        | tags_of(subnet)
        | arn(cloud, "subnet", identity)
        | {
            "ipv6CidrBlock": block.get("Ipv6CidrBlock"),
            "ipv6CidrBlockAssociationId": block.get("AssociationId"),
            "privateDnsHostnameTypeOnLaunch": naming.get("HostnameType"),
            "enableResourceNameDnsARecordOnLaunch": naming.get("EnableResourceNameDnsARecord", False),
            "enableResourceNameDnsAaaaRecordOnLaunch": naming.get("EnableResourceNameDnsAAAARecord", False),
        }
    )


def _assign_ipv6(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    if state.get("ipv6CidrBlockAssociationId"):
        cloud.ec2("DisassociateSubnetCidrBlock", AssociationId=state["ipv6CidrBlockAssociationId"])
    if inputs.get("ipv6CidrBlock"):
        cloud.ec2("AssociateSubnetCidrBlock", SubnetId=identity, Ipv6CidrBlock=inputs["ipv6CidrBlock"])


_SUBNET = ResourceType(
    type_name="aws:ec2/subnet:Subnet",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=deleted("DeleteSubnet", "SubnetId"),
    updates=(
        Part(properties=("ipv6CidrBlock",), update=_assign_ipv6),
        Part(properties=tuple(_ATTRIBUTES), update=_modify),
    ),
    traits=Traits(
        replaces=frozenset(
            {"availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId"}
            | {"ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength"}
        ),
        computed=frozenset({"availabilityZone", "availabilityZoneId", "cidrBlock", "privateDnsHostnameTypeOnLaunch"}),
        unread=frozenset({"ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength"}),
        # Two subnets of a VPC can't have one range.
        fixed_names=("cidrBlock", "vpcId"),
    ),
    tags=TAGS,
)

TYPES = (_SUBNET,)
