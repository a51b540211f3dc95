"""What the AWS provider takes as inputs, by the classes of the installed ``pulumi_aws``.

The generated ``…Args`` classes hold the provider's own schema: which inputs there are, which are required, what each
looks like. The SDK reads them for every resource and keeps what it found, so asking it again costs nothing.
"""

import importlib
import typing
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Final

import pulumi

from seatrial.plan.cloud import sdk
from seatrial.plan.cloud.order import plain
from seatrial.plan.graph import Properties, Unknown, Value

_SDK: Final = importlib.import_module("pulumi._types")
_property_types: Final[Callable[[type], Mapping[str, object]]] = _SDK.input_type_types
_required: Final[Callable[[type], frozenset[str]]] = _SDK._required_property_names  # noqa: SLF001 (no public way to it)
_is_input_type: Final[Callable[[type], bool]] = _SDK.is_input_type

_NAMES: Final[Mapping[object, str]] = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}
"""What a person calls a type."""


def faults(token: str, inputs: Properties) -> Iterator[str]:
    """Give what is wrong with the inputs of a resource of that type: unknown, missing, of another shape."""
    expected = sdk.args_class(token)
    if expected is None:
        yield "the installed pulumi_aws has no such type; a plan can make those that it has, and Kubernetes's"
    else:
        yield from _object_faults(inputs, expected, "")


def _faults(value: Value, expected: object, path: str) -> Iterator[str]:
    given = plain(value)
    if given is None or isinstance(given, Unknown):
        return
    found = [list(_faults_as(given, alternative, path)) for alternative in _alternatives(expected)]
    if all(found):
        yield from min(found, key=len)


@cache
def _alternatives(expected: object) -> tuple[object, ...]:
    """Return what a value may be: the members of a union, without None and what the SDK resolves before it sends."""
    if typing.get_origin(expected) not in (typing.Union, UnionType):
        return (expected,)
    members = (member for member in typing.get_args(expected) if member is not type(None))
    return tuple(member for member in members if typing.get_origin(member) not in (Awaitable, pulumi.Output))


def _faults_as(value: Value, expected: object, path: str) -> Iterator[str]:
    origin = typing.get_origin(expected) or expected
    if origin is Sequence:
        yield from _list_faults(value, typing.get_args(expected)[0], path)
    elif origin is Mapping:
        yield from _map_faults(value, typing.get_args(expected)[1], path)
    elif isinstance(expected, type) and _is_input_type(expected):
        yield from _object_faults(value, expected, path)
    elif not _fits(value, expected):
        yield f"{path}: {_NAMES.get(expected, str(expected))} is expected, found {_shown(value)}"


def _fits(value: Value, expected: object) -> bool:
    if expected is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(expected, type) and issubclass(expected, Enum):
        return any(value == member.value for member in expected)
    return expected in (type(value), Any)


def _list_faults(value: Value, element: object, path: str) -> Iterator[str]:
    if not isinstance(value, tuple):
        yield f"{path}: a list is expected, found {_shown(value)}"
        return
    for index, each in enumerate(value):
        yield from _faults(each, element, f"{path}[{index}]")


def _map_faults(value: Value, element: object, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path}: a map is expected, found {_shown(value)}"
        return
    for key, each in value.items():
        yield from _faults(each, element, f"{path}.{key}")


def _object_faults(value: Value, expected: type, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path}: an object is expected, found {_shown(value)}"
        return
    types = _property_types(expected)
    for key in sorted(_required(expected)):
        if value.get(key) is None:
            yield f"{_below(path, key)}: required, and missing"
    for key, each in value.items():
        if key in types:
            yield from _faults(each, types[key], _below(path, key))
        else:
            yield f"{_below(path, key)}: the provider has no such input{_near_miss(key, types)}"


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _near_miss(key: str, known: Mapping[str, object]) -> str:
    matches = get_close_matches(key, known, n=1)
    return f"; did you mean {matches[0]}?" if matches else ""


def _shown(value: Value) -> str:
    """Say what kind of value it is: the value itself may be a secret."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case Mapping():
            return "an object"
        case _:
            return "a list"
