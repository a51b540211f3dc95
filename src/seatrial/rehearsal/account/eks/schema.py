"""The part of JSON Schema that EKS's add-ons use; faults are worded as EKS words them."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


def faults(schema: Mapping[str, Any], value: Any, path: str = "$") -> Iterator[str]:
    """Say everything that is wrong with a value."""
    wanted = schema.get("type")
    if wanted and not _is(value, wanted):
        yield f"{path}: {_named(value)} found, {wanted} expected"
    elif isinstance(value, dict):
        yield from _object(schema, cast("dict[str, Any]", value), path)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from faults(schema.get("items", {}), item, f"{path}[{index}]")
    else:
        yield from _scalar(schema, value, path)


def _is(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == "boolean"
    return isinstance(value, _TYPES[wanted])


def _named(value: Any) -> str:
    return next((name for name in _TYPES if _is(value, name)), "null")


def _object(schema: Mapping[str, Any], value: dict[str, Any], path: str) -> Iterator[str]:
    known = cast("Mapping[str, Any]", schema.get("properties", {}))
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}.{name}: is missing but it is required"
    for name, member in value.items():
        if name in known:
            yield from faults(known[name], member, f"{path}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{path}.{name}: is not defined in the schema and the schema does not allow additional properties"


def _scalar(schema: Mapping[str, Any], value: Any, path: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: does not have a value in the enumeration {schema['enum']}"
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{path}: must have a minimum value of {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield f"{path}: must have a maximum value of {schema['maximum']}"
