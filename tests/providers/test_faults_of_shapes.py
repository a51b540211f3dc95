"""Faults by AWS's own description of a parameter."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ShapeResolver

from seatrial.rehearsal.providers.aws import api_model
from seatrial.rehearsal.providers.aws.faults import faults
from seatrial.rehearsal.providers.aws.registry import RESOURCE_TYPES


def shape(**description: Any) -> Any:
    shapes = {"It": description, "Text": {"type": "string", "min": 2}}
    return ShapeResolver(shapes).get_shape_by_name("It")  # pyright: ignore[reportUnknownMemberType] (untyped)


@pytest.mark.parametrize(
    ("described", "value", "allowed"),
    [
        pytest.param({"type": "integer", "min": 1, "max": 3}, 4, "1 to 3", id="range"),
        pytest.param({"type": "integer", "max": 3}, 4, "at most 3", id="most"),
        pytest.param({"type": "double", "min": 1.5}, 1, "at least 1.5", id="least"),
        pytest.param({"type": "string", "min": 3}, "ab", "at least 3 characters", id="length"),
        pytest.param(
            {"type": "string", "pattern": r"^([\p{L}\p{Z}\p{N}]+)$"}, "Größe 1!", "text that matches", id="java"
        ),
        pytest.param(
            {"type": "list", "member": {"shape": "Text"}, "max": 1}, ["ab", "cd"], "at most 1 items", id="list"
        ),
        pytest.param({"type": "list", "member": {"shape": "Text"}}, "a", "at least 2 characters", id="one-for-list"),
        pytest.param(
            {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}, "max": 1},
            {"ab": "cd", "ef": "gh"},
            "at most 1 entries",
            id="map",
        ),
        pytest.param(
            {"type": "structure", "members": {"Name": {"shape": "Text"}}},
            [{"name": "a", "other": 1}],
            "at least 2 characters",
            id="list-for-one",
        ),
    ],
)
def test_fault_says_what_is_allowed(described: dict[str, Any], value: Any, allowed: str) -> None:
    found = list(faults(shape(**described), value, {}, "it", "it"))

    assert [allowed in fault.allowed for fault in found] == [True]


@pytest.mark.parametrize(
    ("described", "value"),
    [
        ({"type": "string", "pattern": r"^([\p{L}\p{Z}\p{N}]+)$"}, "Größe 1"),
        ({"type": "boolean"}, "true"),
        ({"type": "list", "member": {"shape": "Text"}, "min": 1}, [None]),
    ],
)
def test_nothing_is_wrong(described: dict[str, Any], value: Any) -> None:
    assert list(faults(shape(**described), value, {}, "it", "it")) == []


def test_every_pattern_of_the_calls_is_understood() -> None:
    texts = [it for kind in RESOURCE_TYPES.values() for it in _texts(kind.request.service, kind.request.operation)]

    assert len(texts) > 100
    for text in texts:
        assert len(list(faults(text, "\0", {}, "it", "it"))) <= 2


def _texts(service: str, operation: str) -> list[Any]:
    """Every text that may stand anywhere in the parameters of an operation."""
    pending = [api_model.parameters(service, operation)]
    found, seen = list[Any](), set[str]()
    while pending:
        inner = pending.pop()
        if inner.type_name == "string":
            found.append(inner)
        elif inner.name not in seen:
            seen.add(inner.name)
            pending += _inner(inner)
    return found


def _inner(outer: Any) -> list[Any]:
    match outer.type_name:
        case "structure":
            return list(outer.members.values())
        case "list":
            return [outer.member]
        case "map":
            return [outer.key, outer.value]
        case _:
            return []
