"""Route tables: what AWS refuses about them, and routes that lead nowhere."""

from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import blocked, store
from seatrial.rehearsal.account.ec2.wire import one
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def _route(params: Params) -> Record | None:
    wanted = {name: one(params, name) for name in _DESTINATIONS if name in params}
    routes = store("RouteTableId")[one(params, "RouteTableId")]["Routes"]
    return next((route for route in routes if wanted.items() <= route.items()), None)


def create_route(params: Params) -> None:
    """Refuse a second route to a destination, and one by a gateway that isn't there."""
    if _route(params):
        text = f"The route identified by {one(params, 'DestinationCidrBlock')} already exists."
        raise RefusedError("RouteAlreadyExists", text)
    gateway = one(params, "GatewayId")
    if gateway.startswith("igw-"):
        _check_gateway(gateway, store("RouteTableId")[one(params, "RouteTableId")]["VpcId"])


def _check_gateway(gateway: str, vpc: str) -> None:
    record = store("InternetGatewayId").get(gateway)
    if record is None:
        raise RefusedError("InvalidGatewayID.NotFound", f"The gateway ID '{gateway}' does not exist")
    if not any(tie["VpcId"] == vpc for tie in record["Attachments"]):
        text = f"route table and network gateway {gateway} belong to different networks"
        raise RefusedError("InvalidParameterValue", text)


def change_route(params: Params) -> None:
    """Refuse to replace or delete a route that isn't there."""
    if _route(params) is None:
        destination, table = one(params, "DestinationCidrBlock"), one(params, "RouteTableId")
        text = f"no route with destination-cidr-block {destination} in route table {table}"
        raise RefusedError("InvalidRoute.NotFound", text)


def associate(params: Params) -> None:
    """Refuse a second table of a subnet."""
    subnet = one(params, "SubnetId")
    if any(tie.get("SubnetId") == subnet for table in store("RouteTableId").values() for tie in table["Associations"]):
        text = f"the specified association for subnet {subnet} conflicts with an existing association"
        raise RefusedError("Resource.AlreadyAssociated", text)


def dissociate(params: Params) -> None:
    """Refuse an association that isn't there, and the one that makes a table its network's main one."""
    wanted = one(params, "AssociationId")
    ties = [tie for table in store("RouteTableId").values() for tie in table["Associations"]]
    found = next((tie for tie in ties if tie["RouteTableAssociationId"] == wanted), None)
    if found is None:
        raise RefusedError("InvalidAssociationID.NotFound", f"The association ID '{wanted}' does not exist")
    if found.get("Main"):
        raise RefusedError("InvalidParameterValue", f"cannot disassociate the main route table association {wanted}")


def delete_table(params: Params) -> None:
    """Refuse while a subnet uses the table, or the network as its main one."""
    table = one(params, "RouteTableId")
    if store("RouteTableId")[table]["Associations"]:
        raise blocked("routeTable", table)


def mark() -> None:
    """Mark routes whose target is gone, as AWS does, as black holes."""
    for table in store("RouteTableId").values():
        for route in table["Routes"]:
            route["State"] = "active" if _leads(route) else "blackhole"


def _leads(route: Record) -> bool:
    nat, gateway = route.get("NatGatewayId"), route.get("GatewayId", "")
    if nat:
        return store("NatGatewayId").get(nat, {}).get("State") in {"pending", "available"}
    return not gateway.startswith("igw-") or gateway in store("InternetGatewayId")
