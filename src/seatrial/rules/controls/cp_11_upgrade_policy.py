"""CP-11: what happens at the end of support, and at the loss of a zone, is decided and not a default."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_TYPES = {"STANDARD", "EXTENDED"}


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        yield judged(cluster, "upgradePolicy.supportType", lambda value: value in _TYPES, "STANDARD or EXTENDED")
        yield judged(cluster, "zonalShiftConfig.enabled", lambda value: value is True, "true")


RULE = Rule(
    id="CP-11",
    severity=Severity.MEDIUM,
    title="The upgrade policy is chosen and zonal shift is on",
    needs="a cluster",
    why=(
        "EKS's default keeps a version past its standard support at six times the price; without zonal shift a person "
        "has to notice an impaired zone before traffic leaves it."
    ),
    allowed="an explicit support type, zonal shift on",
    remedy="set `cluster.supportType`, and `cluster.zonalShift` to true",
    sources=cited(Framework.PRACTICES, "Best Practices for Cluster Upgrades", "EKS Control Plane"),
    examine=_examine,
)
