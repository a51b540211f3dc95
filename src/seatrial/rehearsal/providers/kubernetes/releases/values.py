"""What charts take: values are checked against it before anything is made, rendered or not."""

import importlib
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from seatrial.rehearsal.providers.paths import shown
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values

_PACKAGE = "seatrial.rehearsal.providers.kubernetes.charts"
"""Where the schemas are."""

_LISTED = 12
"""How many allowed names a message has."""


def faults(chart: str, version: str, values: Values) -> Iterator[tuple[str, str]]:
    """Yield what the version of the chart doesn't take: the path of a value, and why.

    A chart, or a version, that isn't known here takes everything: Helm will tell.
    """
    schema = _schema(chart)
    if schema is None or schema["x-chart-version"] != version:
        return
    validation: Any = importlib.import_module("jsonschema")
    checked: Any = validation.validators.extend(validation.Draft7Validator, type_checker=_type_checker(validation))
    wrong: Any = checked(schema).iter_errors(values)
    for error in sorted(wrong, key=lambda it: list(map(str, it.absolute_path))):
        if error.instance is not UNKNOWN:
            yield from _told(f"{chart} {version}", error)


def _schema(chart: str) -> dict[str, Any] | None:
    file = resources.files(_PACKAGE) / f"{chart}.schema.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def _told(chart: str, error: Any) -> Iterator[tuple[str, str]]:
    path = _path(error.absolute_path)
    match error.validator:
        case "additionalProperties":
            allowed = sorted(error.schema["properties"])
            for name in sorted(set(error.instance) - set(allowed)):
                yield shown(path, name), f"{shown(path, name)}: {chart} has no such value; {_near(name, allowed)}"
        case "required":
            missing = next(name for name in error.validator_value if name not in error.instance)
            yield shown(path, missing), f"{shown(path, missing)}: found none; {chart} needs it"
        case "enum":
            yield path, f"{path}: found {_printed(error.instance)}; allowed: {', '.join(error.validator_value)}"
        case _:
            wanted = error.validator_value
            types = wanted if isinstance(wanted, str) else ", ".join(wanted)
            yield path, f"{path}: found {_printed(error.instance)}; allowed: {types}"


def _near(name: str, allowed: list[str]) -> str:
    close = importlib.import_module("difflib").get_close_matches(name, allowed, n=1)
    if close:
        return f"did you mean {close[0]}?"
    more = f", and {len(allowed) - _LISTED} more" if len(allowed) > _LISTED else ""
    return f"allowed: {', '.join(allowed[:_LISTED])}{more}"


def _path(keys: Any) -> str:
    path = "values"
    for key in keys:
        path = f"{path}[{key}]" if isinstance(key, int) else shown(path, key)
    return path


def _printed(value: Value) -> str:
    return json.dumps(value, default=str)


def _type_checker(validation: Any) -> Any:
    """Let a value that isn't known yet have any type."""
    checker: Any = validation.Draft7Validator.TYPE_CHECKER
    for kind in ("string", "integer", "number", "boolean", "array", "object"):
        checker = checker.redefine(kind, _or_unknown(checker, kind))
    return checker


def _or_unknown(checker: Any, kind: str) -> Any:
    def test(_: Any, value: Value) -> bool:
        return value is UNKNOWN or checker.is_type(value, kind)

    return test
