"""The configuration values of managed add-ons, which are JSON."""

import json
from collections.abc import Mapping
from typing import cast

from seatrial.plan import Resource, Value
from seatrial.rules.facts.values import at, text


def configuration(addon: Resource) -> Mapping[str, Value]:
    """Return what an add-on is configured with; nothing where that is nothing, unknown or no JSON."""
    return configured(at(addon, "configurationValues"))


def configured(value: Value) -> Mapping[str, Value]:
    """Return what configuration values say, likewise."""
    try:
        values = cast("object", json.loads(text(value) or "{}"))
    except json.JSONDecodeError:
        return {}
    return cast("Mapping[str, Value]", _frozen(cast("object", values))) if isinstance(values, dict) else {}


def _frozen(value: object) -> Value:
    if isinstance(value, list):
        return tuple(map(_frozen, cast("list[object]", value)))
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in cast("dict[str, object]", value).items()}
    return cast("Value", value)
