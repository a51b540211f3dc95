"""What has to change for a resource to be as its inputs ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from seatrial.rehearsal.providers.aws.resource_type import ResourceType, Traits
from seatrial.rehearsal.providers.aws.schema import Kind, PropertyType
from seatrial.rehearsal.providers.aws.shapes import scalar
from seatrial.rehearsal.providers.changes import Action, Change
from seatrial.rehearsal.providers.paths import joined, shown
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values, holds_unknown, is_empty


def differences(resource: ResourceType, state: Values, inputs: Values) -> list[Change]:
    """Compare the state with the inputs wanted."""
    walk = _Walk(resource.traits)
    found = [
        change
        for name, declared in resource.schema.inputs.fields.items()
        for change in walk.compare(declared, _Place(name, name), state.get(name), inputs.get(name))
    ]
    return sorted(found, key=lambda change: change.path)


def same(resource: ResourceType, name: str, old: Value, new: Value) -> bool:
    """Whether two values of a top-level property ask for the same."""
    declared = resource.schema.inputs.fields[name]
    return not any(_Walk(resource.traits).compare(declared, _Place(name, name), old, new))


@dataclass(frozen=True, slots=True)
class _Place:
    shown: str
    plain: str

    def property(self, name: str) -> "_Place":
        return _Place(shown(self.shown, name), joined(self.plain, name))

    def key(self, name: str) -> "_Place":
        return _Place(shown(self.shown, name), self.plain)

    def item(self, index: int) -> "_Place":
        return _Place(f"{self.shown}[{index}]", self.plain)


@dataclass(frozen=True, slots=True)
class _Walk:
    traits: Traits

    def compare(self, declared: PropertyType, place: _Place, old: Value, new: Value) -> Iterator[Change]:
        if new is None and self.traits.is_computed(place.plain):
            return
        default = self.traits.defaults.get(place.plain)
        old, new = (default if value is None else value for value in (old, new))
        if self._same_as_declared(place, old, new):
            return
        if new is UNKNOWN:
            yield self._change(place, old, new)
            return
        match declared.kind:
            case Kind.OBJECT:
                yield from self._objects(declared, place, old or Values(), cast("Values", new or {}))
            case Kind.MAP:
                yield from self._maps(declared, place, old or Values(), cast("Values", new or {}))
            case Kind.LIST:
                yield from self._lists(declared, place, old or [], cast("list[Value]", new or []))
            case _ if scalar(declared.kind, old) != scalar(declared.kind, new):
                yield self._change(place, old, new)
            case _:
                return

    def _same_as_declared(self, place: _Place, old: Value, new: Value) -> bool:
        if (old is None or new is None) and is_empty(old) and is_empty(new):
            return True
        test = self.traits.same.get(place.plain)
        return test is not None and not holds_unknown(new) and old is not None and test(old, new)

    def _objects(self, declared: PropertyType, place: _Place, old: Values, new: Values) -> Iterator[Change]:
        for name, kind in declared.fields.items():
            yield from self.compare(kind, place.property(name), old.get(name), new.get(name))

    def _maps(self, declared: PropertyType, place: _Place, old: Values, new: Values) -> Iterator[Change]:
        for key in sorted({**old, **new}):
            before, after = old.get(key), new.get(key)
            if before is None or after is None:
                yield self._change(place.key(key), before, after)
            else:
                yield from self.compare(declared.element, place.key(key), before, after)

    def _lists(self, declared: PropertyType, place: _Place, old: list[Value], new: list[Value]) -> Iterator[Change]:
        if place.plain not in self.traits.ordered:
            if not self._same_sets(declared.element, place, old, new):
                yield self._change(place, old, new)
            return
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            if before is None or after is None:
                yield self._change(place.item(index), before, after)
            else:
                yield from self.compare(declared.element, place.item(index), before, after)

    def _same_sets(self, declared: PropertyType, place: _Place, old: list[Value], new: list[Value]) -> bool:
        if len(old) != len(new):
            return False
        left = list(old)
        for wanted in new:
            alike = [it for it in left if not any(self.compare(declared, place.item(0), it, wanted))]
            if not alike:
                return False
            left.remove(alike[0])
        return True

    def _change(self, place: _Place, old: Value, new: Value) -> Change:
        if is_empty(old) and old is not False:
            action = Action.ADD
        else:
            action = Action.DELETE if new is None or new == [] else Action.UPDATE
        when = self.traits.replaces_when.get(place.plain)
        replaces = when(old, new) if when else self.traits.is_replacing(place.plain)
        return Change(place.shown, place.plain, action, replaces)


def kept_inputs(resource: ResourceType, state: Values, known: Values) -> Values:
    """Return the inputs of a resource that was read: those known, and what differs as it is now."""
    drifted = {change.property for change in differences(resource, state, known)}
    kept: Values = {}
    for name, declared in resource.schema.inputs.fields.items():
        if name not in drifted and name in known:
            kept[name] = known[name]
        elif name in drifted and name in state:
            kept[name] = _as_asked(declared, state[name], known.get(name))
    return kept


def imported_inputs(resource: ResourceType, state: Values) -> Values:
    """Return the inputs that would make a resource that was found: whatever it has that isn't a default."""
    traits, fields = resource.traits, resource.schema.inputs.fields
    names = (name for name in fields if name != "region" and not is_empty(state.get(name)))
    return {name: state[name] for name in names if state[name] != traits.defaults.get(name)}


def _as_asked(declared: PropertyType, found: Value, asked: Value) -> Value:
    """Leave out of an object what wasn't asked for."""
    if declared.kind is not Kind.OBJECT or asked is None:
        return found
    names = [name for name in declared.fields if name in asked and name in found]
    return {name: _as_asked(declared.fields[name], found[name], asked[name]) for name in names}


def must_go_first(resource: ResourceType, changes: Sequence[Change], inputs: Values) -> bool:
    """Whether the old resource has to go before the new one: both would have the name that the program gives."""
    traits = resource.traits
    changed = {change.property for change in changes}
    named = not traits.generated_name or traits.generated_name in inputs
    return bool(traits.fixed_names) and named and not changed.intersection(traits.fixed_names)
