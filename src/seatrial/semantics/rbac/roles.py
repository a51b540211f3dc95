"""Roles and cluster roles by name, aggregated as the controller does it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.semantics.fields import Fields
from seatrial.semantics.network_policy import labels
from seatrial.semantics.network_policy.labels import LabelIndex, Selector
from seatrial.semantics.rbac.rules import Rule

CLUSTER_ROLE = "ClusterRole"
ROLE = "Role"


@dataclass(frozen=True, slots=True)
class Reference:
    """Which role is meant."""

    kind: str
    """``Role`` or ``ClusterRole``."""

    name: str
    namespace: str = ""
    """Of a Role."""

    def __str__(self) -> str:
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role as an object says it."""

    reference: Reference
    labels: Mapping[str, str]
    rules: tuple[Rule, ...]
    selectors: tuple[Selector, ...] | None
    """Whose rules it takes over, and its own then count for nothing; None for a role with rules of its own."""


def read(fields: Fields, reference: Reference) -> Role:
    """Read a Role or ClusterRole."""
    metadata = fields.fields("metadata")
    aggregation = fields.fields("aggregationRule") if reference.kind == CLUSTER_ROLE else None
    return Role(
        reference=reference,
        labels=metadata.labels("labels") if metadata else {},
        rules=tuple(rule(item) for item in fields.items("rules")),
        selectors=tuple(labels.read(item) for item in aggregation.items("clusterRoleSelectors"))
        if aggregation
        else None,
    )


def rule(fields: Fields) -> Rule:
    """Read one rule."""
    return Rule(
        verbs=fields.texts("verbs"),
        groups=fields.texts("apiGroups"),
        resources=fields.texts("resources"),
        names=fields.texts("resourceNames"),
        paths=fields.texts("nonResourceURLs"),
    )


def rules(roles: Iterable[Role]) -> Mapping[Reference, tuple[Rule, ...]]:
    """Return every role's rules, aggregated through as many roles as it takes."""
    known = {role.reference: role for role in roles}
    index = LabelIndex((reference, role.labels) for reference, role in known.items() if reference.kind == CLUSTER_ROLE)
    return {
        reference: tuple(dict.fromkeys(each for source in _sources(role, known, index) for each in source.rules))
        for reference, role in known.items()
    }


def _sources(role: Role, known: Mapping[Reference, Role], index: LabelIndex[Reference]) -> Iterator[Role]:
    """Give the roles whose own rules a role has, in order of name."""
    seen, waiting = {role.reference}, [role]
    found: list[Role] = []
    while waiting:
        each = waiting.pop()
        if each.selectors is None:
            found.append(each)
            continue
        selected = {reference for selector in each.selectors for reference in index.select(selector)}
        waiting.extend(known[reference] for reference in selected - seen)
        seen |= selected
    yield from sorted(found, key=lambda source: source.reference.name)
