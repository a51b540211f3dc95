"""The properties of each resource type, as the published provider declares them."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

SCHEMA_FILE = Path(__file__).with_name("schema.json")


class Kind(StrEnum):
    """What a property holds."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DOCUMENT = "document"
    """A JSON document: its text, or the object itself."""
    LIST = "list"
    MAP = "map"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class PropertyType:
    """The type of one property."""

    kind: Kind
    item: "PropertyType | None" = None
    """Of a list or a map: the type of what it holds."""
    fields: "Mapping[str, PropertyType]" = field(default_factory=dict[str, "PropertyType"])
    """Of an object: its properties."""
    required: bool = False
    """Whether an input must be there."""

    @property
    def element(self) -> "PropertyType":
        """The type of what a list or a map holds."""
        return self.item or STRING


STRING = PropertyType(Kind.STRING)


@dataclass(frozen=True, slots=True)
class ResourceSchema:
    """The properties of one resource type."""

    inputs: PropertyType
    """An object of what may be asked for."""
    outputs: PropertyType
    """An object of what the state holds: the inputs and what only the account knows."""


@functools.cache
def resource(token: str) -> ResourceSchema:
    """Return the schema of the type with the token, as ``aws:ec2/vpc:Vpc``."""
    declared = _document()[token]
    return ResourceSchema(_parsed({"object": declared["inputs"]}), _parsed({"object": declared["outputs"]}))


@functools.cache
def _document() -> dict[str, Any]:
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def _parsed(declared: Mapping[str, Any]) -> PropertyType:
    required = bool(declared.get("required"))
    if "object" in declared:
        fields = {name: _parsed(it) for name, it in declared["object"].items()}
        return PropertyType(Kind.OBJECT, None, fields, required)
    for kind in (Kind.LIST, Kind.MAP):
        if kind in declared:
            return PropertyType(kind, _parsed(declared[kind]), {}, required)
    return PropertyType(Kind(declared["kind"]), required=required)
