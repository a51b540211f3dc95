"""EC2: networks, addresses, gateways, launch templates."""

import zlib
from collections.abc import Mapping
from typing import Final

from seatrial import regions
from seatrial.plan.cloud.order import ACCOUNT, Handler, Made, Order, tokens
from seatrial.plan.graph import Value

_OWNER: Final[Mapping[str, Value]] = {"ownerId": ACCOUNT}

_PREFIX_LISTS: Final[Mapping[str, str]] = {"s3": "pl-7ba54012", "dynamodb": "pl-4ca54025"}
"""Service to the id of the managed prefix list that a gateway endpoint of it routes; those of us-east-2."""


def _made(order: Order, prefix: str, kind: str, outputs: Mapping[str, Value]) -> Made:
    id_ = order.own_id(prefix)
    return Made(id_, {"arn": order.arn("ec2", f"{kind}/{id_}"), **order.tags(), **outputs})


def _vpc(order: Order) -> Made:
    outputs: dict[str, Value] = {
        **_OWNER,
        "defaultNetworkAclId": order.other_id("acl"),
        "defaultRouteTableId": order.other_id("rtb"),
        "mainRouteTableId": order.other_id("rtb"),
        "defaultSecurityGroupId": order.other_id("sg"),
        "dhcpOptionsId": order.other_id("dopt"),
        "instanceTenancy": order.text("instanceTenancy", "default"),
    }
    return _made(order, "vpc", "vpc", outputs)


def _subnet(order: Order) -> Made:
    zone = order.text("availabilityZone")
    return _made(order, "subnet", "subnet", {**_OWNER, "availabilityZoneId": regions.zone_id(zone)})


def _internet_gateway(order: Order) -> Made:
    return _made(order, "igw", "internet-gateway", _OWNER)


def _eip(order: Order) -> Made:
    id_ = order.own_id("eipalloc")
    address = _public_address(order)
    outputs: dict[str, Value] = {
        "allocationId": id_,
        "publicIp": address,
        "publicDns": f"ec2-{address.replace('.', '-')}.{order.region}.compute.amazonaws.com",
    }
    return _made(order, "eipalloc", "elastic-ip", outputs)


def _nat_gateway(order: Order) -> Made:
    if order.text("availabilityMode") == "regional":
        return _made(
            order, "nat", "natgateway", {"routeTableId": order.other_id("rtb"), "autoProvisionZones": "enabled"}
        )
    outputs: dict[str, Value] = {
        "publicIp": _public_address(order),
        "networkInterfaceId": order.other_id("eni"),
        "associationId": order.other_id("eipassoc"),
    }
    return _made(order, "nat", "natgateway", outputs)


def _route_table(order: Order) -> Made:
    return _made(order, "rtb", "route-table", _OWNER)


def _route(order: Order) -> Made:
    """Name it as the provider does: its table, then the checksum of where it leads."""
    destination = (
        order.text("destinationCidrBlock")
        or order.text("destinationIpv6CidrBlock")
        or order.text("destinationPrefixListId")
    )
    id_ = f"r-{order.text('routeTableId')}{zlib.crc32(destination.encode())}"
    return Made(id_, {"origin": "CreateRoute", "state": "active"})


def _association(order: Order) -> Made:
    return Made(order.own_id("rtbassoc"))


def _default_security_group(order: Order) -> Made:
    id_ = order.own_id("sg")
    outputs: dict[str, Value] = {
        **_OWNER,
        **order.tags(),
        "arn": order.arn("ec2", f"security-group/{id_}"),
        "name": "default",
        "description": "default VPC security group",
    }
    return Made(id_, outputs)


def _security_group(order: Order) -> Made:
    return _made(order, "sg", "security-group", {**_OWNER, "name": order.name(length=255)})


def _flow_log(order: Order) -> Made:
    return _made(order, "fl", "vpc-flow-log", {})


def _vpc_endpoint(order: Order) -> Made:
    outputs: dict[str, Value] = {**_OWNER, "state": "available", "requesterManaged": False}
    if order.text("vpcEndpointType", "Gateway") == "Gateway":
        service = order.text("serviceName").rpartition(".")[2]
        outputs["prefixListId"] = _PREFIX_LISTS.get(service, order.other_id("pl"))
    else:
        outputs["networkInterfaceIds"] = tuple(
            f"eni-0{order.digits(16, subnet)}" for subnet in order.texts("subnetIds")
        )
        outputs["dnsEntries"] = (
            {"dnsName": f"{order.own_id('vpce')}.{order.text('serviceName')}", "hostedZoneId": "Z2XPF5QLG4Q8DW"},
        )
    return _made(order, "vpce", "vpc-endpoint", outputs)


def _launch_template(order: Order) -> Made:
    return _made(
        order, "lt", "launch-template", {"latestVersion": 1, "defaultVersion": 1, "name": order.name(length=125)}
    )


def _public_address(order: Order) -> str:
    """Give an address of 3.16.0.0/14, which EC2 has in us-east-2."""
    number = order.number(1 << 18, "address")
    return f"3.{16 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def _security_group_rule(order: Order) -> Made:
    id_ = order.own_id("sgr")
    arn = order.arn("ec2", f"security-group-rule/{id_}")
    return Made(id_, {"arn": arn, "securityGroupRuleId": id_, **order.tags()})


HANDLERS: Final[Mapping[str, Handler]] = {
    **tokens(
        "ec2",
        {
            "Vpc": _vpc,
            "Subnet": _subnet,
            "InternetGateway": _internet_gateway,
            "Eip": _eip,
            "NatGateway": _nat_gateway,
            "RouteTable": _route_table,
            "Route": _route,
            "RouteTableAssociation": _association,
            "DefaultSecurityGroup": _default_security_group,
            "SecurityGroup": _security_group,
            "FlowLog": _flow_log,
            "VpcEndpoint": _vpc_endpoint,
            "LaunchTemplate": _launch_template,
        },
    ),
    **tokens(
        "vpc", {"SecurityGroupIngressRule": _security_group_rule, "SecurityGroupEgressRule": _security_group_rule}
    ),
}
"""Type to what makes it."""
