"""Checks a resource's inputs before anything is made, as the published provider and AWS would."""

import difflib
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import cast

from seatrial.rehearsal.providers.aws.faults import Fault, faults, printed
from seatrial.rehearsal.providers.aws.resource_type import ResourceType
from seatrial.rehearsal.providers.aws.schema import Kind, PropertyType
from seatrial.rehearsal.providers.aws.shapes import matched_members
from seatrial.rehearsal.providers.paths import shown
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values, within

_SHORTEST_KEY, _LONGEST_KEY, _LONGEST_VALUE = 1, 128, 256
"""Lengths of tags, the same with every service."""

_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.STRING: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.BOOLEAN: (bool,),
    Kind.LIST: (list,),
    Kind.MAP: (dict,),
    Kind.OBJECT: (dict,),
    Kind.DOCUMENT: (str, dict),
}


def check(resource: ResourceType, inputs: Values) -> list[Fault]:
    """Return everything that is wrong with the inputs; each property is reported once."""
    members = matched_members(resource.request, inputs)
    found = list(_object(resource.schema.inputs, inputs, ""))
    if found:  # what has the wrong type can't be compared with what AWS takes
        return found
    for name, shape in members.items():
        found += faults(shape, inputs[name], resource.request.members, name, name)
    return [*found, *_numbers(resource, inputs), *_tags(inputs), *_unserved(resource, inputs, members)]


def _numbers(resource: ResourceType, inputs: Values) -> Iterator[Fault]:
    for name, allowed in resource.traits.allowed.items():
        if isinstance(value := inputs.get(name), int) and value not in allowed:
            yield Fault(name, printed(value), _listed(allowed))


def _tags(inputs: Values) -> Iterator[Fault]:
    for key, value in within(inputs, "tags").items():
        path = shown("tags", key)
        if not _SHORTEST_KEY <= len(key) <= _LONGEST_KEY or key.lower().startswith("aws:"):
            yield Fault(path, printed(key), "a key of 1 to 128 characters that doesn't start with aws:")
        if isinstance(value, str) and len(value) > _LONGEST_VALUE:
            yield Fault(path, f"{len(value)} characters", f"at most {_LONGEST_VALUE} characters")


def _listed(allowed: Container[int]) -> str:
    if isinstance(allowed, range):
        return f"{allowed.start} to {allowed.stop - 1}"
    return ", ".join(str(number) for number in cast("Iterable[int]", allowed))


def _unserved(resource: ResourceType, inputs: Values, members: Mapping[str, object]) -> Iterator[Fault]:
    """Yield what the published provider takes but this one doesn't: better refused than left out."""
    traits = resource.traits
    served = {*members, *resource.updated, *traits.unread, *traits.served, "tags", "region"}
    for name in sorted(inputs.keys() - served):
        yield Fault(name, "a property that a rehearsal doesn't support", "leaving it out")


def _object(declared: PropertyType, values: Values, path: str) -> Iterator[Fault]:
    for name, value in values.items():
        known = declared.fields.get(name)
        if known is None:
            yield Fault(shown(path, name), "a property that this type doesn't have", _near(name, declared))
        else:
            yield from _value(known, value, shown(path, name))
    for name, known in declared.fields.items():
        if known.required and values.get(name) is None:
            yield Fault(shown(path, name), "(missing)", f"a {known.kind} is required")


def _near(name: str, declared: PropertyType) -> str:
    close = difflib.get_close_matches(name, declared.fields, n=1)
    return f"did you mean {close[0]}?" if close else ", ".join(declared.fields)


def _value(declared: PropertyType, value: Value, path: str) -> Iterator[Fault]:
    if value is UNKNOWN or value is None:
        return
    if not _is_of(declared.kind, value):
        yield Fault(path, printed(value), f"a {declared.kind}")
    elif declared.kind is Kind.OBJECT:
        yield from _object(declared, cast("Values", value), path)
    elif declared.kind is Kind.LIST:
        for index, item in enumerate(cast("list[Value]", value)):
            yield from _value(declared.element, item, f"{path}[{index}]")
    elif declared.kind is Kind.MAP:
        for key, item in cast("Values", value).items():
            yield from _value(declared.element, item, shown(path, key))


def _is_of(kind: Kind, value: Value) -> bool:
    """Whether a value is of a kind, or converts to it as the published provider would convert it."""
    if isinstance(value, bool):
        return kind in (Kind.BOOLEAN, Kind.STRING)
    if isinstance(value, str):
        return _converts(kind, value)
    if isinstance(value, int) and kind is Kind.STRING:
        return True
    return isinstance(value, _TYPES[kind])


def _converts(kind: Kind, value: str) -> bool:
    match kind:
        case Kind.BOOLEAN:
            return value in ("true", "false")
        case Kind.INTEGER | Kind.NUMBER:
            return value.lstrip("-").isdecimal()
        case _:
            return kind in (Kind.STRING, Kind.DOCUMENT)
