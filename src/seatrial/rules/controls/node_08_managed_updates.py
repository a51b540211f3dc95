"""NODE-08: nodes are replaced step by step in updates, and by themselves when they fail."""

from collections.abc import Iterator

from seatrial.rules.facts.types import NODE_GROUP
from seatrial.rules.facts.values import number, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_BOUNDS = ("maxUnavailable", "maxUnavailablePercentage")


def _examine(view: View) -> Iterator[Observation]:
    for group in view.of_type(NODE_GROUP):
        bounded = "maxUnavailable or maxUnavailablePercentage"
        yield judged(
            group, "updateConfig", lambda value: any((number(within(value, key)) or 0) > 0 for key in _BOUNDS), bounded
        )
        yield judged(group, "nodeRepairConfig.enabled", lambda value: value is True, "true")


RULE = Rule(
    id="NODE-08",
    severity=Severity.MEDIUM,
    title="Node groups are managed, with bounded updates and node repair",
    needs="a node group",
    why="Without a bound an update takes a node at a time; a node that stays unhealthy stays until somebody looks.",
    allowed="a bound of unavailable nodes, node repair on",
    remedy="set `nodeGroups.NAME.maxUnavailablePercentage`, and `nodeGroups.NAME.nodeRepair` to true",
    sources=(
        *cited(Framework.HARDENEKS, "use_managed_nodegroups"),
        *cited(Framework.PRACTICES, "Best Practices for Cluster Upgrades"),
    ),
    examine=_examine,
)
