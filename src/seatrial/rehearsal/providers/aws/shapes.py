"""Between the provider's spelling of a resource and the shapes of the AWS API, guided by both schemas."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from seatrial.rehearsal.providers.aws import api_model
from seatrial.rehearsal.providers.aws.documents import text
from seatrial.rehearsal.providers.aws.resource_type import Request
from seatrial.rehearsal.providers.aws.schema import Kind, PropertyType
from seatrial.rehearsal.providers.aws.spelling import match
from seatrial.rehearsal.providers.aws.tags import from_pairs, pairs
from seatrial.rehearsal.providers.paths import joined
from seatrial.rehearsal.providers.values import Value, Values

_PAIR = frozenset({"Key", "Value"})


def parameters(request: Request, inputs: Values) -> dict[str, Any]:
    """Return the parameters of the creating call that the inputs become."""
    outer = api_model.parameters(request.service, request.operation)
    if not request.within:
        return structure(outer, inputs, request.members)
    inner = structure(outer.members[request.within], inputs, request.members)
    taken = {name for name, _ in _matched(outer.members[request.within], inputs, request.members, "")}
    rest = {name: value for name, value in inputs.items() if name not in taken}
    return {request.within: inner, **structure(outer, rest, request.members)}


def structure(shape: Any, values: Values, members: Mapping[str, str | None], path: str = "") -> dict[str, Any]:
    """Return the properties as members of the shape; those that it doesn't have are left out."""
    found = ((member, values[name], joined(path, name)) for name, member in _matched(shape, values, members, path))
    return {member: _to_api(shape.members[member], value, members, at) for member, value, at in found}


def matched_members(request: Request, inputs: Values) -> dict[str, Any]:
    """Return the shapes of the members that properties become, by property; those without one are left out."""
    outer = api_model.parameters(request.service, request.operation)
    shapes = [outer.members[request.within], outer] if request.within else [outer]
    found = (
        (name, shape.members[member])
        for shape in shapes
        for name, member in _matched(shape, inputs, request.members, "")
    )
    members: dict[str, Any] = {}
    for name, shape in found:
        members.setdefault(name, shape)
    return members


def member_of(shape: Any, name: str, path: str, members: Mapping[str, str | None]) -> str | None:
    """Return the member of a structure that a property becomes."""
    at = joined(path, name)
    return members[at] if at in members else match(name, shape.members)


def _matched(shape: Any, values: Values, members: Mapping[str, str | None], path: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        member = member_of(shape, name, path, members)
        if member and member in shape.members and value is not None and joined(path, name) != "tags":
            yield name, member


def _to_api(shape: Any, value: Value, members: Mapping[str, str | None], path: str) -> Any:
    match shape.type_name:
        case "structure":
            # What AWS has one of may be a list in the provider's schema, and the other way round.
            single = cast("list[Value]", value)[0] if isinstance(value, list) else value
            return structure(shape, cast("Values", single), members, path)
        case "list" if isinstance(value, dict) and _member_names(shape.member) >= _PAIR:
            return pairs(cast("dict[str, str]", value))
        case "list":
            items = cast("list[Value]", value if isinstance(value, list) else [value])
            return [_to_api(shape.member, item, members, path) for item in items]
        case name:
            return _SCALARS.get(name, _unchanged)(value)


def _unchanged(value: Value) -> Value:
    return value


def _truth(value: Value) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


_SCALARS: Mapping[str, Callable[[Value], Value]] = {"boolean": _truth, "integer": int, "long": int, "string": text}
"""How a scalar of each kind of shape is made from the provider's."""


def _member_names(shape: Any) -> frozenset[str]:
    return frozenset(shape.members) if shape.type_name == "structure" else frozenset()


def properties(declared: PropertyType, answer: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Values:
    """Return what an answer tells of an object's properties.

    ``names`` gives the dotted path of a property its member, where the name doesn't say it.
    """
    return _object(declared, answer, names or {}, "")


def _object(declared: PropertyType, answer: Mapping[str, Any], names: Mapping[str, str], path: str) -> Values:
    told: Values = {}
    for name, kind in declared.fields.items():
        at = joined(path, name)
        member = names.get(at) or match(name, answer)
        if member is not None and answer.get(member) is not None:
            told[name] = _from_api(kind, answer[member], names, at)
    return told


def _from_api(declared: PropertyType, value: Any, names: Mapping[str, str], path: str) -> Value:
    match declared.kind:
        case Kind.OBJECT:
            single = next(iter(cast("list[Values]", value)), Values()) if isinstance(value, list) else value
            return _object(declared, cast("Values", single), names, path)
        case Kind.LIST:
            items = cast("list[Any]", value if isinstance(value, list) else [value])
            return [_from_api(declared.element, item, names, path) for item in items]
        case Kind.MAP if isinstance(value, list):
            return from_pairs(cast("list[Any]", value))
        case Kind.MAP:
            return dict(cast("dict[str, Any]", value))
        case _:
            return scalar(declared.kind, value)


def scalar(kind: Kind, value: Any) -> Value:
    """Return the value as the schema wants it: ``"true"`` for a boolean that the provider declares a string."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if kind is Kind.STRING and isinstance(value, bool):
        return str(value).lower()
    if kind is Kind.STRING and not isinstance(value, str):
        return str(value)
    if kind is Kind.INTEGER and isinstance(value, str | float):
        return _whole(value)
    if kind is Kind.BOOLEAN and isinstance(value, str):
        return value.lower() == "true"
    return value


def _whole(value: str | float) -> Value:
    try:
        return int(value)
    except ValueError:
        return value
