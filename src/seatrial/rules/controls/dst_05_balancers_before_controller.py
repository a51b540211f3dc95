"""DST-05: load balancers go before their controller, and the controller before what it needs to remove them."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.charts import Chart
from seatrial.rules.facts.kinds import SERVICE, SERVICE_ACCOUNT
from seatrial.rules.facts.owners import BALANCED, is_balancer
from seatrial.rules.facts.types import NODE_GROUP
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_CONTROLLER = "aws-load-balancer-controller"


def _examine(view: View) -> Iterator[Observation]:
    controllers = [chart for chart in view.charts if chart.name == _CONTROLLER]
    services = [each for each in view.objects.of_kind(SERVICE) if is_balancer(each)]
    for each in (*services, *view.objects.of_kind(*BALANCED)):
        if not controllers:
            yield broken(each.resource, "", f"{each.title}, and no chart {_CONTROLLER} that would remove its balancer")
        yield from before(view, each.resource, [chart.resource for chart in controllers])
    for chart in controllers:
        yield from before(view, chart.resource, _needed(view, chart))


def _needed(view: View, chart: Chart) -> Iterator[Resource]:
    """Give what the controller works with: service account, role, all that is attached to it, and nodes."""
    for name in chart.service_accounts:
        account = view.objects.find(SERVICE_ACCOUNT, name, chart.namespace)
        if account:
            yield account.resource
        for role in view.roles.taken_by(f"{chart.namespace}:{name}"):
            yield role
            yield from view.roles.of_role(role)
    yield from view.of_type(NODE_GROUP)


RULE = Rule(
    id="DST-05",
    severity=Severity.HIGH,
    title="Load balancers go before their controller, and that before its role and its nodes",
    needs="the load balancer controller, or something that gets a load balancer",
    why=(
        "A controller that goes first leaves load balancers and security groups in AWS, which hold subnets and VPC, "
        "and finalizers that keep the namespace from ever going."
    ),
    allowed="what gets a balancer depends on the chart, and that on its service account, role, policies and nodes",
    remedy="give what the program adds dependsOn the chart's release; the platform's chart waits for what it needs",
    sources=cited(
        Framework.ISSUE,
        "kubernetes-sigs/aws-load-balancer-controller#1629",
        "kubernetes-sigs/aws-load-balancer-controller#3037",
        "pulumi/pulumi-kubernetes#1739",
    ),
    examine=_examine,
)
