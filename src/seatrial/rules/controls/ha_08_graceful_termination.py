"""HA-08: pods that load balancers send to finish what they have before they go."""

from collections.abc import Iterator

from seatrial.rules.facts.kinds import INGRESS, NAMESPACE, SERVICE, TARGET_BINDING
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.pods import Template, containers
from seatrial.rules.facts.values import at, is_unknown, number, properties, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.selection import Selection, of_labels
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_GATE = "elbv2.k8s.aws/pod-readiness-gate-inject"
_DEFAULT_GRACE = 30
"""Seconds that Kubernetes gives a pod that doesn't say."""


def _examine(view: View) -> Iterator[Observation]:
    objects = view.objects
    balanced = [each for each in objects.of_kind(SERVICE) if at(each.resource, "spec.type") == "LoadBalancer"]
    reached = {each.namespace for each in (*balanced, *objects.of_kind(INGRESS, TARGET_BINDING))}
    for namespace in objects.of_kind(NAMESPACE):
        if namespace.name in reached:
            yield _gate(namespace)
    selection = Selection(view.pods)
    for service in objects.of_kind(SERVICE):
        labels = of_labels(at(service.resource, "spec.selector"))
        if service.namespace in reached and labels is not None and labels.expressions:
            for template in selection.of(service.namespace, labels):
                yield from _pod(template)


def _gate(namespace: Object) -> Observation:
    path = f"metadata.labels.{_GATE}"
    value = properties(at(namespace.resource, "metadata.labels")).get(_GATE)
    if is_unknown(value):
        return unknown(namespace.resource, path)
    if value == "enabled":
        return met(namespace.resource, path, "pods are ready when their load balancer says so")
    return broken(namespace.resource, path, "pods are ready before their load balancer knows them", allowed="enabled")


def _pod(template: Template) -> Iterator[Observation]:
    path = template.place("spec.terminationGracePeriodSeconds")
    grace = number(template.spec.get("terminationGracePeriodSeconds"))
    if is_unknown(template.spec.get("terminationGracePeriodSeconds")):
        yield unknown(template.resource, path)
    elif grace is not None and grace < _DEFAULT_GRACE:
        yield broken(template.resource, path, f"{grace} seconds", allowed=f"{_DEFAULT_GRACE} seconds or more")
    serving = [each for each in containers(template) if not each.is_init]
    if any(within(each.values, "lifecycle.preStop") is not None for each in serving):
        yield met(template.resource, template.place("spec.containers"), "preStop lets the load balancer turn away")
    else:
        found = f"{template.object.title}: no container has a preStop"
        yield broken(template.resource, template.place("spec.containers"), found)


RULE = Rule(
    id="HA-08",
    severity=Severity.LOW,
    title="Pods behind load balancers go gracefully",
    needs="a load balancer of the cluster",
    why="A load balancer sends for seconds more to a pod that is told to stop: what stops at once answers with errors.",
    allowed=f"a preStop that waits, {_DEFAULT_GRACE} seconds of grace or more, and readiness gates in the namespace",
    remedy=f"add lifecycle.preStop.sleep to a container, and the label {_GATE}: enabled to the namespace",
    sources=cited(Framework.PRACTICES, "Load Balancing: availability and Pod lifecycle"),
    examine=_examine,
)
