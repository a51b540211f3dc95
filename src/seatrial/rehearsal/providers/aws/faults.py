"""What AWS would refuse before it does anything, by its own description of an API call's parameters."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from seatrial.rehearsal.providers.aws.shapes import member_of
from seatrial.rehearsal.providers.paths import joined, shown
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values, holds_unknown

_NUMBERS = frozenset({"integer", "long", "float", "double"})
_LISTED_VALUES = 12
"""How many allowed values a message names."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One input that is wrong."""

    path: str
    """As Pulumi prints it: ``blockDeviceMappings[0].ebs.volumeType``."""
    found: str
    """What stands there."""
    allowed: str
    """What may stand there."""

    def reason(self, secret: frozenset[str] = frozenset()) -> str:
        """Tell the user, without what stands in the ``secret`` properties."""
        found = "a secret" if re.split(r"[.\[]", self.path)[0] in secret else self.found
        return f"{self.path}: found {found}; allowed: {self.allowed}"


def printed(value: Value) -> str:
    """Return a value as a message shows it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def faults(shape: Any, value: Value, members: Mapping[str, str | None], path: str, plain: str) -> Iterator[Fault]:
    """Yield what the shape doesn't allow of a value; unknown values and those of another type pass."""
    if value is UNKNOWN or value is None:
        return
    match shape.type_name:
        case "structure":
            yield from _structure(shape, value, members, path, plain)
        case "list":
            yield from _list(shape, value, members, path, plain)
        case "map" if isinstance(value, dict):
            yield from _map(shape, cast("Values", value), path)
        case "string" if isinstance(value, str):
            yield from _string(shape, value, path)
        case number if number in _NUMBERS and isinstance(value, int | float):
            yield from _range(shape, value, "", path, printed(value))
        case _:
            return


def _structure(shape: Any, value: Value, members: Mapping[str, str | None], path: str, plain: str) -> Iterator[Fault]:
    single = cast("list[Value]", value)[:1] if isinstance(value, list) else [value]
    for name, content in ((name, it) for fields in single for name, it in cast("Values", fields).items()):
        member = member_of(shape, name, plain, members)
        if member in shape.members:
            yield from faults(shape.members[member], content, members, shown(path, name), joined(plain, name))


def _list(shape: Any, value: Value, members: Mapping[str, str | None], path: str, plain: str) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield from faults(shape.member, value, members, path, plain)
        return
    items = cast("list[Value]", value)
    if not holds_unknown(items):
        yield from _range(shape, len(items), " items", path, f"{len(items)} items")
    for index, item in enumerate(items):
        yield from faults(shape.member, item, members, f"{path}[{index}]", plain)


def _map(shape: Any, value: Values, path: str) -> Iterator[Fault]:
    yield from _range(shape, len(value), " entries", path, f"{len(value)} entries")
    for key, content in value.items():
        yield from faults(shape.key, key, {}, shown(path, key), "")
        yield from faults(shape.value, content, {}, shown(path, key), "")


def _string(shape: Any, value: str, path: str) -> Iterator[Fault]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield Fault(path, printed(value), _choice(allowed))
        return
    yield from _range(shape, len(value), " characters", path, f"{printed(value)} ({len(value)} characters)")
    pattern = shape.metadata.get("pattern")
    if pattern and value and not _compiled(pattern).fullmatch(value):
        yield Fault(path, printed(value), f"text that matches {pattern}")


def _choice(allowed: list[str]) -> str:
    named = ", ".join(allowed[:_LISTED_VALUES])
    return f"{named}, … ({len(allowed)} in all)" if len(allowed) > _LISTED_VALUES else named


def _range(shape: Any, size: float, unit: str, path: str, found: str) -> Iterator[Fault]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield Fault(path, found, f"{least} to {most}{unit}" if most is not None else f"at least {least}{unit}")
    elif most is not None and size > most:
        yield Fault(path, found, f"{least} to {most}{unit}" if least is not None else f"at most {most}{unit}")


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return one of AWS's patterns, which are Java's: letters, digits and separators of every script."""
    for theirs, ours in ((r"\p{L}", r"\w"), (r"\p{N}", r"\d"), (r"\p{Z}", r"\s")):
        pattern = pattern.replace(theirs, ours)
    return re.compile(pattern, re.DOTALL)
