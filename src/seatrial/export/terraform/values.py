"""Values as Terraform's plan has them: what is known, and beside it marks of what isn't, and of what is sensitive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from seatrial.export.terraform import names
from seatrial.plan import Properties, Secret, Unknown, Value
from seatrial.plan.render.shown import Json

HIDDEN: Final = "[secret]"
"""What stands where a sensitive value would: Terraform itself would write it out."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A value in three layers of the same shape."""

    known: Json
    """None where nothing is known."""

    unknown: Json = False
    """True where only a deployment can tell."""

    sensitive: Json = False
    """True where a secret is."""


def of_properties(properties: Properties) -> Marked:
    """Return properties under Terraform's names; what is unknown altogether has a mark, but no value."""
    return _object({names.attribute(key): _property(key, value) for key, value in properties.items()})


def of_output(value: Value) -> Marked:
    """Return the value of an output of the stack."""
    return _property("", value)


def references(properties: Properties, addresses: Mapping[str, Sequence[str]]) -> Json:
    """Return where the properties come from: each that has addresses, at the leaves that aren't known.

    A property that other resources decide in part is known as a whole only in a plan with stand-ins; it then has the
    addresses at every leaf.
    """
    return {
        names.attribute(key): _references(key, properties[key], list(found))
        for key, found in addresses.items()
        if key in properties and found
    }


def _references(key: str, value: Value, found: list[str]) -> Json:
    if isinstance(value, Mapping) and key not in names.MAPS:
        return [{names.attribute(name): _references(name, each, found) for name, each in value.items()}]
    if isinstance(value, tuple) and any(isinstance(each, Mapping) for each in value):
        return [part for each in value for part in _listed(_references(key, each, found))]
    return {"references": [*found]}


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _property(key: str, value: Value) -> Marked:
    """Read the value of a property: an object is a block, which Terraform repeats, unless its keys are the user's."""
    match value:
        case Mapping():
            if key in names.MAPS:
                return _object({name: _property("", each) for name, each in value.items()})
            return _list([of_properties(value)])
        case tuple():
            return _list([of_properties(each) if isinstance(each, Mapping) else _property("", each) for each in value])
        case Secret():
            inner = _property(key, value.value)
            return Marked(None, unknown=True, sensitive=True) if inner.unknown is True else _hidden(inner)
        case Unknown():
            return Marked(None, unknown=True)
        case _:
            return Marked(value)


def _hidden(inner: Marked) -> Marked:
    return Marked(None if inner.known is None else HIDDEN, sensitive=True)


def _object(parts: Mapping[str, Marked]) -> Marked:
    return Marked(
        {key: part.known for key, part in parts.items() if part.unknown is not True},
        _marks(parts, lambda part: part.unknown),
        _marks(parts, lambda part: part.sensitive),
    )


def _list(parts: Sequence[Marked]) -> Marked:
    return Marked(
        [part.known for part in parts],
        [part.unknown for part in parts] if any(part.unknown for part in parts) else False,
        [part.sensitive for part in parts] if any(part.sensitive for part in parts) else False,
    )


def _marks(parts: Mapping[str, Marked], of: Callable[[Marked], Json]) -> Json:
    # An object without a mark has an empty one, which counts as none.
    return {key: mark for key, part in parts.items() if (mark := of(part))}
