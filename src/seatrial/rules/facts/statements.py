"""IAM's policy language as far as rules read it: statements, what they match, what their conditions pin."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias, cast

from seatrial.plan import Value
from seatrial.rules.facts.manifests import thawed

Conditions: TypeAlias = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Operator to key to values."""


class MalformedError(ValueError):
    """A text that is no policy document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement; what a document writes as one value is a list of one here."""

    effect: str
    """``Allow`` or ``Deny``."""

    principals: Mapping[str, tuple[str, ...]]
    """``AWS``, ``Service``, ``Federated`` to who; ``"*"`` alone is ``AWS`` to ``*``."""

    excepts_principals: bool
    """Whether it says NotPrincipal."""

    actions: tuple[str, ...]
    """Patterns of Action."""

    not_actions: tuple[str, ...]
    """Patterns of NotAction."""

    resources: tuple[str, ...]
    """Patterns of Resource."""

    not_resources: tuple[str, ...]
    """Patterns of NotResource."""

    conditions: Conditions

    @property
    def is_allow(self) -> bool:
        """Whether it allows."""
        return self.effect == "Allow"

    @property
    def is_for_anyone(self) -> bool:
        """Whether its principal is everyone."""
        return self.excepts_principals or any("*" in who for who in self.principals.values())

    def allows(self, action: str) -> bool:
        """Tell whether it allows an action, on some resource and under its conditions."""
        if not self.is_allow:
            return False
        if self.not_actions:
            return not covers(self.not_actions, action)
        return covers(self.actions, action)

    def denies(self, action: str) -> bool:
        """Tell whether it denies an action on everything, whatever the circumstances."""
        if self.effect != "Deny" or self.conditions or not any(map(_is_everything, self.resources)):
            return False
        return not covers(self.not_actions, action) if self.not_actions else covers(self.actions, action)

    @property
    def is_of_everything(self) -> bool:
        """Whether its resources are all that there are, or all but some."""
        return bool(self.not_resources) or any(map(_is_everything, self.resources))

    def pinned(self, operators: Iterable[str], key: str) -> tuple[str, ...]:
        """Return the values that a key is compared with under one of the operators; IAM ignores the case of keys."""
        return tuple(
            value
            for operator in operators
            for name, values in self.conditions.get(operator, {}).items()
            if name.lower() == key.lower()
            for value in values
        )


PRINCIPAL_KEYS: Final = (
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceAccount",
    "aws:SourceArn",
    "kms:CallerAccount",
)
"""Condition keys that say whose principals, or on whose behalf, is meant."""

_EQUALS: Final = (
    *("ArnEquals", "ArnLike", "StringEquals", "StringLike"),
    # Of a key with several values one has to fit; of one that isn't there none does.
    *("ForAnyValue:StringEquals", "ForAnyValue:StringLike"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A policy or trust document."""

    version: str
    """Of the policy language; empty means the one of 2008."""

    statements: tuple[Statement, ...]


def is_bound(statement: Statement, keys: Iterable[str] = PRINCIPAL_KEYS) -> bool:
    """Tell whether a condition on one of some keys names an account, an organisation or an ARN of an account."""
    for key in keys:
        values = statement.pinned(_EQUALS, key)
        if values and all(map(names_account, values)):
            return True
    return False


def names_account(value: str) -> bool:
    """Tell whether a value of a condition is of one account or organisation, patterns inside it allowed."""
    if value.startswith("arn:"):
        account = value.split(":", 5)[4:5]
        return account != [] and account[0].isdigit()
    # The path of an organisation's unit begins with the organisation: o-a1b2c3d4e5/r-ab12/*.
    named = value.partition("/")[0] if value.startswith("o-") else value
    return named != "" and "*" not in named and "?" not in named


def _is_everything(pattern: str) -> bool:
    """Tell whether a pattern leaves the parts of an ARN open that name something: whose it is, and which."""
    parts = pattern.split(":", 5)
    return not parts[-1].strip("*?/:") and not "".join(parts[4:5]).strip("*?")


def covers(patterns: Iterable[str], action: str) -> bool:
    """Tell whether one of some patterns matches an action; IAM ignores the case of actions."""
    return any(_compiled(pattern.lower()).fullmatch(action.lower()) for pattern in patterns)


def parsed(value: Value) -> Document:
    """Read a document, JSON text or what that holds; raise MalformedError where it is none."""
    try:
        document = cast("object", json.loads(value)) if isinstance(value, str) else thawed(value)
    except json.JSONDecodeError as error:
        raise MalformedError(f"no JSON: {error}") from error
    if not isinstance(document, dict) or "Statement" not in document:
        raise MalformedError("no policy document: it has no Statement")
    parts = cast("dict[str, object]", document)
    return Document(str(parts.get("Version", "")), tuple(map(_statement, _listed(parts["Statement"]))))


def _statement(content: object) -> Statement:
    if not isinstance(content, dict):
        raise MalformedError(f"no statement: {content!r}")
    parts = cast("dict[str, object]", content)
    return Statement(
        effect=str(parts.get("Effect", "")),
        principals=_principals(parts.get("Principal", parts.get("NotPrincipal"))),
        excepts_principals="NotPrincipal" in parts,
        actions=_texts(parts.get("Action")),
        not_actions=_texts(parts.get("NotAction")),
        resources=_texts(parts.get("Resource")),
        not_resources=_texts(parts.get("NotResource")),
        conditions={
            operator: {key: _texts(values) for key, values in _mapping(keys).items()}
            for operator, keys in _mapping(parts.get("Condition")).items()
        },
    )


def _principals(content: object) -> Mapping[str, tuple[str, ...]]:
    if isinstance(content, str):
        return {"AWS": (content,)}
    return {kind: _texts(who) for kind, who in _mapping(content).items()}


def _mapping(content: object) -> Mapping[str, object]:
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise MalformedError(f"no mapping: {content!r}")
    return cast("dict[str, object]", content)


def _texts(content: object) -> tuple[str, ...]:
    return tuple(_word(each) for each in _listed(content))


def _word(content: object) -> str:
    """Write a value as IAM compares it."""
    return str(content).lower() if isinstance(content, bool) else str(content)


def _listed(content: object) -> list[object]:
    if content is None:
        return []
    return cast("list[object]", content) if isinstance(content, list) else [content]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern), re.DOTALL)
