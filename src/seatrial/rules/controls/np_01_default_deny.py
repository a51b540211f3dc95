"""NP-01: in every namespace nothing passes, in or out, that no policy lets through."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics.network_policy.policy import EVERYTHING, Direction, Policy

_PATH = "NetworkPolicy"


def _examine(view: View) -> Iterator[Observation]:
    for each in view.isolation.written:
        if each.fault:
            yield broken(each.object.resource, "spec", each.fault, allowed="a policy that Kubernetes takes")
    for namespace in view.objects.of_kind(NAMESPACE):
        yield _namespace(view, namespace.resource, namespace.name)
    for chart in view.charts:
        if view.makes_namespace(chart):
            yield _namespace(view, chart.resource, chart.namespace)


def _namespace(view: View, resource: Resource, name: str) -> Observation:
    written = view.isolation.by_namespace.get(name, ())
    policies = [each.policy for each in written]
    open_ = [direction for direction in Direction if not any(_denies(each, direction) for each in policies if each)]
    if not open_:
        return met(resource, _PATH, f"{name} denies by default, in and out")
    if None in policies:
        return unknown(resource, _PATH)
    return broken(resource, _PATH, f"no policy of {name} denies all {' and all '.join(open_)}")


def _denies(policy: Policy, direction: Direction) -> bool:
    return policy.pods == EVERYTHING and direction in policy.isolates and not policy.rules(direction)


RULE = Rule(
    id="NP-01",
    severity=Severity.HIGH,
    title="Every namespace denies traffic by default, in and out",
    needs="a namespace",
    why="A pod that no policy selects talks to everybody: a label that somebody forgets opens it to all tenants.",
    allowed="a policy that selects all pods for Ingress and Egress and has no rules",
    remedy="describe the namespace under `tenants`: the platform denies by default and lets through what is listed",
    sources=(
        *cited(Framework.CIS_EKS, "4.3.2"),
        *cited(Framework.NSA, "C-0030"),
        *cited(Framework.CHECKOV, "CKV2_K8S_6"),
        *cited(Framework.HARDENEKS, "check_default_deny_policy_exists"),
    ),
    examine=_examine,
)
