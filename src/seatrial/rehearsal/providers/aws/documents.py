"""Equality of JSON documents: AWS writes policies back in another form than it was given."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from seatrial.rehearsal.providers.values import Value

_SETS = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_PRINCIPALS = frozenset({"Principal", "NotPrincipal"})


def same_json(old: Value, new: Value) -> bool:
    """Whether two texts hold the same JSON, whatever their layout."""
    return _equal(old, new, lambda document: document)


def same_policy(old: Value, new: Value) -> bool:
    """Whether two IAM policy documents mean the same: one or a list of one, in whatever order."""
    return _equal(old, new, _policy)


def text(document: Value) -> str:
    """Return a document, given as text or as an object, as text; a number as one writes it."""
    return document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))


def _equal(old: Value, new: Value, normal: Callable[[Any], Any]) -> bool:
    if old == new:
        return True
    try:
        return normal(_parsed(old)) == normal(_parsed(new))
    except ValueError:
        return False


def _parsed(document: Value) -> Any:
    return json.loads(document) if isinstance(document, str) and document else document or {}


def _policy(document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    policy = cast("dict[str, Any]", document)
    statements = [_statement(it) for it in _listed(policy.get("Statement"))]
    return {**policy, "Statement": sorted(statements, key=_order)}


def _statement(statement: Any) -> Any:
    if not isinstance(statement, dict):
        return statement
    return {key: _clause(key, value) for key, value in cast("dict[str, Any]", statement).items() if value != {}}


def _clause(key: str, value: Any) -> Any:
    if key in _SETS:
        return _sorted(value)
    if key in _PRINCIPALS:
        everyone = {"AWS": ["*"]} if value == "*" else value
        return {kind: _sorted(it) for kind, it in cast("Mapping[str, Any]", everyone).items()}
    if key == "Condition":
        return {test: _condition(it) for test, it in cast("Mapping[str, Any]", value).items()}
    return value


def _condition(test: Any) -> dict[str, Any]:
    return {key: _sorted(value) for key, value in cast("Mapping[str, Any]", test).items()}


def _sorted(value: Any) -> list[str]:
    return sorted({str(item).lower() if isinstance(item, bool) else str(item) for item in _listed(value)})


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _order(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
