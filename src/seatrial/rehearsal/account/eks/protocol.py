"""EKS on the wire: routes, parameters and their limits, from botocore's model of the service."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import document_of
from seatrial.rehearsal.account.eks import refusal
from seatrial.rehearsal.account.emulator import Record

_ARNS = frozenset({"principalArn", "policyArn", "resourceArn"})
"""Labels of a path whose values hold slashes; the path arrives decoded."""


@dataclass(frozen=True, slots=True)
class Route:
    """How an operation is called."""

    operation: str
    method: str
    pattern: "re.Pattern[str]"
    literals: int
    """Fixed segments of the path: the route with the most of them is meant."""
    shape: str
    """Name of the shape of its input."""


def parse(method: str, path: str, query: Mapping[str, list[str]], body: bytes) -> tuple[str, Record]:
    """Give operation and parameters of a request; refuse what the model excludes."""
    for route in _routes():
        found = route.pattern.fullmatch(path.rstrip("/"))
        if found and route.method == method:
            parameters = {
                **document_of(body),
                **_from_query(route.shape, query),
                **_from_path(route.shape, found.groupdict()),
            }
            _check(_shapes()[route.shape], parameters, "")
            return route.operation, parameters
    return refusal.request(f"No operation is called by {method} {path}")


@cache
def _model() -> Record:
    # MiniStack's reader: botocore's own costs 20 MB.
    return cast(Record, emulator.member(emulator.core("iam_actions"), "_load_botocore_model")("eks"))


def _shapes() -> dict[str, Record]:
    return cast("dict[str, Record]", _model()["shapes"])


@cache
def _routes() -> list[Route]:
    operations = cast("dict[str, Record]", _model()["operations"])
    routes = [_route(name, operation) for name, operation in operations.items()]
    return sorted(routes, key=lambda route: -route.literals)


def _route(name: str, operation: Record) -> Route:
    segments = operation["http"]["requestUri"].strip("/").split("/")
    pattern = "".join(f"/{_segment(segment)}" for segment in segments)
    literals = sum(not segment.startswith("{") for segment in segments)
    return Route(name, operation["http"]["method"], re.compile(pattern), literals, operation["input"]["shape"])


def _segment(segment: str) -> str:
    if not segment.startswith("{"):
        return re.escape(segment)
    name = segment.strip("{}+")
    return f"(?P<{name}>{'.+?' if name in _ARNS else '[^/]+'})"


def _from_path(shape: str, labels: Mapping[str, str]) -> Record:
    """Read the parameters that stand in the path, by their names in the model."""
    members = cast("dict[str, Record]", _shapes()[shape].get("members", {}))
    named = {member.get("locationName", name): name for name, member in members.items()}
    return {named[label]: value for label, value in labels.items()}


def _from_query(shape: str, query: Mapping[str, list[str]]) -> Record:
    """Read the parameters that stand in the query string, by their names in the model."""
    members = cast("dict[str, Record]", _shapes()[shape].get("members", {}))
    return {
        name: _typed(_shapes()[member["shape"]]["type"], query[member["locationName"]])
        for name, member in members.items()
        if member.get("location") == "querystring" and member["locationName"] in query
    }


def _typed(kind: str, values: list[str]) -> object:
    if kind == "list":
        return values
    if kind == "boolean":
        return values[0] == "true"
    return int(values[0]) if kind == "integer" else values[0]


def _check(shape: Record, value: Mapping[str, Any], path: str) -> None:
    for name in shape.get("required", []):
        if name not in value:
            refusal.invalid(f"{path}{name} is required")
    for name, member in shape["members"].items():
        if value.get(name) is not None:
            _check_value(_shapes()[member["shape"]], value[name], f"{path}{name}")


def _check_value(shape: Record, value: Any, path: str) -> None:
    if shape["type"] == "structure":
        _check(shape, value, f"{path}.")
    elif shape["type"] in {"list", "map"}:
        _check_size(shape, len(value), f"number of {path}")
        for item in value if shape["type"] == "list" else ():
            _check_value(_shapes()[shape["member"]["shape"]], item, path)
    else:
        _check_scalar(shape, value, path)


def _check_scalar(shape: Record, value: object, path: str) -> None:
    allowed = cast("list[str]", shape.get("enum", []))
    if allowed and value not in allowed:
        refusal.invalid(f"{path}: {value} is not one of [{', '.join(allowed)}]")
    if isinstance(value, str):
        _check_size(shape, len(value), f"length of {path}")
        # The model's patterns begin with ^ and mean the whole text.
        if not re.fullmatch(shape.get("pattern", ".*"), value, re.DOTALL):
            refusal.invalid(f"{path}: {value} does not match {shape['pattern']}")
    elif not isinstance(value, bool):
        _check_size(shape, cast(int, value), path)


def _check_size(shape: Record, size: int, what: str) -> None:
    if not shape.get("min", size) <= size <= shape.get("max", size):
        refusal.invalid(f"{what} is {size}; allowed: {shape.get('min', 0)} to {shape.get('max', 'any')}")
