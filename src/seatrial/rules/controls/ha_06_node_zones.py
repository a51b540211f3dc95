"""HA-06: every node group has a second zone to run in."""

from collections.abc import Iterator

from seatrial.rules.facts.types import NODE_GROUP, SUBNET
from seatrial.rules.facts.zones import zones
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_LEAST = 2


def _examine(view: View) -> Iterator[Observation]:
    for group in view.of_type(NODE_GROUP):
        subnets = view.references.of(group, "subnetIds", SUBNET)
        there = zones(subnets.resources)
        if subnets.is_unknown:
            yield unknown(group, "subnetIds")
        else:
            found = f"{len(there)} zones: {', '.join(there) or 'none'}"
            yield weighed(group, "subnetIds", is_met=len(there) >= _LEAST, found=found)


RULE = Rule(
    id="HA-06",
    severity=Severity.HIGH,
    title="Every node group spans two zones or more",
    needs="a node group",
    why="A group in one zone is gone with it, and nothing can start what ran there.",
    allowed="subnets of two zones or more",
    remedy="set `network.zoneCount` to 2 or 3, or name the zones in `network.zones`",
    sources=cited(Framework.PRACTICES, "Reliability: data plane"),
    examine=_examine,
)
