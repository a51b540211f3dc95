"""Reading the properties of resources: a path in, a plain value out, whatever stands there."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from seatrial.plan import Properties, Resource, Secret, Unknown, Value
from seatrial.plan.render.shown import shown

_STEP: Final = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
_SHOWN_MAX: Final = 160


def at(resource: Resource, path: str) -> Value:
    """Return the input at ``vpcConfig.subnetIds[0]``; None when there is none, Unknown when that can't be told."""
    return within(resource.inputs, path)


def within(value: Value, path: str) -> Value:
    """Return what lies at a path below a value, likewise; an empty path is the value itself."""
    value = plain(value)
    for key, index in _STEP.findall(path):
        if isinstance(value, Unknown):
            return value
        value = plain(_below(value, key, index))
    return value


def plain(value: Value) -> Value:
    """Return what a secret holds, and anything else as it is."""
    return plain(value.value) if isinstance(value, Secret) else value


def is_unknown(value: Value) -> bool:
    """Tell whether a value, or a part of it, is only known after a deployment."""
    match value:
        case Unknown():
            return True
        case Secret():
            return is_unknown(value.value)
        case Mapping():
            return any(map(is_unknown, value.values()))
        case tuple():
            return any(map(is_unknown, value))
        case _:
            return False


def text(value: Value) -> str:
    """Return a text; empty for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: Value) -> tuple[str, ...]:
    """Return a text, or the texts of a list."""
    return tuple(each for each in items(value) if isinstance(each, str))


def items(value: Value) -> tuple[Value, ...]:
    """Return the entries of a list; of anything else but nothing, a list of it."""
    value = plain(value)
    if value is None:
        return ()
    return tuple(map(plain, value)) if isinstance(value, tuple) else (value,)


class _Untold(Mapping[str, Value]):
    """An object of which only a deployment can tell what it holds: whatever is asked of it is unknown."""

    def __getitem__(self, key: str) -> Value:
        return Unknown()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def properties(value: Value) -> Properties:
    """Return an object; one of unknowns for an unknown, an empty one for anything else."""
    value = plain(value)
    if isinstance(value, Unknown):
        return _Untold()
    return value if isinstance(value, Mapping) else {}


def number(value: Value) -> int | None:
    """Return a whole number, spelled as one or as text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]+", value) else None
    return value if isinstance(value, int) else None


def is_true(value: Value) -> bool:
    """Tell whether it says true: some properties of the provider are texts."""
    return value is True or value == "true"


def entries(resource: Resource, path: str) -> Iterator[tuple[str, Properties]]:
    """Give each object of a list with the path to it."""
    for index, each in enumerate(items(at(resource, path))):
        yield f"{path}[{index}]", properties(each)


def seen(resource: Resource, path: str) -> str:
    """Write the input at a path; ``[secret]`` where it, or what it is part of, is secret."""
    value: Value = resource.inputs
    for key, index in _STEP.findall(path):
        if isinstance(value, Secret | Unknown):
            break
        value = _below(value, key, index)
    return words(value)


def words(value: Value) -> str:
    """Write a value on one line, cut when long; a secret stays one."""
    if value is None:
        return "nothing"
    written = json.dumps(shown(value), ensure_ascii=False)
    return written if len(written) <= _SHOWN_MAX else f"{written[: _SHOWN_MAX - 1]}…"


def _below(value: Value, key: str, index: str) -> Value:
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, tuple) and index and int(index) < len(value):
        return value[int(index)]
    return None
