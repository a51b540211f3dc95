"""DST-11: charts whose webhooks see what others make are there before these, and gone after them."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.charts import Chart
from seatrial.rules.facts.kinds import INGRESS, SERVICE
from seatrial.rules.facts.values import at, is_true
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_CONTROLLER = "aws-load-balancer-controller"
_OF_SERVICES = "enableServiceMutatorWebhook"


def _examine(view: View) -> Iterator[Observation]:
    for chart in view.charts:
        if chart.name == _CONTROLLER:
            yield _awaited(chart)
            for seen in _seen(view, chart):
                yield from before(view, seen, [chart.resource])


def _awaited(chart: Chart) -> Observation:
    path = "skipAwait"
    if is_true(at(chart.resource, path)):
        return broken(chart.resource, path, "others are made before its webhooks answer", allowed="false")
    return met(chart.resource, path, "others wait until its webhooks answer")


def _seen(view: View, chart: Chart) -> Iterator[Resource]:
    """Give what its webhooks are asked about: Ingresses, and unless it is told otherwise every Service."""
    yield from (each.resource for each in view.objects.of_kind(INGRESS))
    if chart.value(_OF_SERVICES) is not False:
        yield from (each.resource for each in view.objects.of_kind(SERVICE))
        yield from (each.resource for each in view.charts if each != chart)


RULE = Rule(
    id="DST-11",
    severity=Severity.MEDIUM,
    title="Charts with webhooks come first and go last",
    needs="a chart with webhooks that see what others make",
    why="The API server refuses whatever a webhook should see while nobody answers for it: creation and deletion hang.",
    allowed="the release awaited; Ingresses depend on it; Services and charts too, if its webhook for Services is on",
    remedy=f"set {_OF_SERVICES} to false in its values, as the platform does, or give the others dependsOn the release",
    sources=cited(
        Framework.ISSUE,
        "kubernetes-sigs/aws-load-balancer-controller#4140",
        "kubernetes-sigs/aws-load-balancer-controller#3170",
        "aws/eks-charts#801",
    ),
    examine=_examine,
)
