"""Between the engine's property values and plain Python values."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from pulumi.provider.experimental.property_value import PropertyValue

Value = Any
"""A plain value: None, a bool, a number, a string, :data:`UNKNOWN`, or a list or a dict of such."""

Values = dict[str, Any]
"""Properties by name, in the provider's spelling (camelCase)."""


class Unknown:
    """The type of :data:`UNKNOWN`."""

    def __repr__(self) -> str:
        return "(known after deployment)"


UNKNOWN = Unknown()
"""A value that only a deployment will bring; appears in previews."""


_UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS = frozenset(
    {
        _UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-77ac-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""How the engine writes unknown values, one text for each kind; the SDK hands them on as they are."""


def plain(value: PropertyValue) -> Value:
    """Return what the value holds, without secrecy and dependencies; whole numbers as ``int``."""
    held = value.value
    if isinstance(held, str):
        return UNKNOWN if held in _UNKNOWNS else held
    if isinstance(held, float):
        return int(held) if held.is_integer() else held
    if isinstance(held, Mapping):
        return plain_values(held)
    if isinstance(held, tuple):
        return [plain(item) for item in held]
    return held


def plain_values(values: Mapping[str, PropertyValue]) -> Values:
    """Return the plain values, without those that are null."""
    return {key: plain(value) for key, value in values.items() if value.value is not None}


def secrets(*sources: Mapping[str, PropertyValue]) -> frozenset[str]:
    """Return the names of the properties that are, or hold, a secret."""
    return frozenset(key for values in sources for key, value in values.items() if value.contains_secret())


def property_value(value: Value) -> PropertyValue:
    """Return the plain value as the engine takes it."""
    if value is UNKNOWN:
        return PropertyValue(_UNKNOWN_TEXT)
    if isinstance(value, bool) or value is None:
        return PropertyValue(value)
    if isinstance(value, int):
        return PropertyValue(float(value))
    if isinstance(value, dict):
        return PropertyValue({key: property_value(item) for key, item in cast("Values", value).items()})
    if isinstance(value, list):
        return PropertyValue([property_value(item) for item in cast("list[Value]", value)])
    return PropertyValue(value)


def property_values(values: Mapping[str, Value], secret: Iterable[str] = ()) -> dict[str, PropertyValue]:
    """Return the plain values as the engine takes them, marking the ``secret`` ones."""
    hidden = frozenset(secret)
    return {key: property_value(value).with_secret(key in hidden) for key, value in sorted(values.items())}


def holds_unknown(value: Value) -> bool:
    """Whether the value is unknown, or something within it."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in cast("Values", value).values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in cast("list[Value]", value))
    return value is UNKNOWN


def within(values: Mapping[str, Any], name: str) -> Values:
    """Return the object, or the map, that is under a name; an empty one when there is none."""
    return values.get(name) or {}


def listed(values: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list that is under a name; an empty one when there is none."""
    return values.get(name) or []


def first(values: Mapping[str, Any], name: str) -> Values:
    """Return the first object of the list that is under a name; an empty one when there is none."""
    return next(iter(listed(values, name)), Values())


def is_empty(value: Value) -> bool:
    """Whether the value says no more than its absence would: null, false, zero, or nothing in it."""
    return value is None or (value is not UNKNOWN and not value)


def decoded(value: Value) -> Value:
    """Return a configuration value; the engine passes those that aren't text as JSON."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
