"""The grammar of IAM documents."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypedDict

Values: TypeAlias = "str | list[str]"
Condition: TypeAlias = Mapping[str, Mapping[str, Values]]


class Statement(TypedDict, total=False):
    """One statement; keys are spelled as IAM spells them."""

    Sid: str
    """Letters and digits: what the statement is for."""

    Effect: str
    """``Allow`` or ``Deny``."""

    Principal: str | Mapping[str, Values]
    """Who; in trust and resource policies only."""

    Action: list[str]
    """``service:Operation``, sorted."""

    Resource: Values
    """ARNs; absent in trust policies."""

    Condition: Condition
    """Operator to key to values."""


class Document(TypedDict):
    """A policy or trust document."""

    Version: str
    """The language's version, always the current one."""

    Statement: list[Statement]
    """What is allowed, in order."""


def document(*statements: Statement) -> Document:
    """Wrap statements into a document of the current policy language."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(
    sid: str,
    actions: Sequence[str],
    resource: str | Sequence[str],
    condition: Condition | None = None,
) -> Statement:
    """Allow actions on resources: a statement of an identity's policy."""
    statement: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": resource if isinstance(resource, str) else sorted(resource),
    }
    if condition:
        statement["Condition"] = condition
    return statement


def deny(sid: str, actions: Sequence[str], resource: str | Sequence[str], condition: Condition) -> Statement:
    """Deny actions on resources under a condition, whatever else allows them."""
    return {**allow(sid, actions, resource, condition), "Effect": "Deny"}


def granted(statement: Statement, principal: str | Mapping[str, Values]) -> Statement:
    """Return the statement as one of a resource's policy, granting it to a principal."""
    return {**statement, "Principal": principal}


def text(content: Document) -> str:
    """Return the document as compact JSON with sorted keys: equal documents, equal bytes."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
