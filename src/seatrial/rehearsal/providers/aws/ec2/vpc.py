"""VPCs."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, deleted, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Value, Values, first

_REQUEST = Request(
    service="ec2",
    operation="CreateVpc",
    members={"assignGeneratedIpv6CidrBlock": "AmazonProvidedIpv6CidrBlock", "ipv6IpamPoolId": "Ipv6IpamPoolId"},
)
_ATTRIBUTES = ("enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics")


def _create(cloud: Cloud, inputs: Values) -> str:
    wanted = parameters(_REQUEST, inputs) | tag_specifications(cloud, "vpc", inputs)
    identity = cloud.ec2("CreateVpc", **wanted)["Vpc"]["VpcId"]
    asked = {name: inputs.get(name, _VPC.traits.defaults.get(name, False)) for name in _ATTRIBUTES}
    _modify(cloud, identity, {"enableDnsSupport": True}, asked)
    return identity


def _modify(cloud: Cloud, identity: str, old: Values, new: Values) -> None:
    """Set the attributes that differ: EC2 takes one at a time, and names only once there is DNS."""
    for name in _ATTRIBUTES:
        wanted = bool(new.get(name, _VPC.traits.defaults.get(name, False)))
        if bool(old.get(name, False)) != wanted:
            member = name[0].upper() + name[1:]
            cloud.ec2("ModifyVpcAttribute", VpcId=identity, **{member: {"Value": wanted}})


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    vpc = described(cloud, "DescribeVpcs", "Vpcs", VpcIds=[identity])
    told = properties(_VPC.schema.outputs, vpc) | tags_of(vpc) | arn(cloud, "vpc", identity)
    return told | _attributes(cloud, identity) | _ipv6(vpc) | _defaults(cloud, identity)


def _attributes(cloud: Cloud, identity: str) -> Values:
    told: Values = {}
    for name in _ATTRIBUTES:
        answer = cloud.ec2("DescribeVpcAttribute", VpcId=identity, Attribute=name)
        told[name] = bool(answer.get(name[0].upper() + name[1:], {}).get("Value"))
    return told


def _ipv6(vpc: Mapping[str, Any]) -> Values:
    block = first(vpc, "Ipv6CidrBlockAssociationSet")
    amazon = block.get("Ipv6Pool") == "Amazon"
    return {
        "assignGeneratedIpv6CidrBlock": amazon,
        "ipv6AssociationId": block.get("AssociationId"),
        "ipv6CidrBlock": block.get("Ipv6CidrBlock"),
    }


def _defaults(cloud: Cloud, identity: str) -> Values:
    """Tell what AWS makes with every VPC."""
    of_vpc = {"Name": "vpc-id", "Values": [identity]}
    group_filter = [of_vpc, {"Name": "group-name", "Values": ["default"]}]
    groups = cloud.ec2("DescribeSecurityGroups", Filters=group_filter)["SecurityGroups"]
    acl_filter = [of_vpc, {"Name": "default", "Values": ["true"]}]
    acls = cloud.ec2("DescribeNetworkAcls", Filters=acl_filter)["NetworkAcls"]
    table_filter = [of_vpc, {"Name": "association.main", "Values": ["true"]}]
    tables = cloud.ec2("DescribeRouteTables", Filters=table_filter)["RouteTables"]
    main = tables[0]["RouteTableId"] if tables else None
    return {
        "defaultSecurityGroupId": groups[0]["GroupId"] if groups else None,
        "defaultNetworkAclId": acls[0]["NetworkAclId"] if acls else None,
        "defaultRouteTableId": main,
        "mainRouteTableId": main,
    }


def _assign_ipv6(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    if inputs.get("assignGeneratedIpv6CidrBlock"):
        cloud.ec2("AssociateVpcCidrBlock", VpcId=identity, AmazonProvidedIpv6CidrBlock=True)
    else:
        cloud.ec2("DisassociateVpcCidrBlock", AssociationId=state["ipv6AssociationId"])


def _share_hardware(cloud: Cloud, identity: str, _: Values, __: Values) -> None:
    cloud.ec2("ModifyVpcTenancy", VpcId=identity, InstanceTenancy="default")


def _needs_new_vpc(_: Value, tenancy: Value) -> bool:
    """Tell whether instances would get hardware of their own: a VPC can only give that up."""
    return tenancy != "default"


_VPC = ResourceType(
    type_name="aws:ec2/vpc:Vpc",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=deleted("DeleteVpc", "VpcId"),
    updates=(
        Part(properties=_ATTRIBUTES, update=_modify),
        Part(properties=("assignGeneratedIpv6CidrBlock",), update=_assign_ipv6),
        Part(properties=("instanceTenancy",), update=_share_hardware),
    ),
    traits=Traits(
        replaces=frozenset(
            {"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6CidrBlock", "ipv6IpamPoolId"}
            | {"ipv6CidrBlockNetworkBorderGroup"}
        ),
        replaces_when={"instanceTenancy": _needs_new_vpc},
        computed=frozenset({"cidrBlock", "ipv6CidrBlock", "ipv6CidrBlockNetworkBorderGroup"}),
        defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
        unread=frozenset({"ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength"}),
    ),
    tags=TAGS,
)

TYPES = (_VPC,)
