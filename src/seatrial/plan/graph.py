"""The plan as data: what a program would have deployed, immutable and in one order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

STACK_TYPE: Final = "pulumi:pulumi:Stack"
"""Type of the root resource, the parent of everything that names none."""

PROVIDER_PREFIX: Final = "pulumi:providers:"
"""What the type of every provider resource begins with."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is never shown; equal to another secret that holds the same."""

    value: "Value" = field(repr=False)
    """What the program passed."""

    def __str__(self) -> str:
        return "[secret]"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only a deployment can tell."""

    def __str__(self) -> str:
        return "[unknown]"


Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | Mapping[str, Value] | Secret | Unknown | None"
"""What a property holds: JSON with tuples for lists, read-only objects, and marks for secrets and unknowns."""

Properties: TypeAlias = Mapping[str, Value]
"""Properties by the provider's own spelling, camelCase."""


def no_properties() -> Properties:
    """Return the properties of what has none."""
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource as the engine would hold it in its state."""

    urn: str
    """``urn:pulumi:<stack>::<project>::<types of the parents>$<type>::<name>``."""

    type: str
    """Token: ``aws:ec2/vpc:Vpc``, ``seatrial:index:Network``."""

    name: str
    """Logical name, unique for a type and its parents."""

    parent: str = ""
    """URN of the parent; empty for the stack alone."""

    provider: str = ""
    """``<urn>::<id>`` of the provider that serves it; empty for components and providers."""

    custom: bool = False
    """Whether a provider makes it; components only group."""

    id: Value = ""
    """What the cloud would call it; empty for components, Unknown in a preview or where it is made of an unknown."""

    inputs: Properties = field(default_factory=no_properties)
    """What the program asks for, references resolved."""

    outputs: Properties = field(default_factory=no_properties)
    """What the cloud would answer, inputs included; for components and the stack what they registered."""

    completed: bool = False
    """Whether a component registered its outputs, which ends its construction; custom resources never do."""

    dependencies: tuple[str, ...] = ()
    """URNs that must exist before, sorted; those that a property mentions included."""

    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Top-level input to the sorted URNs that its value came from; inputs without any are left out."""

    protect: bool = False
    """Whether the engine refuses to delete it."""

    retain_on_delete: bool = False
    """Whether it stays in the cloud when it leaves the state."""

    deleted_with: str = ""
    """URN whose deletion deletes this one too, so that no call is made for it."""

    ignore_changes: tuple[str, ...] = ()
    """Property paths whose changes are no difference."""

    replace_on_changes: tuple[str, ...] = ()
    """Property paths whose change replaces it."""

    delete_before_replace: bool = False
    """Whether a replacement deletes the old one first."""

    aliases: tuple[str, ...] = ()
    """Former URNs and names, sorted."""

    secret_outputs: tuple[str, ...] = ()
    """Outputs that the program declared secret."""

    timeouts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """``create``, ``update``, ``delete`` to a Go duration, where set."""

    version: str = ""
    """Version of the provider's plugin that the program was written against; empty for components."""

    import_id: str = ""
    """Id of the existing thing to adopt."""

    def __hash__(self) -> int:
        return hash(self.urn)

    @property
    def is_component(self) -> bool:
        """Whether it only groups others; the stack is one."""
        return not self.custom

    @property
    def is_provider(self) -> bool:
        """Whether it configures a provider."""
        return self.type.startswith(PROVIDER_PREFIX)

    @property
    def provider_urn(self) -> str:
        """URN of the provider that serves it; empty when there is none."""
        return self.provider.rpartition("::")[0]

    @property
    def predecessors(self) -> tuple[str, ...]:
        """Every URN that the engine must have before this one: dependencies, parent, provider, deleted-with."""
        urns = {self.parent, self.provider_urn, self.deleted_with, *self.dependencies}
        return tuple(sorted(urns - {""}))


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """What the program logged while it was planned."""

    severity: str
    """``info``, ``warning`` or ``error``."""

    text: str
    urn: str = ""
    """The resource that it is about, if any."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that a program would deploy; every resource stands after the ones it needs, ties in order of URN."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    outputs: Properties = field(default_factory=no_properties)
    """What the stack exports."""

    messages: tuple[Message, ...] = ()
    """What the program logged, sorted; debug messages left out."""

    def __getitem__(self, urn: str) -> Resource:
        """Return the resource with that URN; KeyError when there is none."""
        return self.by_urn[urn]

    def __contains__(self, urn: object) -> bool:
        return urn in self.by_urn

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """Every resource by its URN."""
        return MappingProxyType({resource.urn: resource for resource in self.resources})

    def of_type(self, type_: str) -> tuple[Resource, ...]:
        """Return every resource of a type, in the plan's order."""
        return tuple(resource for resource in self.resources if resource.type == type_)

    def named(self, name: str, type_: str = "") -> Resource:
        """Return the one resource with that logical name (and type, when several share it); KeyError when not one."""
        found = [each for each in self.resources if each.name == name and type_ in ("", each.type)]
        if len(found) != 1:
            raise KeyError(f"{len(found)} resources are named {name!r}: {', '.join(each.urn for each in found)}")
        return found[0]

    def children(self, urn: str) -> tuple[Resource, ...]:
        """Return what has that URN as its parent, in the plan's order."""
        return tuple(self.by_urn[child] for child in self._children.get(urn, ()))

    def subtree(self, urn: str) -> tuple[Resource, ...]:
        """Return what lies below that URN, at any depth, in the plan's order."""
        below = _closure(urn, lambda each: self._children.get(each, ()))
        return tuple(resource for resource in self.resources if resource.urn in below)

    def prerequisites(self, urn: str) -> frozenset[str]:
        """Return the URNs that must exist before that one: the closure over dependencies."""
        return _closure(urn, lambda each: self.by_urn[each].dependencies)

    def dependents(self, urn: str) -> frozenset[str]:
        """Return the URNs that need that one to exist: the closure over dependencies, backwards."""
        return _closure(urn, lambda each: self._dependents.get(each, ()))

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((resource.parent, resource.urn) for resource in self.resources)

    @cached_property
    def _dependents(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((needed, resource.urn) for resource in self.resources for needed in resource.dependencies)


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _closure(start: str, step: Callable[[str], Iterable[str]]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(step(start))
    while waiting:
        urn = waiting.pop()
        if urn not in seen:
            seen.add(urn)
            waiting.extend(step(urn))
    return frozenset(seen)
