"""CP-10: the control plane's interfaces are in private subnets of two zones or more."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER, SUBNET
from seatrial.rules.facts.zones import zones
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, unknown, weighed
from seatrial.rules.privacy import privacy
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_SUBNETS = "vpcConfig.subnetIds"
_LEAST = 2


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        subnets = view.references.of(cluster, _SUBNETS, SUBNET)
        there = zones(subnets.resources)
        if subnets.is_unknown:
            yield unknown(cluster, _SUBNETS)
        else:
            found = f"{len(there)} zones: {', '.join(there) or 'none'}"
            yield weighed(cluster, _SUBNETS, is_met=len(there) >= _LEAST, found=found, allowed="two zones or more")
        for stranger in subnets.strangers:
            yield broken(cluster, _SUBNETS, f"{stranger}, which isn't in the plan", allowed="subnets of the plan")
        for index, subnet in enumerate(subnets.resources):
            yield privacy(view, cluster, f"{_SUBNETS}[{index}]", subnet)


RULE = Rule(
    id="CP-10",
    severity=Severity.HIGH,
    title="The control plane is in private subnets of two zones or more",
    needs="a cluster",
    why="With interfaces in one zone, the loss of that zone cuts the nodes of all others off from the API.",
    allowed="private subnets of two zones or more",
    remedy="set `network.zoneCount` to 2 or 3, or name the zones in `network.zones`",
    sources=cited(Framework.PRACTICES, "VPC and Subnet Considerations"),
    examine=_examine,
)
