"""Route tables, routes and associations with subnets."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, deleted, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.identities import split
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values

_TABLE_REQUEST = Request(service="ec2", operation="CreateRouteTable")


def _create_table(cloud: Cloud, inputs: Values) -> str:
    wanted = parameters(_TABLE_REQUEST, inputs) | tag_specifications(cloud, "route-table", inputs)
    return cloud.ec2("CreateRouteTable", **wanted)["RouteTable"]["RouteTableId"]


def _table(cloud: Cloud, identity: str) -> Mapping[str, Any]:
    return described(cloud, "DescribeRouteTables", "RouteTables", RouteTableIds=[identity])


def _read_table(cloud: Cloud, identity: str, _: Values) -> Values:
    table = _table(cloud, identity)
    told = properties(_TABLE.schema.outputs, table, {"routes": "-", "propagatingVgws": "-"}) | tags_of(table)
    return told | arn(cloud, "route-table", identity)


_TABLE = ResourceType(
    type_name="aws:ec2/routeTable:RouteTable",
    request=_TABLE_REQUEST,
    create=_create_table,
    read=_read_table,
    delete=deleted("DeleteRouteTable", "RouteTableId"),
    traits=Traits(replaces=frozenset({"vpcId"}), computed=frozenset({"routes", "propagatingVgws"})),
    tags=TAGS,
)

_DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
_TARGETS = {
    "carrierGatewayId": "CarrierGatewayId",
    "coreNetworkArn": "CoreNetworkArn",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "gatewayId": "GatewayId",
    "localGatewayId": "LocalGatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "odbNetworkArn": "OdbNetworkArn",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}
_ROUTE_REQUEST = Request(service="ec2", operation="CreateRoute", members={**_DESTINATIONS, **_TARGETS})


def _create_route(cloud: Cloud, inputs: Values) -> str:
    cloud.ec2("CreateRoute", **parameters(_ROUTE_REQUEST, inputs))
    return f"{inputs['routeTableId']}_{next(inputs[name] for name in _DESTINATIONS if inputs.get(name))}"


def _read_route(cloud: Cloud, identity: str, _: Values) -> Values | None:
    table, destination = split(identity, "_", "ROUTE-TABLE", "DESTINATION")
    routes: list[dict[str, Any]] = _table(cloud, table)["Routes"]
    found = next((it for it in routes if destination in (it.get(member) for member in _DESTINATIONS.values())), None)
    if found is None or found.get("Origin") == "CreateRouteTable":
        return None
    told = properties(_ROUTE.schema.outputs, found, {**_DESTINATIONS, **_TARGETS})
    if told.get("gatewayId", "").startswith("vpce-"):
        told["vpcEndpointId"] = told.pop("gatewayId")
    return told | {"routeTableId": table}


def _replace_route(cloud: Cloud, _: str, __: Values, inputs: Values) -> None:
    cloud.ec2("ReplaceRoute", **parameters(_ROUTE_REQUEST, inputs))


def _delete_route(cloud: Cloud, _: str, state: Values) -> None:
    names = {_DESTINATIONS[name]: state[name] for name in _DESTINATIONS if state.get(name)}
    cloud.ec2("DeleteRoute", RouteTableId=state["routeTableId"], **names)


_ROUTE = ResourceType(
    type_name="aws:ec2/route:Route",
    request=_ROUTE_REQUEST,
    create=_create_route,
    read=_read_route,
    delete=_delete_route,
    updates=(Part(properties=tuple(_TARGETS), update=_replace_route),),
    traits=Traits(
        replaces=frozenset({"routeTableId", *_DESTINATIONS}),
        computed=frozenset({"networkInterfaceId"}),
        # A table has one route to a destination.
        fixed_names=("routeTableId", *_DESTINATIONS),
    ),
)

_ASSOCIATION_REQUEST = Request(service="ec2", operation="AssociateRouteTable")


def _create_association(cloud: Cloud, inputs: Values) -> str:
    return cloud.ec2("AssociateRouteTable", **parameters(_ASSOCIATION_REQUEST, inputs))["AssociationId"]


def _read_association(cloud: Cloud, identity: str, known: Values) -> Values | None:
    """Find it by what it associates: a change of tables gives it another id. An import names subnet and table."""
    associated = known.get("subnetId") or known.get("gatewayId") or identity.partition("/")[0]
    for table in cloud.pages("ec2", "DescribeRouteTables", "RouteTables"):
        for it in table.get("Associations", ()):
            if associated in (it.get("SubnetId"), it.get("GatewayId"), it["RouteTableAssociationId"]):
                told = properties(_ASSOCIATION.schema.outputs, it)
                return told | {"id": it["RouteTableAssociationId"], "routeTableId": table["RouteTableId"]}
    return None


def _replace_association(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    cloud.ec2("ReplaceRouteTableAssociation", AssociationId=identity, RouteTableId=inputs["routeTableId"])


_ASSOCIATION = ResourceType(
    type_name="aws:ec2/routeTableAssociation:RouteTableAssociation",
    request=_ASSOCIATION_REQUEST,
    create=_create_association,
    read=_read_association,
    delete=deleted("DisassociateRouteTable", "AssociationId"),
    updates=(Part(properties=("routeTableId",), update=_replace_association),),
    traits=Traits(replaces=frozenset({"gatewayId", "subnetId"}), fixed_names=("gatewayId", "subnetId")),
)

TYPES = (_TABLE, _ROUTE, _ASSOCIATION)
