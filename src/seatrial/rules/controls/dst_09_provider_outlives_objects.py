"""DST-09: objects that own something in AWS are really deleted, and can be until the last."""

import re
from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.charts import Chart
from seatrial.rules.facts.grants import ADMINISTRATION
from seatrial.rules.facts.objects import is_in_cluster
from seatrial.rules.facts.owners import owned
from seatrial.rules.facts.types import ACCESS_ENTRY, ACCESS_POLICY, CLUSTER
from seatrial.rules.facts.values import at, plain, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_PROVIDER = "pulumi:providers:kubernetes"
_OWNING_NOTHING = frozenset({"aws-node-termination-handler", "metrics-server"})
"""Charts whose pods make nothing in AWS."""


def _examine(view: View) -> Iterator[Observation]:
    for provider in view.of_type(_PROVIDER):
        yield from _provider(view, provider)
    owners = {each.resource.urn: owned(each) for each in view.objects.every}
    owners |= {chart.resource.urn: _owned_by(chart) for chart in view.charts}
    for resource in view.plan:
        if is_in_cluster(resource):
            yield _inside(view, resource, owners[resource.urn])


def _inside(view: View, resource: Resource, owned_by_it: str) -> Observation:
    provider = view.plan.by_urn.get(resource.provider_urn)
    if provider is None or provider.type != _PROVIDER or provider.name.startswith("default"):
        return broken(resource, "provider", "the default provider, which waits for nothing and outlives nothing")
    if resource.deleted_with and owned_by_it:
        found = f"deleted with {resource.deleted_with.rpartition('::')[2]}, and owns {owned_by_it}"
        return broken(resource, "deletedWith", found, allowed="to be deleted by itself")
    how = "with its cluster" if resource.deleted_with else "by itself"
    return met(resource, "provider", f"{provider.name}; deleted {how}")


def _owned_by(chart: Chart) -> str:
    return "" if chart.name in _OWNING_NOTHING else "what its pods make in AWS"


def _provider(view: View, provider: Resource) -> Iterator[Observation]:
    yield from before(view, provider, view.of_type(CLUSTER))
    administration = [
        each for each in view.of_type(ACCESS_POLICY) if text(at(each, "policyArn")).endswith(f"/{ADMINISTRATION}")
    ]
    kubeconfig = text(plain(provider.inputs.get("kubeconfig")))
    named = [each for each in administration if _names(kubeconfig, text(at(each, "principalArn")))]
    # Without its principal in sight, whoever it depends on is the one that it enters as.
    entered = named or [each for each in administration if view.order.path(provider, each)] or administration
    principals = {text(at(each, "principalArn")) for each in entered}
    entries = [each for each in view.of_type(ACCESS_ENTRY) if text(at(each, "principalArn")) in principals]
    yield from before(view, provider, (*entered, *entries))


def _names(kubeconfig: str, principal: str) -> bool:
    """Tell whether it names a principal, and not another whose name begins with this one's."""
    return re.search(rf"{re.escape(principal)}(?![\w+=,.@/-])", kubeconfig) is not None


RULE = Rule(
    id="DST-09",
    severity=Severity.HIGH,
    title="The way into the cluster outlives all that is in it, and owners go by themselves",
    needs="the Kubernetes provider, or something in the cluster",
    why=(
        "Without an access entry nothing in the cluster can be deleted any more; an owner only forgotten leaves "
        "load balancers, volumes and nodes in AWS."
    ),
    allowed=(
        "a provider of its own that depends on the cluster and on its principal's access; deletedWith for objects that "
        "own nothing outside"
    ),
    remedy="give the object the platform's provider; take deletedWith off what owns something in AWS",
    sources=cited(
        Framework.ISSUE, "pulumi/pulumi-kubernetes#491", "pulumi/pulumi-kubernetes#2489", "pulumi/pulumi-eks#598"
    ),
    examine=_examine,
)
