"""The JSON Schema of a stack file, for editors: generated from the models, described by their docstrings."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import cast

from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema

from seatrial.config import addons, cluster, kubernetes, model, network, node_groups, tenants, waivers
from seatrial.config.location import ROOT
from seatrial.config.model import Platform

_DIALECT = GenerateJsonSchema.schema_dialect
_MODULES: tuple[ModuleType, ...] = (
    addons,
    cluster,
    kubernetes,
    model,
    network,
    node_groups,
    tenants,
    waivers,
)
_PLATFORM = Platform.__name__

Schema = dict[str, object]
"""A JSON Schema, or a part of one."""


def stack_schema() -> Schema:
    """Make the schema of a whole stack file, with the description of a platform at its place in it."""
    platform = Platform.model_json_schema(by_alias=True)
    sections = cast("dict[str, Schema]", platform.pop("$defs"))
    sections[_PLATFORM] = platform
    for module in _MODULES:
        for name, docs in _documented(module):
            _describe(sections[name], docs)
    return {
        "$schema": _DIALECT,
        "title": "Pulumi stack file of a seatrial platform",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "required": [ROOT],
                "properties": {ROOT: {"$ref": f"#/$defs/{_PLATFORM}"}},
            }
        },
        "$defs": dict(sorted(sections.items())),
    }


def _describe(section: Schema, docs: Mapping[str, str]) -> None:
    """Add what the docstrings say, and drop the titles that only repeat the keys."""
    section.pop("title", None)
    section["description"] = docs[""]
    for key, field in cast("dict[str, Schema]", section.get("properties", {})).items():
        field.pop("title", None)
        field["description"] = docs[key]


def _documented(module: ModuleType) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the docstrings of every class: that of a field under its YAML key, that of the class under nothing."""
    classes = {node.name: node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)}
    for name, node in classes.items():
        inherited = {
            key: text
            for base in node.bases
            if isinstance(base, ast.Name) and base.id in classes
            for key, text in _fields(classes[base.id])
        }
        yield name, {**inherited, **dict(_fields(node)), "": _text(ast.get_docstring(node) or "")}


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield to_camel(name), _text(text)
            case _:
                pass


def _text(docstring: str) -> str:
    return " ".join(docstring.replace("``", "`").split())
