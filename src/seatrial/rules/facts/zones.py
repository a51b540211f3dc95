"""In which zone a subnet is."""

from collections.abc import Iterable

from seatrial.plan import Resource
from seatrial.rules.facts.values import at, text


def zone(subnet: Resource) -> str:
    """Return the zone of a subnet, by its name or else by its id; empty where a plan can't tell."""
    return text(at(subnet, "availabilityZone")) or text(at(subnet, "availabilityZoneId"))


def zones(subnets: Iterable[Resource]) -> tuple[str, ...]:
    """Return the zones of some subnets, sorted."""
    return tuple(sorted({zone(subnet) for subnet in subnets} - {""}))
