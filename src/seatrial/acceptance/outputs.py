"""A stack's outputs, read from the file that a deployment leaves: every value a string, lists and maps as JSON text."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from seatrial.errors import UsageError

DEFAULT_PATH: Final = Path("cfn-outputs/flat-outputs.json")
"""Where a rehearsal writes the outputs, from the project's folder."""

_HIDDEN: Final = "[secret]"
"""What ``pulumi stack output --json`` prints in place of a secret."""

_HOW_TO: Final = (
    "write the file with `seatrial rehearse up`, or from a stack on AWS with "
    "`pulumi stack output --json --show-secrets > FILE`"
)


class OutputsError(UsageError):
    """The outputs file is missing, is no outputs file, or lacks what the suite reads."""


class MissingOutputError(LookupError):
    """A case asked for an output that is not in the file."""

    def __init__(self, key: str) -> None:
        """Keep the key."""
        self.key = key
        super().__init__(key)


class MalformedOutputError(ValueError):
    """An output is there but is not the list or map that it should be; the message says so."""


class Outputs(Mapping[str, str]):
    """The outputs by name, with a typed way to read each kind."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Take the values as they are."""
        self._values = dict(values)

    def __getitem__(self, key: str) -> str:
        """Return one output; :class:`MissingOutputError` when it is not there."""
        if key not in self._values:
            raise MissingOutputError(key)
        return self._values[key]

    def __contains__(self, key: object) -> bool:
        """Tell whether the output is there; ``Mapping`` would only catch KeyError."""
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        """Go through the names in the file's order."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many outputs there are."""
        return len(self._values)

    def items_of(self, key: str) -> tuple[str, ...]:
        """Return a list output, such as ``privateSubnetIds``."""
        return tuple(_list(key, self._json(key)))

    def map_of(self, key: str) -> dict[str, str]:
        """Return a map output, such as ``addonVersions``."""
        value = self._json(key)
        if not isinstance(value, dict):
            raise MalformedOutputError(f"{key} is {self[key]!r}, which is not a JSON object of strings")
        entries = cast("dict[str, object]", value)
        return dict(zip(entries, _strings(key, entries.values()), strict=True))

    def lists_of(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return a map of lists, such as ``networkPolicyNames``."""
        value = self._json(key)
        if not isinstance(value, dict):
            raise MalformedOutputError(f"{key} is {self[key]!r}, which is not a JSON object of lists")
        entries = cast("dict[str, object]", value)
        return {name: tuple(_list(f"{key}.{name}", entry)) for name, entry in entries.items()}

    def _json(self, key: str) -> object:
        try:
            return json.loads(self[key])
        except json.JSONDecodeError as error:
            raise MalformedOutputError(f"{key} is {self[key]!r}, which is not JSON ({error})") from error


def read_outputs(path: Path) -> Outputs:
    """Read an outputs file, as a rehearsal writes it or as ``pulumi stack output --json --show-secrets`` prints it.

    Raises :class:`OutputsError` that names the file, what is wrong with it and what to do.
    """
    document = _document(path)
    if not isinstance(document, dict):
        raise OutputsError(f"{path}: found {_kind(document)}; allowed: a JSON object of strings", tip=_HOW_TO)
    return Outputs(_checked(path, cast("dict[str, object]", document)))


def missing(path: Path, keys: list[str]) -> OutputsError:
    """Say which outputs the suite reads and the file lacks."""
    return OutputsError(f"{path}: lacks {', '.join(keys)}", tip=_HOW_TO)


def _document(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise OutputsError(f"{path}: there is no such file", tip=_HOW_TO) from error
    except OSError as error:
        raise OutputsError(f"{path}: can't be read ({error.strerror})", tip=_HOW_TO) from error
    except ValueError as error:  # of JSON and of UTF-8 alike
        raise OutputsError(f"{path}: is not JSON ({error})", tip=_HOW_TO) from error


def _checked(path: Path, document: dict[str, object]) -> dict[str, str]:
    wrong = [f"{key}: found {_kind(value)}" for key, value in document.items() if not isinstance(value, str)]
    if wrong:
        raise OutputsError(f"{path}: every output is a string, but {'; '.join(wrong)}", tip=_HOW_TO)
    values = cast("dict[str, str]", document)
    hidden = [key for key, value in values.items() if value == _HIDDEN]
    if hidden:
        raise OutputsError(f"{path}: {', '.join(hidden)} is hidden as {_HIDDEN}", tip=_HOW_TO)
    return values


def _list(key: str, value: object) -> Iterator[str]:
    if not isinstance(value, list):
        raise MalformedOutputError(f"{key} is {json.dumps(value)}, which is not a JSON list of strings")
    return _strings(key, cast("list[object]", value))


def _strings(key: str, values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if not isinstance(value, str):
            raise MalformedOutputError(f"{key} holds {_kind(value)}, {value!r}; every entry is a string")
        yield value


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"
