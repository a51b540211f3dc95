"""What is allowed somewhere in a description, in words: read from the JSON Schema, so that both say the same."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import cast

from seatrial.config.location import Location
from seatrial.config.model import Platform

Node = Mapping[str, object]
"""A part of the schema."""

_UNKNOWN: Node = {}


def node_at(location: Location) -> Node:
    """Find the part of the schema for a location; empty where there is none."""
    node = _schema()
    for key in location:
        node = _resolved(_below(node, key))
    return node


def keys_at(location: Location) -> tuple[str, ...]:
    """Give the keys of a section, in the order in which they are documented."""
    return tuple(_mapping(node_at(location).get("properties")))


def words(node: Node) -> str:
    """Say what a part of the schema allows."""
    if "anyOf" in node:
        return words(_resolved(cast("list[Node]", node["anyOf"])[0]))
    if "errorMessage" in node:
        return str(node["errorMessage"])
    if "enum" in node:
        return "one of " + ", ".join(choices(node))
    return _BY_TYPE[str(node["type"])](node)


def choices(node: Node) -> tuple[str, ...]:
    """Give the values of a closed set; nothing for an open one."""
    return tuple(map(str, cast("list[object]", node.get("enum", []))))


def _integer(node: Node) -> str:
    if "maximum" in node:
        return f"a whole number from {node['minimum']} to {node['maximum']}"
    return f"a whole number of at least {node['minimum']}"


def _boolean(_node: Node) -> str:
    return "true or false"


def _array(node: Node) -> str:
    return f"a list of {node.get('minItems', 0)} to {node['maxItems']} entries"


def _object(node: Node) -> str:
    if "properties" in node:
        return "a mapping with keys of " + ", ".join(_mapping(node["properties"]))
    if "maxProperties" in node:
        return f"a mapping of at most {node['maxProperties']} entries"
    return f"a mapping of at least {node.get('minProperties', 0)} entries"


_BY_TYPE: Mapping[str, Callable[[Node], str]] = {
    "integer": _integer,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
}


def _below(node: Node, key: str | int) -> Node:
    if isinstance(key, int):
        return _mapping(node.get("items"))
    properties = _mapping(node.get("properties"))
    return _mapping(properties.get(key, node.get("additionalProperties")))


def _resolved(node: Node) -> Node:
    reference = node.get("$ref")
    if reference is None:
        return node
    return _mapping(_mapping(_schema()["$defs"])[str(reference).rpartition("/")[2]])


def _mapping(value: object) -> Node:
    return cast("Node", value) if isinstance(value, Mapping) else _UNKNOWN


@cache
def _schema() -> Node:
    return Platform.model_json_schema(by_alias=True)
