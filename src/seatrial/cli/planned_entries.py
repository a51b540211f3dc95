"""The access entries of a plan, and what of them only a deployment can tell."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from seatrial.cli.planned_names import arn
from seatrial.plan import Unknown
from seatrial.rules.facts.references import References
from seatrial.rules.facts.types import ACCESS_ENTRY, ACCESS_POLICY, ROLE
from seatrial.rules.facts.values import at, is_unknown, items, text, texts
from seatrial.semantics.rbac import AccessEntry, Association, EntryKind, access_entries

if TYPE_CHECKING:
    from seatrial.plan import Plan, Resource


class PlannedEntries:
    """Who gets into the cluster of a plan by IAM."""

    def __init__(self, plan: "Plan") -> None:
        self._references = References(plan)
        self._unknown = [each for type_ in (ACCESS_ENTRY, ACCESS_POLICY) for each in self._open(plan.of_type(type_))]
        self._associations: dict[str, list[Association]] = {}
        for each in plan.of_type(ACCESS_POLICY):
            if not any(_open_of_policy(each)):
                self._associations.setdefault(self._principal(each), []).append(_association(each))
        entries = map(self._entry, plan.of_type(ACCESS_ENTRY))
        self._entries = {entry.principal_arn: entry for entry in entries if entry.principal_arn}

    @property
    def every(self) -> tuple[AccessEntry, ...]:
        """Those whose principal is known, as far as they are."""
        return tuple(self._entries.values())

    def of(self, principal: str) -> AccessEntry | None:
        """Return the entry of a principal; None when there is none."""
        return self._entries.get(principal)

    def unknown(self, principal: str) -> tuple[str, ...]:
        """Name what only a deployment can tell of a principal's entry and its access policies."""
        return tuple(what for who, what in self._unknown if who in ("", principal))

    def _open(self, resources: "tuple[Resource, ...]") -> Iterator[tuple[str, str]]:
        """Give what isn't known with whose it is, empty where it may be anybody's."""
        for each in resources:
            principal = self._principal(each)
            paths = _open_of_policy(each) if each.type == ACCESS_POLICY else _open_of_entry(each)
            for path in (*(() if principal else ("principalArn",)), *paths):
                yield principal, f"{path} of {each.name}"

    def _principal(self, resource: "Resource") -> str:
        referred = self._references.of(resource, "principalArn", ROLE)
        return next(iter((*map(arn, referred.resources), *referred.strangers)), "")

    def _entry(self, resource: "Resource") -> AccessEntry:
        principal = self._principal(resource)
        kind = text(at(resource, "type"))
        return AccessEntry(
            principal_arn=principal,
            kind=EntryKind(kind) if kind in tuple(EntryKind) else EntryKind.STANDARD,
            groups=texts(at(resource, "kubernetesGroups")),
            user_name=text(at(resource, "userName")),
            associations=tuple(self._associations.get(principal, ())),
        )


def _open_of_entry(resource: "Resource") -> Iterator[str]:
    if text(at(resource, "type")) not in ("", *EntryKind) or isinstance(at(resource, "type"), Unknown):
        yield "type"
    for path in ("kubernetesGroups", "userName"):
        if is_unknown(at(resource, path)):
            yield path


def _open_of_policy(resource: "Resource") -> Iterator[str]:
    if not access_entries.is_known(text(at(resource, "policyArn"))):
        yield "policyArn"
    if is_unknown(at(resource, "accessScope")):
        yield "accessScope"


def _association(resource: "Resource") -> Association:
    namespaces = items(at(resource, "accessScope.namespaces"))
    is_of_namespaces = at(resource, "accessScope.type") == "namespace"
    return Association(text(at(resource, "policyArn")), texts(namespaces) if is_of_namespaces else None)
