"""The namespaces of a plan: who works there, what they may take, which service accounts take which roles."""

from collections.abc import Iterator, Mapping, Sequence
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
    people = _People(view, _members(view), _trusted(view))
    return tuple(_namespace(people, name, planned.get(name)) for name in names)


def first(found: tuple[Namespace, ...], most: int) -> tuple[Namespace, ...]:
    """Return the first of many namespaces; those that every cluster has are never what is left out."""
    others = tuple(each for each in found if not each.is_planned)
    planned = tuple(each for each in found if each.is_planned)
    return (*planned[: max(most - len(others), 0)], *others)


@dataclass(frozen=True, slots=True)
class _People:
    """A plan, and what is asked for each of its namespaces, found once."""

    view: View
    members: Mapping[str, Sequence[str]]
    """Of each group, the principals that get in as one of it."""
    trusted: Mapping[str, Sequence[str]]
    """Of each namespace, the service accounts that take a role."""


def _namespace(people: _People, name: str, found: Object | None) -> Namespace:
    view = people.view
    charts = [each for each in view.charts if each.namespace == name]
    inside = view.objects.inside(name)
    resources = (*(each.resource for each in (*inside, *charts)), *([found.resource] if found else []))
    return Namespace(
        name=name,
        is_planned=found is not None,
        level=_level(found) if found else "",
        teams=tuple(_teams(people, inside)),
        quota=tuple(_quota(inside)),
        accounts=_accounts(people, name, inside),
        charts=tuple(f"{each.name} {text(at(each.resource, 'version'))}".rstrip() for each in charts),
        policies=sum(each.full_kind == NETWORK_POLICY for each in inside),
        urns=frozenset(each.urn for each in resources),
    )


def _level(namespace: Object) -> str:
    return text(properties(at(namespace.resource, "metadata.labels")).get(_LEVEL))


def _teams(people: _People, inside: Sequence[Object]) -> Iterator[str]:
    for binding in (each for each in inside if each.full_kind == ROLE_BINDING):
        access = _access(people.view, binding)
        for _, subject in entries(binding.resource, "subjects"):
            name = text(subject.get("name"))
            yield f"{name}, {access}: {', '.join(people.members.get(name, ())) or 'nobody yet'}"


def _access(view: View, binding: Object) -> str:
    """Say what a binding allows: whether anything may be changed, or the role where the plan hasn't got it."""
    name = text(at(binding.resource, "roleRef.name"))
    found = view.objects.find(ROLE, name, binding.namespace) or view.objects.find(CLUSTER_ROLE, name)
    if found is None:
        return f"role {name}"
    verbs = {verb for _, rule in entries(found.resource, "rules") for verb in texts(rule.get("verbs"))}
    return "read-write" if verbs & _WRITING else "read-only"


def _members(view: View) -> Mapping[str, Sequence[str]]:
    members: dict[str, list[str]] = {}
    for entry in view.of_type(ACCESS_ENTRY):
        for group in dict.fromkeys(texts(at(entry, "kubernetesGroups"))):
            members.setdefault(group, []).append(text(at(entry, "principalArn")).rpartition(":")[2])
    return members


def _trusted(view: View) -> Mapping[str, Sequence[str]]:
    trusted: dict[str, list[str]] = {}
    for account in (account for role in view.roles.every for account in view.roles.service_accounts(role)):
        namespace, _, name = account.partition(":")
        trusted.setdefault(namespace, []).append(name)
    return trusted


def _quota(inside: Sequence[Object]) -> Iterator[str]:
    for quota in (each for each in inside if each.full_kind == QUOTA):
        hard = properties(at(quota.resource, "spec.hard"))
        for key, noun in _QUOTAS.items():
            if key in hard:
                yield f"{hard[key]} {noun}"


def _accounts(people: _People, namespace: str, inside: Sequence[Object]) -> tuple[Account, ...]:
    planned = (each.name for each in inside if each.full_kind == ACCOUNT)
    names = dict.fromkeys((*planned, *people.trusted.get(namespace, ())))
    return tuple(Account(name, people.view.roles.taken_by(f"{namespace}:{name}")) for name in names)
