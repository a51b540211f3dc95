"""EC2's Query protocol: parameters in, XML out."""

import fnmatch
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from xml.sax.saxutils import escape

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.refusal import RefusedError

_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"


def one(params: Params, name: str, default: str = "") -> str:
    """Give a parameter."""
    return params.get(name, [default])[0]


def several(params: Params, name: str) -> list[str]:
    """Give the members of a list parameter, in order."""
    numbered = ((int(key.rpartition(".")[2]), params[key][0]) for key in params if re.fullmatch(rf"{name}\.\d+", key))
    return [value for _, value in sorted(numbered)]


def structures(params: Params, name: str) -> list[Params]:
    """Give the structures of a list parameter, in order, each with its own parameters."""
    found: dict[int, Params] = {}
    for key, value in params.items():
        match = re.fullmatch(rf"{name}\.(\d+)\.(.+)", key)
        if match:
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [found[number] for number in sorted(found)]


def tags(params: Params, kind: str) -> dict[str, str]:
    """Give the tags that a call gives to what it creates of a type."""
    given = [spec for spec in structures(params, "TagSpecification") if one(spec, "ResourceType") == kind]
    pairs = [tag for spec in given for tag in structures(spec, "Tag")]
    return {one(tag, "Key"): one(tag, "Value") for tag in pairs}


def identifier(prefix: str) -> str:
    """Give a new id, as EC2 makes them."""
    return f"{prefix}-{uuid.uuid4().hex[:17]}"


def answer(params: Params, document: Mapping[str, Any]) -> Reply:
    """Answer a call; the document has the members by their names on the wire."""
    root = f"{one(params, 'Action')}Response"
    content = f'<{root} xmlns="{_NAMESPACE}"><requestId>{uuid.uuid4()}</requestId>{render(document)}</{root}>'
    return 200, {"Content-Type": "text/xml;charset=UTF-8"}, content.encode()


@dataclass(frozen=True, slots=True)
class Written:
    """XML that is ready."""

    xml: str


def render(value: Any, element: str = "item") -> str:
    """Write a value; members that are ``None`` are left out, and ``element`` holds each of a list."""
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value).items()
        given = [(name, render(member, element)) for name, member in members if member is not None]
        return "".join(f"<{name}>{text}</{name}>" for name, text in given)
    if isinstance(value, Written):
        return value.xml
    if isinstance(value, list):
        return "".join(f"<{element}>{render(item, element)}</{element}>" for item in cast("list[Any]", value))
    return str(value).lower() if isinstance(value, bool) else escape(str(value))


def tag_set(resource: str) -> list[Record]:
    """Give a resource's tags, for an answer."""
    return [{"key": name, "value": value} for name, value in tags_of(resource).items()]


def tags_of(resource: str) -> dict[str, str]:
    """Give a resource's tags."""
    kept = emulator.member(emulator.service("ec2"), "_tags")
    return {tag["Key"]: tag.get("Value", "") for tag in kept.get(resource, [])}


def set_tags(resource: str, wanted: Mapping[str, str]) -> None:
    """Put these tags in place of all others."""
    kept = emulator.member(emulator.service("ec2"), "_tags")
    kept.pop(resource, None)
    if wanted:
        kept[resource] = [{"Key": name, "Value": value} for name, value in wanted.items()]


Field = Callable[[Record], Any]
"""Gives the value, or values, that a filter looks at."""


def selected(params: Params, records: Iterable[Record], member: str, fields: Mapping[str, Field]) -> list[Record]:
    """Choose by ids and filters; ``member`` is the record's id, and the parameter that lists ids."""
    ids = several(params, member)
    kept = [record for record in records if not ids or record[member] in ids]
    for given in [*structures(params, "Filter"), *structures(params, "Filters")]:
        name, wanted = one(given, "Name"), several(given, "Value")
        kept = [record for record in kept if _passes(record, record[member], name, wanted, fields)]
    return kept


def _passes(record: Record, resource: str, name: str, wanted: list[str], fields: Mapping[str, Field]) -> bool:
    found = _values(record, resource, name, fields)
    return any(fnmatch.fnmatchcase(value, pattern) for value in found for pattern in wanted)


def _values(record: Record, resource: str, name: str, fields: Mapping[str, Field]) -> list[str]:
    if name.startswith("tag:"):
        given = tags_of(resource).get(name.removeprefix("tag:"))
        return [given] if given is not None else []
    if name == "tag-key":
        return list(tags_of(resource))
    if name not in fields:
        raise RefusedError("InvalidParameterValue", f"The filter '{name}' is invalid")
    found = fields[name](record)
    return [str(value) for value in (cast("list[Any]", found) if isinstance(found, list) else [found])]
