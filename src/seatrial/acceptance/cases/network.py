"""The network: a VPC and its subnets."""

from ipaddress import IPv4Network
from typing import Final

from seatrial.acceptance.expectations import distinct, ends, equal, identifier, joined
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import Outputs

_LARGEST_PREFIX: Final = 16
_SMALLEST_PREFIX: Final = 28
_CLUSTER_ZONES: Final = 2


def _vpc_id(outputs: Outputs) -> str | None:
    return identifier("vpcId", outputs["vpcId"], "vpc")


def _vpc_range(outputs: Outputs) -> str | None:
    found = outputs["vpcCidrBlock"]
    try:
        prefix = IPv4Network(found).prefixlen
    except ValueError as error:
        return f"vpcCidrBlock is {found!r}, which is no IPv4 range ({error})"
    if _LARGEST_PREFIX <= prefix <= _SMALLEST_PREFIX:
        return None
    return f"vpcCidrBlock is {found!r}; expected a size from /{_LARGEST_PREFIX} to /{_SMALLEST_PREFIX}"


def _zones_in_region(outputs: Outputs) -> str | None:
    region = outputs["region"]
    strangers = [zone for zone in outputs.items_of("availabilityZones") if zone[:-1] != region]
    return f"availabilityZones holds {', '.join(strangers)}; expected zones of {region}" if strangers else None


def _enough_zones(outputs: Outputs) -> str | None:
    zones = outputs.items_of("availabilityZones")
    if len(set(zones)) >= _CLUSTER_ZONES:
        return None
    return f"availabilityZones names {len(set(zones))}; a control plane needs {_CLUSTER_ZONES} or more"


def _zones_once(outputs: Outputs) -> str | None:
    return distinct("availabilityZones", outputs.items_of("availabilityZones"))


def _private_ids(outputs: Outputs) -> str | None:
    return joined(identifier("privateSubnetIds", found, "subnet") for found in outputs.items_of("privateSubnetIds"))


def _public_ids(outputs: Outputs) -> str | None:
    return joined(identifier("publicSubnetIds", found, "subnet") for found in outputs.items_of("publicSubnetIds"))


def _private_per_zone(outputs: Outputs) -> str | None:
    zones = len(outputs.items_of("availabilityZones"))
    return equal("the number of private subnets", len(outputs.items_of("privateSubnetIds")), zones)


def _public_per_zone(outputs: Outputs) -> str | None:
    zones = len(outputs.items_of("availabilityZones"))
    return equal("the number of public subnets", len(outputs.items_of("publicSubnetIds")), zones)


def _private_once(outputs: Outputs) -> str | None:
    return distinct("privateSubnetIds", outputs.items_of("privateSubnetIds"))


def _public_once(outputs: Outputs) -> str | None:
    return distinct("publicSubnetIds", outputs.items_of("publicSubnetIds"))


def _disjoint(outputs: Outputs) -> str | None:
    both = sorted({*outputs.items_of("publicSubnetIds")} & {*outputs.items_of("privateSubnetIds")})
    return f"{', '.join(both)} is both a public and a private subnet" if both else None


def _no_nat(outputs: Outputs) -> str | None:
    return None if outputs.items_of("natGatewayIds") else "the platform has no NAT gateway (natGatewayIds is empty)"


def _nat_ids(outputs: Outputs) -> str | None:
    return joined(identifier("natGatewayIds", found, "nat") for found in outputs.items_of("natGatewayIds"))


def _nat_count(outputs: Outputs) -> str | None:
    zones, found = len(outputs.items_of("availabilityZones")), outputs.items_of("natGatewayIds")
    if len(set(found)) == len(found) and len(found) in {1, zones}:
        return None
    return f"natGatewayIds is {outputs['natGatewayIds']}; expected one gateway, or one for each of {zones} zones"


def _no_flow_logs(outputs: Outputs) -> str | None:
    return None if "flowLogGroupName" in outputs else "flow logs are off (there is no output flowLogGroupName)"


def _flow_log_group(outputs: Outputs) -> str | None:
    return ends("flowLogGroupName", outputs["flowLogGroupName"], outputs["environmentSuffix"])


CASES: Final = (
    Case(row=1, name="the VPC's id has AWS's form", check=_vpc_id),
    Case(row=1, name="the VPC has an IPv4 range that AWS accepts", check=_vpc_range),
    Case(row=1, name="every zone belongs to the region", check=_zones_in_region),
    Case(row=1, name="there are zones enough for a control plane", check=_enough_zones),
    Case(row=1, name="no zone is used twice", check=_zones_once),
    Case(row=1, name="private subnet ids have AWS's form", check=_private_ids),
    Case(row=1, name="public subnet ids have AWS's form", check=_public_ids),
    Case(row=1, name="there is one private subnet a zone", check=_private_per_zone),
    Case(row=1, name="there is one public subnet a zone", check=_public_per_zone),
    Case(row=1, name="private subnets are distinct", check=_private_once),
    Case(row=1, name="public subnets are distinct", check=_public_once),
    Case(row=1, name="no subnet is both public and private", check=_disjoint),
    Case(row=1, name="NAT gateway ids have AWS's form", check=_nat_ids, not_applicable=_no_nat),
    Case(row=1, name="there is one NAT gateway, or one a zone", check=_nat_count, not_applicable=_no_nat),
    Case(
        row=1, name="flow logs go to a group of this environment", check=_flow_log_group, not_applicable=_no_flow_logs
    ),
)
