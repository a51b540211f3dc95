"""Ways in and out of a network: gateways, route tables and the routes in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

import pulumi
from pulumi_aws.ec2.eip import Eip
from pulumi_aws.ec2.internet_gateway import InternetGateway
from pulumi_aws.ec2.nat_gateway import NatGateway
from pulumi_aws.ec2.route import Route
from pulumi_aws.ec2.route_table import RouteTable
from pulumi_aws.ec2.route_table_association import RouteTableAssociation
from pulumi_aws.ec2.subnet import Subnet

from seatrial.components.environment import Environment
from seatrial.config.network import Nat

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What routes are laid on."""

    parent: pulumi.Resource
    """Component that the routes belong to."""

    environment: Environment
    """Names and tags."""

    vpc_id: pulumi.Output[str]
    """The network."""

    @property
    def child(self) -> pulumi.ResourceOptions:
        """Options of a resource of the parent."""
        return pulumi.ResourceOptions(parent=self.parent)


def public(ground: Ground, subnets: Mapping[str, Subnet]) -> InternetGateway:
    """Lead the public subnets to the internet through one gateway, which no zone's loss affects."""
    name = ground.environment.name("eks-igw")
    gateway = InternetGateway(name, vpc_id=ground.vpc_id, tags=ground.environment.tags(name), opts=ground.child)
    table = _table(ground, "eks-public-rt")
    route = ground.environment.name("eks-public-default-route")
    Route(
        route,
        route_table_id=table.id,
        destination_cidr_block=_ANYWHERE,
        gateway_id=gateway.id,
        opts=ground.child,
    )
    for zone, subnet in subnets.items():
        _associate(ground, f"eks-public-rta-{zone}", table, subnet)
    return gateway


def private(ground: Ground, subnets: Mapping[str, Subnet], gateways: Mapping[str, NatGateway]) -> dict[str, RouteTable]:
    """Give each private subnet a table, and a default route where its zone has a way out."""
    tables: dict[str, RouteTable] = {}
    for zone, subnet in subnets.items():
        tables[zone] = _table(ground, f"eks-private-rt-{zone}")
        _associate(ground, f"eks-private-rta-{zone}", tables[zone], subnet)
        if zone in gateways:
            _lead_out(ground, zone, tables[zone], gateways[zone])
    return tables


def nat(ground: Ground, mode: Nat, subnets: Mapping[str, Subnet], internet: InternetGateway) -> dict[str, NatGateway]:
    """Make the NAT gateways of a mode and return, for each zone, the one that it leaves by."""
    zones = list(subnets)
    match mode:
        case Nat.NONE:
            return {}
        case Nat.SINGLE:
            return dict.fromkeys(zones, _zonal(ground, zones[0], subnets[zones[0]], internet))
        case Nat.PER_ZONE:
            return {zone: _zonal(ground, zone, subnets[zone], internet) for zone in zones}
        case Nat.REGIONAL:
            return dict.fromkeys(zones, _regional(ground, internet))
        case _:
            assert_never(mode)


def _zonal(ground: Ground, zone: str, subnet: Subnet, internet: InternetGateway) -> NatGateway:
    environment = ground.environment
    address = environment.name(f"eks-nat-eip-{zone}")
    through = pulumi.ResourceOptions(parent=ground.parent, depends_on=[internet])
    eip = Eip(address, domain="vpc", tags=environment.tags(address), opts=through)
    name = environment.name(f"eks-nat-{zone}")
    return NatGateway(
        name,
        subnet_id=subnet.id,
        allocation_id=eip.allocation_id,
        connectivity_type="public",
        tags=environment.tags(name),
        opts=through,
    )


def _regional(ground: Ground, internet: InternetGateway) -> NatGateway:
    """AWS adds zones and addresses to it by itself, so it is in no subnet and has no address of ours."""
    name = ground.environment.name("eks-nat")
    return NatGateway(
        name,
        vpc_id=ground.vpc_id,
        availability_mode="regional",
        connectivity_type="public",
        tags=ground.environment.tags(name),
        opts=pulumi.ResourceOptions(parent=ground.parent, depends_on=[internet]),
    )


def _lead_out(ground: Ground, zone: str, table: RouteTable, gateway: NatGateway) -> None:
    Route(
        ground.environment.name(f"eks-private-default-route-{zone}"),
        route_table_id=table.id,
        destination_cidr_block=_ANYWHERE,
        nat_gateway_id=gateway.id,
        opts=ground.child,
    )


def _table(ground: Ground, kind: str) -> RouteTable:
    name = ground.environment.name(kind)
    return RouteTable(name, vpc_id=ground.vpc_id, tags=ground.environment.tags(name), opts=ground.child)


def _associate(ground: Ground, kind: str, table: RouteTable, subnet: Subnet) -> None:
    RouteTableAssociation(
        ground.environment.name(kind), route_table_id=table.id, subnet_id=subnet.id, opts=ground.child
    )
