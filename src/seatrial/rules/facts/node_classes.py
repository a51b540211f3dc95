"""What Karpenter makes nodes of: its EC2NodeClasses, as their CRD of v1 has them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.plan import Resource, Value
from seatrial.rules.facts.kinds import NODE_CLASS
from seatrial.rules.facts.objects import Objects
from seatrial.rules.facts.references import References
from seatrial.rules.facts.types import ROLE
from seatrial.rules.facts.values import at, entries, is_unknown, properties, text


@dataclass(frozen=True, slots=True)
class Term:
    """One way in which a class chooses subnets."""

    path: str
    subnets: tuple[Resource, ...]
    """Those of the plan that it chooses."""

    is_unknown: bool
    """Whether only a deployment can tell which."""


def classes(objects: Objects) -> tuple[Resource, ...]:
    """Return the classes of a plan."""
    return tuple(each.resource for each in objects.of_kind(NODE_CLASS))


def terms(found: Resource, subnets: Iterable[Resource]) -> Iterator[Term]:
    """Give what a class chooses of some subnets, by id or by tags."""
    known = tuple(subnets)
    for path, term in entries(found, "spec.subnetSelectorTerms"):
        chosen = tuple(each for each in known if _is_meant(each, term))
        yield Term(path, chosen, is_unknown=is_unknown(term) or not chosen)


def roles(objects: Objects, references: References) -> Iterator[Resource]:
    """Give the roles that nodes of some class have."""
    for each in classes(objects):
        yield from references.of(each, "spec.role", ROLE).resources


def _is_meant(subnet: Resource, term: Mapping[str, Value]) -> bool:
    if term.get("id") is not None:
        return term["id"] == subnet.id
    wanted, tags = properties(term.get("tags")), properties(at(subnet, "tags"))
    return bool(wanted) and all(key in tags and value in ("*", text(tags[key])) for key, value in wanted.items())
