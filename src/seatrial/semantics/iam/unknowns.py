"""What policies say at best and at worst, where documents or values that decide aren't known.

A document that isn't known may allow everything, and deny everything. A statement that asks for a value that isn't
known may mean a request or not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from seatrial.semantics.iam import patterns
from seatrial.semantics.iam.conditions import Condition
from seatrial.semantics.iam.patterns import Pattern, Variable
from seatrial.semantics.iam.policies import Asked, Effect, Kind, Policies, Policy, Statement
from seatrial.semantics.iam.principals import ANYBODY, Principals

_EVERY: Final = "*"
"""At the end of a context key: whatever follows."""

_RESOURCE: Final = "the resource's ARN"

Turn = Callable[[Policy], Policy]
"""Reads a document one way or the other."""


def unread(name: str, kind: Kind = Kind.IDENTITY) -> Policy:
    """Return a policy of which only the name is known."""
    return Policy(name=name, kind=kind, statements=(), is_known=False)


@dataclass(frozen=True, slots=True)
class Unknowns:
    """What isn't known of a request."""

    asked: Asked
    keys: tuple[str, ...]
    """Context keys whose value isn't known; ``aws:PrincipalTag/*`` means all that begin so. Those with a value are."""

    def named(self, policies: Policies) -> tuple[str, ...]:
        """Name the documents that aren't known, and the values that statements about the request ask for."""
        every = tuple(policies.every())
        names = [each.name for each in every if not each.is_known]
        for statement in (each for policy in every for each in policy.statements):
            if self._is_open(statement) and self._loosened(statement).concerns(self.asked):
                names += self._asked_for(statement)
        return tuple(dict.fromkeys(names))

    def at_best(self, policies: Policies) -> Policies:
        """Return what allows whatever may be allowed."""
        found = _turned(policies, lambda policy: self._turned(policy, Effect.ALLOW))
        # Perhaps there is no boundary at all, which NotPrincipal would see.
        is_known = policies.boundary is not None and policies.boundary.is_known
        return found if is_known else replace(found, boundary=None)

    def at_worst(self, policies: Policies) -> Policies:
        """Return what denies whatever may be denied."""
        return _turned(policies, lambda policy: self._turned(policy, Effect.DENY))

    def _turned(self, policy: Policy, effect: Effect) -> Policy:
        if not policy.is_known:
            return replace(policy, statements=(_everything(policy, effect),))
        return replace(policy, statements=tuple(self._kept(policy, effect)))

    def _kept(self, policy: Policy, effect: Effect) -> Iterator[Statement]:
        for statement in policy.statements:
            if not self._is_open(statement):
                yield statement
            elif statement.effect is effect:
                yield self._loosened(statement)

    def _is_open(self, statement: Statement) -> bool:
        return any(True for _ in self._asked_for(statement))

    def _loosened(self, statement: Statement) -> Statement:
        """Leave out what can't be told."""
        conditions = tuple(each for each in statement.conditions if not any(True for _ in self._keys(each)))
        if any(True for _ in self._of_resources(statement)):
            statement = replace(statement, resources=None, are_resources_excepted=False)
        return replace(statement, conditions=conditions)

    def _asked_for(self, statement: Statement) -> Iterator[str]:
        yield from self._of_resources(statement)
        for condition in statement.conditions:
            yield from self._keys(condition)

    def _of_resources(self, statement: Statement) -> Iterator[str]:
        for pattern in statement.resources or ():
            yield from self._variables(pattern)
            if not self.asked.resource and pattern.text != ANYBODY:
                yield _RESOURCE

    def _keys(self, condition: Condition) -> Iterator[str]:
        if self._is_unknown(condition.key):
            yield condition.key
        for value in condition.values:
            yield from self._variables(value)

    def _variables(self, pattern: Pattern) -> Iterator[str]:
        for part in pattern.parts:
            if isinstance(part, Variable) and self._is_unknown(part.key):
                yield part.key

    def _is_unknown(self, key: str) -> bool:
        wanted = key.lower()
        is_meant = any(
            wanted.startswith(each.lower().removesuffix(_EVERY)) if each.endswith(_EVERY) else wanted == each.lower()
            for each in self.keys
        )
        return is_meant and self.asked.context.values(key) is None


def _everything(policy: Policy, effect: Effect) -> Statement:
    """Return a statement about everybody and everything."""
    return Statement(
        policy=policy.name,
        number=1,
        sid="",
        effect=effect,
        principals=None if policy.kind is Kind.IDENTITY else Principals((("AWS", ANYBODY),)),
        actions=(patterns.wildcards("*"),),
        are_actions_excepted=False,
        resources=None,
        are_resources_excepted=False,
        conditions=(),
    )


def _turned(policies: Policies, turn: Turn) -> Policies:
    def perhaps(policy: Policy | None) -> Policy | None:
        return policy and turn(policy)

    return replace(
        policies,
        identity=tuple(map(turn, policies.identity)),
        boundary=perhaps(policies.boundary),
        session=None if policies.session is None else tuple(map(turn, policies.session)),
        resource=perhaps(policies.resource),
        endpoint=perhaps(policies.endpoint),
        organization=tuple(tuple(map(turn, level)) for level in policies.organization),
    )
