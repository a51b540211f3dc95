"""RBAC-11: whoever is given something in one namespace is given nothing in others."""

from collections.abc import Iterator, Mapping

from seatrial.plan import Resource
from seatrial.rules.facts.grants import Grant
from seatrial.rules.facts.objects import SYSTEM
from seatrial.rules.facts.types import ACCESS_ENTRY
from seatrial.rules.facts.values import at, is_unknown, text, texts
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.powers import given, requests, unjudged, whom
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics.rbac.bindings import Holder, HolderKind

_ACCOUNT = "system:serviceaccount:"
_EVERYWHERE = "all namespaces"
_TWO = 2
_INSIDE = (
    *requests("get list create update", "configmaps", "pods", "secrets", "services"),
    *requests("get list create update", "deployments", group="apps"),
)
"""What reaches into namespaces, where it is given for all of them."""

Homes = Mapping[Holder, tuple[str, ...]]
"""Who to the namespaces where something is given to him, and to his own, sorted."""


def _examine(view: View) -> Iterator[Observation]:
    homes = _homes(view)
    for grant in given(view):
        yield unjudged(grant) or _grant(grant, homes)
    for entry in view.of_type(ACCESS_ENTRY):
        yield from _entry(entry, homes)


def _homes(view: View) -> Homes:
    found: dict[Holder, dict[str, None]] = {}
    for grant in given(view):
        for holder in grant.holders:
            found.setdefault(holder, dict.fromkeys(_own(holder))).update(dict.fromkeys(_places(grant)))
    return {holder: tuple(sorted(places)) for holder, places in found.items()}


def _places(grant: Grant) -> tuple[str, ...]:
    if not grant.is_everywhere:
        return grant.namespaces or ()
    return (_EVERYWHERE,) if grant.allowed(_INSIDE) else ()


def _own(holder: Holder) -> tuple[str, ...]:
    """Return the namespace that a service account is at home in."""
    return (holder.name.removeprefix(_ACCOUNT).partition(":")[0],) if holder.name.startswith(_ACCOUNT) else ()


def _grant(grant: Grant, homes: Homes) -> Observation:
    for holder in grant.holders:
        places = homes[holder]
        if not _abroad(holder, places).isdisjoint(_places(grant)):
            found = f"{holder}, who has {grant.role} {grant.scope}, is given something in {', '.join(places)}"
            return broken(grant.resource, "subjects", found)
    return met(grant.resource, "subjects", whom(grant))


def _abroad(holder: Holder, places: tuple[str, ...]) -> frozenset[str]:
    """Return where somebody should have nothing: of two namespaces neither is the right one, if none is his own."""
    own = _own(holder)
    if SYSTEM in own or len(places) < _TWO:
        return frozenset()
    named = frozenset(places) - {_EVERYWHERE}
    return frozenset(places) - (frozenset(own) if own or len(named) > 1 else named)


def _entry(entry: Resource, homes: Homes) -> Iterator[Observation]:
    if is_unknown(at(entry, "kubernetesGroups")):
        yield unknown(entry, "kubernetesGroups")
        return
    groups = texts(at(entry, "kubernetesGroups"))
    principal = Holder(HolderKind.PRINCIPAL, text(at(entry, "principalArn")))
    holders = (*(Holder(HolderKind.GROUP, group) for group in groups), principal)
    places = sorted({place for holder in holders for place in homes.get(holder, ())})
    if len(places) > 1:
        yield broken(entry, "kubernetesGroups", f"{', '.join(groups) or 'no group'}, given {', '.join(places)}")
    elif places:
        yield met(entry, "kubernetesGroups", f"{text(at(entry, 'principalArn'))}: {', '.join(groups)} of {places[0]}")


RULE = Rule(
    id="RBAC-11",
    severity=Severity.HIGH,
    title="Whoever has one namespace has no other",
    needs="a binding of a role, or an access policy",
    why="Tenants share a control plane: what one may do in the namespace of another is all that stands between them.",
    allowed="for a team, user or service account: bindings in one namespace",
    remedy="give each namespace of `tenants` a group and a principal of its own",
    sources=(
        *cited(Framework.PRACTICES, "Tenant Isolation: soft multi-tenancy"),
        *cited(Framework.KUBERNETES, "Multi-tenancy"),
    ),
    examine=_examine,
)
