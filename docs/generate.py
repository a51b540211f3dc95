"""Writes the documents that are generated from models, rules and gaps: ``python docs/generate.py``."""  # noqa: INP001 (a script)

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from seatrial import rules
from seatrial.config.schema import stack_schema
from seatrial.rehearsal.account.gaps import GAPS, Emulation
from seatrial.report import catalogue

TARGET: Final = Path(__file__).with_name("configuration.md")
"""The document that is generated from the models."""

CONTROLS: Final = Path(__file__).with_name("controls.md")
"""The one that is generated from the rules."""

EMULATION: Final = Path(__file__).with_name("emulation.md")
"""The one that is generated from what the emulated account says of itself."""

ROOT: Final = "Platform"
"""Definition of the whole description."""

Schema = Mapping[str, Any]

_HEAD: Final = """# Configuration

Generated from the models by `python docs/generate.py`; don't edit it.

Everything stands in `Pulumi.<stack>.yaml` under `config`, `seatrial:platform`. Unknown keys are refused. The same as
JSON Schema: [platform.schema.json](platform.schema.json), or `seatrial schema`.
"""


_EMULATION_HEAD: Final = """# What the emulated account is

Generated from what the account says of itself by `python docs/generate.py`; don't edit it. How it is used:
[rehearsal](rehearsal.md).
"""


def main() -> None:
    """Write the documents."""
    TARGET.write_text(markdown(stack_schema()), encoding="utf-8")
    CONTROLS.write_text(catalogue.markdown(rules.every()), encoding="utf-8")
    EMULATION.write_text(emulation(GAPS), encoding="utf-8")


def emulation(gaps: Mapping[str, Emulation]) -> str:
    """Give the document: for each service, what was added to the emulator and where it still is not AWS."""
    return "\n".join([_EMULATION_HEAD, *(_emulated(service, gaps[service]) for service in gaps)])


def _emulated(service: str, found: Emulation) -> str:
    added = _listed("Beyond MiniStack:", found.added)
    differs = _listed("Not as on AWS:", found.differs)
    return "\n".join([f"## {service}", "", f"Emulated by {found.by}.", "", *added, *differs])


def _listed(title: str, items: tuple[str, ...]) -> list[str]:
    # What begins with an ellipsis goes on with the item before it.
    joined = "\n".join(f"- {item}" for item in items).replace("\n- … ", " ")
    return [title, "", joined, ""] if items else []


def markdown(schema: Schema) -> str:
    """Give the document: a table for each section of the description, every path to it in the heading."""
    definitions: Mapping[str, Schema] = schema["$defs"]
    paths: dict[str, list[str]] = {}
    for name, path in _sections(definitions, ROOT, ""):
        paths.setdefault(name, []).append(path)
    parts = (_section(definitions, name, found) for name, found in paths.items())
    return "\n".join([_HEAD, *parts])


def _sections(definitions: Mapping[str, Schema], name: str, path: str) -> Iterator[tuple[str, str]]:
    yield name, path
    for key, value in definitions[name]["properties"].items():
        inner, suffix = _inner(definitions, value)
        if inner:
            yield from _sections(definitions, inner, f"{path}.{key}{suffix}".removeprefix("."))


def _inner(definitions: Mapping[str, Schema], value: Schema) -> tuple[str, str]:
    """Find the definition that a property leads to, itself, in a list or in a map, when that has keys of its own."""
    for schema, suffix in (
        (value, ""),
        (value.get("items", {}), "[]"),
        (value.get("additionalProperties", {}), ".NAME"),
    ):
        name = schema.get("$ref", "").rpartition("/")[2]
        if "properties" in definitions.get(name, {}):
            return name, suffix
    return "", ""


def _section(definitions: Mapping[str, Schema], name: str, paths: list[str]) -> str:
    definition = definitions[name]
    title = ", ".join(f"`{path}`" for path in paths) if any(paths) else "`seatrial:platform`"
    rows = [_row(definitions, definition, key, value) for key, value in definition["properties"].items()]
    head = ["| key | default | allowed | meaning |", "|---|---|---|---|"]
    return "\n".join([f"## {title}", "", definition["description"], "", *head, *rows, ""])


def _row(definitions: Mapping[str, Schema], definition: Schema, key: str, value: Schema) -> str:
    default = "required" if key in definition.get("required", ()) else _default(definitions, value)
    cells = (f"`{key}`", default, _allowed(definitions, value), value["description"])
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _default(definitions: Mapping[str, Schema], value: Schema) -> str:
    if "$ref" in value and _inner(definitions, value)[0]:
        return "see below"
    if "minProperties" in value and "default" not in value:
        return "as described"
    default = value.get("default")
    return "none" if default in (None, []) else f"`{json.dumps(default)}`"


def _allowed(definitions: Mapping[str, Schema], value: Schema) -> str:
    resolved = definitions.get(value.get("$ref", "").rpartition("/")[2], value)
    if "errorMessage" in resolved:
        return resolved["errorMessage"]
    if "enum" in resolved:
        return ", ".join(f"`{each}`" for each in resolved["enum"])
    if "anyOf" in resolved:
        return _allowed(definitions, next(each for each in resolved["anyOf"] if each["type"] != "null"))
    return _by_type(definitions, resolved)


def _by_type(definitions: Mapping[str, Schema], value: Schema) -> str:
    match value:
        case {"type": "integer", "minimum": least}:
            return f"{least} to {value['maximum']}" if "maximum" in value else f"{least} or more"
        case {"type": "array", "items": items}:
            return f"list, each: {_allowed(definitions, items)}"
        case {"type": "object", "propertyNames": names, "additionalProperties": values}:
            return f"map. Name: {names['errorMessage']}. Value: {_allowed(definitions, values)}"
        case {"type": "object"}:
            return "section"
        case _:
            return "`true`, `false`"


if __name__ == "__main__":
    main()
