"""Which resource of the plan a property means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seatrial.plan import Plan, Resource, Unknown, Value
from seatrial.rules.facts.types import ALIAS, KEY, LAUNCH_TEMPLATE
from seatrial.rules.facts.values import at, items, text


@dataclass(frozen=True, slots=True)
class Referred:
    """What a property refers to."""

    resources: tuple[Resource, ...]
    """Resources of the plan, in the order of the property."""

    strangers: tuple[str, ...] = ()
    """Values that are of no resource of the plan."""

    is_unknown: bool = False
    """Whether there are more that only a deployment can tell."""

    @property
    def is_settled(self) -> bool:
        """Whether every value is a resource of the plan."""
        return not self.strangers and not self.is_unknown

    @property
    def one(self) -> Resource | None:
        """The resource, when it is exactly one and nothing else."""
        return self.resources[0] if len(self.resources) == 1 and self.is_settled else None


class References:
    """Finds resources by what identifies them: id, ARN, name; and by the plan's edges where those aren't known yet."""

    def __init__(self, plan: Plan) -> None:
        """Index a plan."""
        self._plan = plan
        self._index: dict[tuple[str, str], Resource] = {}
        for resource in plan:
            for key in _keys(resource):
                self._index.setdefault((resource.type, key), resource)

    def find(self, value: str, *types: str) -> Resource | None:
        """Return the resource of one of the types that a value identifies."""
        found = (self._index.get((type_, value)) for type_ in types)
        return next(filter(None, found), None) or (self._by_alias(value) if KEY in types else None)

    def _by_alias(self, value: str) -> Resource | None:
        """Return the key that an alias stands for."""
        alias = self._index.get((ALIAS, value))
        return self.of(alias, "targetKeyId", KEY).one if alias else None

    def launch_template(self, group: Resource) -> Referred:
        """Return the launch template of a node group, which it names by id or by name."""
        path = "launchTemplate.id" if at(group, "launchTemplate.id") is not None else "launchTemplate.name"
        return self.of(group, path, LAUNCH_TEMPLATE)

    def of(self, resource: Resource, path: str, *types: str) -> Referred:
        """Return what a property, a value or a list of values, refers to.

        Unknown values are settled by the edges of the property where there are as many edges to such types as values.
        """
        found: list[Resource] = []
        strangers: list[str] = []
        unknown = 0
        for value in items(at(resource, path)):
            known = self.find(text(value), *types)
            if known:
                found.append(known)
            elif isinstance(value, Unknown):
                unknown += 1
            else:
                strangers.append(str(value))
        edges = [each for each in self._edges(resource, path, types) if each not in found]
        settled = bool(unknown) and len(edges) == unknown
        return Referred(
            (*found, *(edges if settled else ())), tuple(strangers), is_unknown=bool(unknown) and not settled
        )

    def _edges(self, resource: Resource, path: str, types: Iterable[str]) -> Iterator[Resource]:
        key = path.partition(".")[0].partition("[")[0]
        for urn in resource.property_dependencies.get(key, ()):
            needed = self._plan.by_urn.get(urn)
            if needed and needed.type in types:
                yield needed


def _keys(resource: Resource) -> Iterator[str]:
    values: tuple[Value, ...] = (resource.id, *(resource.outputs.get(key) for key in ("arn", "name", "keyId")))
    yield from filter(None, map(text, values))
