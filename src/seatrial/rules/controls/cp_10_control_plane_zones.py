"""CP-10: the control plane's interfaces are in private subnets of two zones or more."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER, SUBNET
from seatrial.rules.facts.values import at, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.privacy import privacy
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_SUBNETS = "vpcConfig.subnetIds"
_LEAST = 2


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        subnets = view.references.of(cluster, _SUBNETS, SUBNET)
        zones = sorted({text(at(subnet, "availabilityZone")) for subnet in subnets.resources} - {""})
        if subnets.is_unknown:
            yield unknown(cluster, _SUBNETS)
        else:
            found = f"{len(zones)} zones: {', '.join(zones) or 'none'}"
            yield weighed(cluster, _SUBNETS, is_met=len(zones) >= _LEAST, found=found, allowed="two zones or more")
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
