"""Roles and cluster roles by name, aggregated as the controller does it."""

from collections.abc import Iterable, Mapping
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
    """Whose rules it takes over, in the place of its own; None for a role with rules of its own."""


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
    found = {reference: role.rules for reference, role in known.items()}
    taken = _taken(known)
    # Each round carries rules one role further; of two that take each other over the last round decides.
    for _ in taken:
        before = dict(found)
        for reference, sources in taken.items():
            merged = tuple(dict.fromkeys(each for source in sources for each in found[source]))
            # The controller applies no empty list: a role that finds nothing keeps its own rules.
            found[reference] = merged or found[reference]
        if found == before:
            break
    return found


def _taken(known: Mapping[Reference, Role]) -> Mapping[Reference, list[Reference]]:
    """Give the roles whose rules each aggregated role takes over, in order of name."""
    index = LabelIndex((reference, role.labels) for reference, role in known.items() if reference.kind == CLUSTER_ROLE)
    found: dict[Reference, list[Reference]] = {}
    for reference, role in known.items():
        if role.selectors is not None:
            selected = {each for selector in role.selectors for each in index.select(selector)}
            found[reference] = sorted(selected - {reference}, key=lambda each: each.name)
    return found
