"""DST-08: node pools go before Karpenter, and Karpenter before the nodes that it runs on."""

from collections.abc import Iterator

from seatrial.rules.facts.owners import NODE_POOLS
from seatrial.rules.facts.types import NODE_GROUP
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    controllers = [chart.resource for chart in view.charts if chart.name == "karpenter"]
    for each in view.objects.of_kind(*NODE_POOLS):
        if not controllers:
            yield broken(each.resource, "", f"{each.title}, and no chart karpenter that would end its nodes")
        yield from before(view, each.resource, controllers)
    for controller in controllers:
        yield from before(view, controller, view.of_type(NODE_GROUP))


RULE = Rule(
    id="DST-08",
    severity=Severity.HIGH,
    title="Node pools go before Karpenter, Karpenter before the managed nodes",
    needs="Karpenter, or a pool of its nodes",
    why="Nodes that Karpenter made are in no state: without it they run on, and their pools' finalizers hang.",
    allowed="NodePool and EC2NodeClass depend on the chart, the chart on a managed node group",
    remedy="give the pools that the program adds dependsOn Karpenter's release, and that dependsOn the node groups",
    sources=cited(Framework.ISSUE, "aws/karpenter-provider-aws#1268", "METR/hawk#576"),
    examine=_examine,
)
