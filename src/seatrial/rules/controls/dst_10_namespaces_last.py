"""DST-10: a namespace goes after all that is in it, and custom resources before what tends them."""

from collections.abc import Iterator, Mapping

from seatrial.plan import Resource
from seatrial.rules.facts.kinds import DEFINITION, NAMESPACE
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.types import ADDON
from seatrial.rules.facts.values import at, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_TENDED: Mapping[str, str] = {
    "elbv2.k8s.aws": "aws-load-balancer-controller",
    "karpenter.k8s.aws": "karpenter",
    "karpenter.sh": "karpenter",
    "snapshot.storage.k8s.io": "snapshot-controller",
}
"""API group to the chart or add-on that brings its kinds along, and tends them."""


def _examine(view: View) -> Iterator[Observation]:
    definitions = {text(at(each.resource, "spec.group")): each.resource for each in view.objects.of_kind(DEFINITION)}
    for each in view.objects.every:
        namespace = view.objects.find(NAMESPACE, each.namespace) if each.namespace else None
        yield from before(view, each.resource, [namespace.resource] if namespace else [])
        yield from before(view, each.resource, _tending(view, each))
        if each.group in definitions:
            yield from before(view, each.resource, [definitions[each.group]])
    for chart in view.charts:
        namespace = view.objects.find(NAMESPACE, chart.namespace)
        yield from before(view, chart.resource, [namespace.resource] if namespace else [])


def _tending(view: View, found: Object) -> Iterator[Resource]:
    name = _TENDED.get(found.group)
    if name:
        yield from (chart.resource for chart in view.charts if chart.name == name)
        yield from (addon for addon in view.of_type(ADDON) if at(addon, "addonName") == name)


RULE = Rule(
    id="DST-10",
    severity=Severity.MEDIUM,
    title="Namespaces go last, custom resources before their operators",
    needs="an object in a namespace of the plan, or a custom resource",
    why="A finalizer whose operator is gone is never lifted: the namespace is Terminating for ever, and so the stack.",
    allowed="objects depend on their namespace; custom resources on the chart or add-on that tends them",
    remedy="give the object dependsOn its namespace, and custom resources dependsOn the release; the platform does",
    sources=cited(Framework.ISSUE, "pulumi/pulumi-kubernetes#1920", "pulumi/pulumi-kubernetes#3573"),
    examine=_examine,
)
