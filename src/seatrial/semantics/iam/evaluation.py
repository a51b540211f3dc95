"""The decision about one request, from every policy that has a say.

See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from seatrial.semantics.iam import callers, context
from seatrial.semantics.iam.callers import Caller, CallerKind
from seatrial.semantics.iam.conditions import Condition
from seatrial.semantics.iam.context import Values
from seatrial.semantics.iam.policies import Asked, Effect, Kind, Policies, Policy, Statement
from seatrial.semantics.iam.principals import Naming
from seatrial.semantics.iam.unknowns import Unknowns

_KEYS: Final = "kms:"
"""Prefix of the actions of the one service, beside roles, whose resources' own policies always have to allow."""

_IDENTITY: Final = "the caller's own policies"
_RESOURCE: Final = "the resource's policy"
_TRUST: Final = "the role's trust policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks to do what with what."""

    caller: Caller
    action: str
    """``ec2:DescribeInstances``."""

    resource: str = "*"
    """Its ARN; ``*`` for an action that knows no resources; empty where it isn't known."""

    context: Values = field(default_factory=dict[str, context.Value])
    """Context keys; those that say who calls and whose the resource is come by themselves."""

    resource_account: str = ""
    """Who owns the resource; where empty, the account in its ARN, or else the caller's."""

    unknown: tuple[str, ...] = ()
    """Context keys that have a value, or have none, which isn't known; ``aws:PrincipalTag/*`` for all that begin so."""


class Outcome(StrEnum):
    """What IAM decides."""

    ALLOWED = "allowed"
    DENIED = "denied by a statement"
    NOT_ALLOWED = "not allowed by any statement"
    UNTOLD = "can't be told before a deployment"
    """Documents or values decide that aren't known."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that a request does not meet."""

    condition: Condition
    found: tuple[str, ...] | None
    """What the request has; None for nothing."""

    def __str__(self) -> str:
        return f"{self.condition}; found {', '.join(map(repr, self.found)) if self.found else 'nothing'}"


@dataclass(frozen=True, slots=True)
class Miss:
    """A statement that would allow a request, but for its conditions or its resources."""

    statement: Statement
    unmet: tuple[Unmet, ...]
    elsewhere: tuple[str, ...] = ()
    """The resources that it is about instead, as the policy has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the policies say to a request, and why."""

    outcome: Outcome
    deciding: tuple[Statement, ...] = ()
    """Those that allow it, or those that deny it; none when nothing allows it, and for a root user."""

    lacking: tuple[str, ...] = ()
    """Whose permission it lacks, in words."""

    misses: tuple[Miss, ...] = ()
    """Statements that came near to allowing what is not allowed."""

    unknown: tuple[str, ...] = ()
    """The documents and context keys because of which it can't be told."""

    @property
    def is_allowed(self) -> bool:
        """Whether the request passes."""
        return self.outcome is Outcome.ALLOWED

    def unless(self, *unknown: str) -> "Decision":
        """Return what can be told when it holds only under assumptions about what isn't known, if there are such."""
        return Decision(outcome=Outcome.UNTOLD, unknown=unknown) if self.is_allowed and unknown else self


def decide(request: Request, policies: Policies) -> Decision:
    """Decide about a request as IAM does: a Deny anywhere counts, and without an Allow there is nothing.

    Where documents or values aren't known it is decided nevertheless if they make no difference, whatever they are.
    """
    trial = _Trial(request, policies)
    unknown = trial.unknown
    if not unknown.named(policies):
        return trial.decision()
    at_best = _Trial(request, unknown.at_best(policies)).decision()
    at_worst = _Trial(request, unknown.at_worst(policies)).decision()
    if at_worst.is_allowed or not at_best.is_allowed:
        return at_worst if at_worst.is_allowed else at_best
    return Decision(outcome=Outcome.UNTOLD, unknown=unknown.named(policies))


class _Trial:
    """One request before all of its policies."""

    def __init__(self, request: Request, policies: Policies) -> None:
        self._request = request
        self._caller = request.caller
        self._policies = policies
        account = request.resource_account or callers.account_of(request.resource) or request.caller.account
        self._is_own = account == request.caller.account
        known: Values = {**request.caller.keys, **({"aws:ResourceAccount": account} if account else {})}
        self._asked = Asked(
            caller=request.caller,
            action=request.action,
            resource=request.resource,
            context=context.of_values({**known, **request.context}),
            is_bounded=policies.boundary is not None,
        )

    @property
    def unknown(self) -> Unknowns:
        """What isn't known of the request."""
        return Unknowns(self._asked, self._request.unknown)

    def decision(self) -> Decision:
        denials = tuple(self._having(Effect.DENY, self._policies.every()))
        if denials:
            return Decision(outcome=Outcome.DENIED, deciding=denials)
        granting, lacking = self._granted()
        lacking = (*self._closed(), *lacking)
        if lacking:
            return Decision(outcome=Outcome.NOT_ALLOWED, lacking=lacking, misses=tuple(self._misses()))
        return Decision(outcome=Outcome.ALLOWED, deciding=granting)

    def _having(self, effect: Effect, policies: Iterable[Policy]) -> Iterator[Statement]:
        for policy in policies:
            for statement in policy.statements:
                if statement.effect is effect and statement.applies(self._asked):
                    yield statement

    def _allows(self, policies: Iterable[Policy]) -> bool:
        return any(True for _ in self._having(Effect.ALLOW, policies))

    def _closed(self) -> Iterator[str]:
        """Name what stands before all grants and doesn't allow."""
        for level in self._policies.organization:
            if not self._allows(level):
                yield "the organization's policies"
        if self._policies.endpoint and not self._allows([self._policies.endpoint]):
            yield "the endpoint's policy"

    def _granted(self) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
        """Give the statements that allow, and whose permission is lacking beside them."""
        by_resource = self._by_resource()
        if self._caller.kind is not CallerKind.ROOT and not self._caller.has_identity_policies:
            return by_resource, () if by_resource else (self._own_policy,)
        limits = tuple(self._limits())
        naming = max((each.naming(self._caller) for each in by_resource), default=Naming.NOT)
        if self._is_own and (naming is Naming.ITSELF or (naming is Naming.ROLE and not limits)):
            return by_resource, ()
        by_identity = tuple(self._having(Effect.ALLOW, self._policies.identity))
        lacking = limits if by_identity or self._caller.kind is CallerKind.ROOT else (_IDENTITY, *limits)
        if naming is Naming.NOT and (not self._is_own or self._is_required):
            lacking = (*lacking, self._own_policy)
        return (*by_identity, *by_resource), lacking

    def _by_resource(self) -> tuple[Statement, ...]:
        policy = self._policies.resource
        return tuple(self._having(Effect.ALLOW, [policy])) if policy else ()

    def _limits(self) -> Iterator[str]:
        """Name the limits of the caller that don't allow."""
        if self._policies.boundary and not self._allows([self._policies.boundary]):
            yield "the permissions boundary"
        if self._policies.session is not None and not self._allows(self._policies.session):
            yield "the session policies"

    @property
    def _own_policy(self) -> str:
        policy = self._policies.resource
        return _TRUST if policy is not None and policy.kind is Kind.TRUST else _RESOURCE

    @property
    def _is_required(self) -> bool:
        """Whether the resource's own policy has to allow even within its account."""
        policy = self._policies.resource
        return policy is not None and (policy.kind is Kind.TRUST or self._asked.action.lower().startswith(_KEYS))

    def _misses(self) -> Iterator[Miss]:
        for statement in (each for policy in self._policies.every() for each in policy.statements):
            if statement.effect is Effect.ALLOW:
                unmet = statement.unmet(self._asked) if statement.concerns(self._asked) else ()
                found = tuple(Unmet(each, self._asked.context.values(each.key)) for each in unmet)
                elsewhere = statement.elsewhere(self._asked)
                if found or elsewhere:
                    yield Miss(statement, found, elsewhere)
