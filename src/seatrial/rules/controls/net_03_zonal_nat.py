"""NET-03: in production no zone's way out leads through another zone."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.routing import Default, Exit
from seatrial.rules.facts.types import SUBNET
from seatrial.rules.facts.values import at
from seatrial.rules.facts.zones import zone
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import met, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for subnet in view.routing.subnets:
        defaults = [each for each in view.routing.defaults(subnet) if each.exit in {Exit.NAT, Exit.UNKNOWN}]
        for default in defaults[:1]:
            yield _nat(view, subnet, default)


def _nat(view: View, subnet: Resource, default: Default) -> Observation:
    here, gateway = zone(subnet), default.gateway
    if gateway and at(gateway, "availabilityMode") == "regional":
        return met(subnet, "availabilityZone", f"{subnet.name} leaves by {gateway.name}, which is in every zone")
    home = view.references.of(gateway, "subnetId", SUBNET).one if gateway else None
    if gateway is None or home is None:
        return unknown(subnet, "availabilityZone", "a NAT gateway whose zone the plan doesn't tell")
    other = zone(home)
    found = f"{subnet.name} in {here} leaves by {gateway.name} in {other}"
    return weighed(subnet, "availabilityZone", is_met=here == other, found=found)


RULE = Rule(
    id="NET-03",
    severity=Severity.MEDIUM,
    title="In production every zone has a NAT gateway of its own",
    needs="a subnet that leaves by a NAT gateway",
    why="The loss of the one zone with the gateway cuts all others off; and traffic between zones is paid for.",
    allowed="a NAT gateway in the subnet's own zone, or one that is in every zone",
    remedy="set `network.nat` to per-zone or regional",
    sources=cited(Framework.PRACTICES, "VPC and Subnet Considerations", "Reliability: data plane"),
    examine=_examine,
    production_only=True,
)
