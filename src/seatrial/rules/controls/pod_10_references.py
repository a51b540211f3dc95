"""POD-10: every name in an object is of something that there is, and every Service has pods."""

from collections.abc import Iterator, Mapping

from seatrial.rules.facts import kinds, mentions
from seatrial.rules.facts.mentions import Mention
from seatrial.rules.facts.objects import SYSTEM, Object
from seatrial.rules.facts.values import at
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.selection import Selection, chart_namespaces, of_labels
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_THERE: Mapping[str, frozenset[str]] = {
    kinds.CLUSTER_ROLE: frozenset({"admin", "cluster-admin", "edit", "view"}),
    kinds.CONFIG_MAP: frozenset({"kube-root-ca.crt"}),
    kinds.NAMESPACE: frozenset({"default", "kube-node-lease", "kube-public", SYSTEM}),
    kinds.PRIORITY_CLASS: frozenset({"system-cluster-critical", "system-node-critical"}),
    kinds.SERVICE_ACCOUNT: frozenset({"default"}),
    kinds.STORAGE_CLASS: frozenset({"gp2"}),
}
"""What every cluster of EKS has, or each of its namespaces, by kind."""

_PLAIN = frozenset({"aws-load-balancer-controller", "aws-node-termination-handler", "cluster-autoscaler"})
"""Charts that bring along no class, and no role that is for others."""


def _examine(view: View) -> Iterator[Observation]:
    for each in view.objects.every:
        yield from _mentions(view, each, list(mentions.of_object(each)))
    for template in view.pods:
        yield from _mentions(view, template.object, list(mentions.of_pod(template)))
    selection, untold = Selection(view.pods), chart_namespaces(view) | {SYSTEM}
    for service in view.objects.of_kind(kinds.SERVICE):
        # Charts and add-ons bring pods along that a plan doesn't have.
        if at(service.resource, "spec.selector") is not None and service.namespace not in untold:
            yield _service(service, selection)


def _mentions(view: View, found: Object, mentioned: list[Mention]) -> Iterator[Observation]:
    dangling = [each for each in mentioned if not _exists(view, each)]
    for each in dangling:
        yield broken(found.resource, each.path, f"{each.kind.partition('.')[0]} {each.name}, which there is not")
    if mentioned and not dangling:
        yield met(found.resource, "", f"{found.title}: {', '.join(each.name for each in mentioned)}")


def _exists(view: View, mention: Mention) -> bool:
    if mention.name in _THERE.get(mention.kind, ()):
        return True
    if mention.kind == kinds.CLUSTER_ROLE and mention.name.startswith("system:"):
        return True
    return view.objects.find(mention.kind, mention.name, mention.namespace) is not None or _is_brought(view, mention)


def _is_brought(view: View, mention: Mention) -> bool:
    """Tell whether a chart may bring it along, or an add-on: a plan doesn't have what they are made of."""
    if mention.kind == kinds.NAMESPACE:
        return any(chart.is_first and chart.namespace == mention.name for chart in view.charts)
    if mention.namespace:
        return mention.namespace == SYSTEM or mention.namespace in chart_namespaces(view)
    return any(chart.name not in _PLAIN for chart in view.charts)


def _service(service: Object, selection: Selection) -> Observation:
    path = "spec.selector"
    selector = of_labels(at(service.resource, path))
    if selector is None:
        return unknown(service.resource, path)
    pods = selection.of(service.namespace, selector)
    if not pods:
        return broken(service.resource, path, f"no pod of {service.namespace} has these labels")
    return met(service.resource, path, f"the pods of {', '.join(each.object.title for each in pods)}")


RULE = Rule(
    id="POD-10",
    severity=Severity.MEDIUM,
    title="Every name in an object is of something that there is",
    needs="an object that names another",
    why="Kubernetes takes any name: the pod waits for its volume, the Service answers nobody, the role is empty.",
    allowed="names of objects of the plan, or of those that every cluster has; Services that select pods",
    remedy="correct the name or the labels in the manifest, or add what it names to the program",
    sources=(
        *cited(Framework.KUBE_LINTER, "non-existent-service-account", "dangling-service", "dangling-ingress"),
        *cited(Framework.KUBE_LINTER, "dangling-horizontalpodautoscaler"),
    ),
    examine=_examine,
)
