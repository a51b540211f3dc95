"""The namespaces of a plan: who works there, what they may take, which service accounts take which roles."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from seatrial.plan import Resource
from seatrial.rules.facts.kinds import CLUSTER_ROLE, NAMESPACE, NETWORK_POLICY, QUOTA, ROLE, ROLE_BINDING
from seatrial.rules.facts.kinds import SERVICE_ACCOUNT as ACCOUNT
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.types import ACCESS_ENTRY
from seatrial.rules.facts.values import at, entries, properties, text, texts
from seatrial.rules.view import View

_LEVEL: Final = "pod-security.kubernetes.io/enforce"
_WRITING: Final = frozenset({"create", "update", "patch", "delete", "deletecollection", "*"})
_QUOTAS: Final = {
    "requests.cpu": "CPU",
    "requests.memory": "memory",
    "limits.memory": "memory limit",
    "requests.storage": "storage",
    "pods": "pods",
    "persistentvolumeclaims": "volumes",
    "services.loadbalancers": "load balancers",
}
"""What a quota limits, as people say it, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Account:
    """A service account."""

    name: str
    roles: tuple[Resource, ...]
    """IAM roles that it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """A namespace, and what the plan puts there."""

    name: str
    is_planned: bool
    """False for those that every cluster has, such as kube-system."""

    level: str
    """Pod Security level that is enforced; empty when none is."""

    teams: tuple[str, ...]
    """Who is bound to a role, what that allows, and who gets in as one of them."""

    quota: tuple[str, ...]
    """``4 CPU``, ``50 pods``."""

    accounts: tuple[Account, ...]
    charts: tuple[str, ...]
    """Names and versions of the charts that are installed there."""

    policies: int
    """How many network policies there are."""

    urns: frozenset[str]
    """Everything that the plan puts there."""


def namespaces(view: View) -> tuple[Namespace, ...]:
    """Read the namespaces of a plan, and those that it puts something into; those of the plan come first."""
    planned = {each.name: each for each in view.objects.of_kind(NAMESPACE)}
    used = (*(each.namespace for each in view.objects.every), *(each.namespace for each in view.charts))
    names = dict.fromkeys((*planned, *filter(None, used)))
    return tuple(_namespace(view, name, planned.get(name)) for name in names)


def _namespace(view: View, name: str, found: Object | None) -> Namespace:
    charts = [each for each in view.charts if each.namespace == name]
    inside = [each for each in view.objects.every if each.namespace == name]
    resources = (*(each.resource for each in (*inside, *charts)), *([found.resource] if found else []))
    return Namespace(
        name=name,
        is_planned=found is not None,
        level=_level(found) if found else "",
        teams=tuple(_teams(view, name)),
        quota=tuple(_quota(inside)),
        accounts=_accounts(view, name),
        charts=tuple(f"{each.name} {text(at(each.resource, 'version'))}".rstrip() for each in charts),
        policies=sum(each.full_kind == NETWORK_POLICY for each in inside),
        urns=frozenset(each.urn for each in resources),
    )


def _level(namespace: Object) -> str:
    return text(properties(at(namespace.resource, "metadata.labels")).get(_LEVEL))


def _teams(view: View, namespace: str) -> Iterator[str]:
    for binding in view.objects.of_kind(ROLE_BINDING):
        if binding.namespace == namespace:
            access = _access(view, binding)
            for _, subject in entries(binding.resource, "subjects"):
                name = text(subject.get("name"))
                yield f"{name}, {access}: {', '.join(_principals(view, name)) or 'nobody yet'}"


def _access(view: View, binding: Object) -> str:
    """Say what a binding allows: whether anything may be changed, or the role where the plan hasn't got it."""
    name = text(at(binding.resource, "roleRef.name"))
    found = view.objects.find(ROLE, name, binding.namespace) or view.objects.find(CLUSTER_ROLE, name)
    if found is None:
        return f"role {name}"
    verbs = {verb for _, rule in entries(found.resource, "rules") for verb in texts(rule.get("verbs"))}
    return "read-write" if verbs & _WRITING else "read-only"


def _principals(view: View, group: str) -> Iterator[str]:
    for entry in view.of_type(ACCESS_ENTRY):
        if group in texts(at(entry, "kubernetesGroups")):
            yield text(at(entry, "principalArn")).rpartition(":")[2]


def _quota(inside: list[Object]) -> Iterator[str]:
    for quota in (each for each in inside if each.full_kind == QUOTA):
        hard = properties(at(quota.resource, "spec.hard"))
        for key, noun in _QUOTAS.items():
            if key in hard:
                yield f"{hard[key]} {noun}"


def _accounts(view: View, namespace: str) -> tuple[Account, ...]:
    planned = [each.name for each in view.objects.of_kind(ACCOUNT) if each.namespace == namespace]
    trusted = (account.partition(":") for role in view.roles.every for account in view.roles.service_accounts(role))
    names = dict.fromkeys((*planned, *(name for where, _, name in trusted if where == namespace)))
    return tuple(Account(name, view.roles.taken_by(f"{namespace}:{name}")) for name in names)
