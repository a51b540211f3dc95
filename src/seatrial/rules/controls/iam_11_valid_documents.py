"""IAM-11: every document says what its author meant: actions, ARNs and condition keys exist."""

import re
from collections.abc import Iterator
from itertools import chain

from seatrial.rules.documents import of_kind, place, sound, unreadable
from seatrial.rules.facts import authorization
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.statements import Statement
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_VERSION = "2012-10-17"
_ARN = re.compile(r"arn:[a-z*?-]+:[a-z0-9*?-]+:[a-z0-9*?-]*:([0-9*?]*|aws|\$\{aws:\w+\}):.+", re.DOTALL)
_OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?"
    r"(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|"
    r"Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?|Null"
)
_CLAIM = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}(/[\w./-]+)?:(sub|aud|amr|azp|email|oaud)", re.IGNORECASE)


def _examine(view: View) -> Iterator[Observation]:
    for policy in of_kind(view, *Kind):
        yield from _policy(policy)


def _policy(policy: Policy) -> Iterator[Observation]:
    fault = unreadable(policy)
    if fault:
        yield fault
        return
    faults = [(policy.path, f"version {policy.version or 'of 2008'}")] if policy.version != _VERSION else []
    for index, statement in enumerate(policy.statements):
        faults += [(place(policy, index, part), found) for part, found in _faults(policy.kind, statement)]
    for path, found in faults:
        yield broken(policy.resource, path, found)
    if not faults:
        yield sound(policy, f"{len(policy.statements)} statements of known actions, ARNs and keys")


def _faults(kind: Kind, statement: Statement) -> Iterator[tuple[str, str]]:
    if statement.effect not in {"Allow", "Deny"}:
        yield "Effect", statement.effect or "nothing"
    yield from _shape(kind, statement)
    for action in chain(statement.actions, statement.not_actions):
        if not authorization.is_action(action):
            yield f"Action[{action}]", f"{action}, which is no action"
    for resource in chain(statement.resources, statement.not_resources):
        if resource != "*" and not _ARN.fullmatch(resource):
            yield f"Resource[{resource}]", f"{resource}, which is no ARN"
    yield from _conditions(statement)


def _shape(kind: Kind, statement: Statement) -> Iterator[tuple[str, str]]:
    """Find what the kind of document needs, or may not have."""
    if bool(statement.actions) == bool(statement.not_actions):
        yield "Action", "both Action and NotAction" if statement.actions else "neither Action nor NotAction"
    if bool(statement.principals) == (kind is Kind.IDENTITY):
        yield "Principal", "a principal, in an identity's policy" if statement.principals else "no principal"
    has_resource = bool(statement.resources or statement.not_resources)
    if has_resource == (kind is Kind.TRUST):
        yield "Resource", "a resource, in a trust document" if has_resource else "no resource"


def _conditions(statement: Statement) -> Iterator[tuple[str, str]]:
    for operator, keys in statement.conditions.items():
        if not _OPERATOR.fullmatch(operator):
            yield f"Condition.{operator}", f"{operator}, which is no operator"
        for key in keys:
            if not (authorization.is_key(key) or _CLAIM.fullmatch(key)):
                yield f"Condition.{operator}[{key}]", f"{key}, which is no condition key"


RULE = Rule(
    id="IAM-11",
    severity=Severity.MEDIUM,
    title="Policies use actions, ARNs and condition keys that exist",
    needs="a policy",
    why="IAM takes what it doesn't know without a word: it allows nothing, or a condition on it is never met.",
    allowed="documents of 2012-10-17 with known actions and condition keys, and ARNs of six parts",
    remedy="correct the document that the program adds; the platform's own are made by its IAM module",
    sources=cited(Framework.AWS, "IAM JSON policy elements reference", "Service Authorization Reference"),
    examine=_examine,
)
