"""Policies as values: statements, and the sets of policies that decide about a request together."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from seatrial.semantics.iam import patterns
from seatrial.semantics.iam.callers import Caller
from seatrial.semantics.iam.conditions import Condition
from seatrial.semantics.iam.context import Context
from seatrial.semantics.iam.patterns import Glob, Pattern
from seatrial.semantics.iam.principals import Naming, Principals


class Kind(StrEnum):
    """What a policy is attached to, which decides what it may say."""

    IDENTITY = "identity"
    """A user, group or role; boundaries, session policies and an organization's policies speak the same language."""

    RESOURCE = "resource"
    """A key, a bucket, an endpoint."""

    TRUST = "trust"
    """A role: who may assume it."""


class Effect(StrEnum):
    """What a statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as statements see it."""

    caller: Caller
    action: str
    resource: str
    context: Context
    is_bounded: bool
    """Whether the caller has a permissions boundary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy."""

    policy: str
    """The policy's name."""

    number: int
    """Its place there, from 1."""

    sid: str
    """Its own name; empty when it has none."""

    effect: Effect
    principals: Principals | None
    """Whom it means; None in the policies of an identity."""

    actions: tuple[Glob, ...]
    are_actions_excepted: bool
    """Whether every other action is meant: NotAction."""

    resources: tuple[Pattern, ...] | None
    """What it is about; None where the resource is the one that the policy is attached to."""

    are_resources_excepted: bool
    """Whether every other resource is meant: NotResource."""

    conditions: tuple[Condition, ...]
    """All of them have to hold."""

    @property
    def title(self) -> str:
        """Its place in words: ``eks-node-policy, statement 2 (ReadOnly)``."""
        sid = f" ({self.sid})" if self.sid else ""
        return f"{self.policy}, statement {self.number}{sid}"

    def concerns(self, asked: Asked) -> bool:
        """Tell whether it is about a request, its conditions aside."""
        return self._has_action(asked.action) and self._has_resource(asked) and self._has_caller(asked)

    def elsewhere(self, asked: Asked) -> tuple[str, ...]:
        """Return what it is about when it is about the call and the caller, but not about the resource."""
        is_about = self._has_action(asked.action) and self._has_caller(asked) and not self._has_resource(asked)
        return tuple(each.text for each in self.resources or ()) if is_about and not self.are_resources_excepted else ()

    def unmet(self, asked: Asked) -> tuple[Condition, ...]:
        """Return the conditions that a request does not meet."""
        return tuple(condition for condition in self.conditions if not condition.holds(asked.context))

    def applies(self, asked: Asked) -> bool:
        """Tell whether it has its effect on a request."""
        return self.concerns(asked) and all(condition.holds(asked.context) for condition in self.conditions)

    def naming(self, caller: Caller) -> Naming:
        """Tell how closely it names a caller."""
        if self.principals is None or self.principals.are_excepted:
            return Naming.ROLE
        return self.principals.naming(caller)

    def _has_action(self, action: str) -> bool:
        found = any(patterns.matches(glob, action, ignore_case=True) for glob in self.actions)
        return found is not self.are_actions_excepted

    def _has_resource(self, asked: Asked) -> bool:
        if self.resources is None:
            return True
        globs = (pattern.resolved(asked.context) for pattern in self.resources)
        found = any(glob is not None and patterns.matches(glob, asked.resource) for glob in globs)
        return found is not self.are_resources_excepted

    def _has_caller(self, asked: Asked) -> bool:
        if self.principals is None:
            return True
        if not self.principals.are_excepted:
            return self.principals.naming(asked.caller) is not Naming.NOT
        if self.effect is Effect.ALLOW:
            return self.principals.naming(asked.caller) is Naming.NOT
        # As IAM's guide warns: whoever has a boundary is denied, listed or not.
        return asked.is_bounded or not self.principals.spares(asked.caller)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One document, read once."""

    name: str
    """How messages call it."""

    kind: Kind
    statements: tuple[Statement, ...]
    is_known: bool = True
    """Whether its document is known; it has no statements when it isn't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """Every policy that has a say in a request."""

    identity: tuple[Policy, ...] = ()
    """Attached to the caller, or to its groups."""

    boundary: Policy | None = None
    """The caller's permissions boundary, if it has one."""

    session: tuple[Policy, ...] | None = None
    """Session policies; None when the session was begun without any."""

    resource: Policy | None = None
    """The resource's own policy; None when it has none, and for a key whose policy is not known."""

    endpoint: Policy | None = None
    """Of the VPC endpoint that the request goes through, if it goes through one."""

    organization: tuple[tuple[Policy, ...], ...] = ()
    """An organization's control policies, by level: root, unit, account. Each level has to allow."""

    def every(self) -> Iterator[Policy]:
        """Give all of them."""
        yield from self.identity
        yield from self.session or ()
        for level in self.organization:
            yield from level
        yield from (each for each in (self.boundary, self.resource, self.endpoint) if each)
