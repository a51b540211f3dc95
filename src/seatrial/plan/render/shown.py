"""The plan's values as plain JSON, secrets and unknowns replaced by what stands for them."""

from collections.abc import Mapping
from typing import TypeAlias

from seatrial.plan.graph import Secret, Unknown, Value

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What the ``json`` module can write."""


def shown(value: Value) -> Json:
    """Return what may be seen of a value; objects get their keys sorted."""
    match value:
        case Secret() | Unknown():
            return str(value)
        case Mapping():
            return {key: shown(value[key]) for key in sorted(value)}
        case tuple():
            return [shown(each) for each in value]
        case _:
            return value
