"""IAM-07: no policy lets anybody become more than he is, or carry everything away."""

import re
from collections.abc import Iterator, Mapping

from seatrial.plan import Resource
from seatrial.rules.documents import allowing, of_kind, place, unreadable
from seatrial.rules.facts.escalation import ESCALATIONS, EXPOSURES
from seatrial.rules.facts.kept_policies import excess
from seatrial.rules.facts.passing import PASSING, unbounded
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.statements import Statement
from seatrial.rules.facts.types import ATTACHMENTS
from seatrial.rules.facts.values import at, text, texts
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_BOUNDS = ("iam:PermissionsBoundary", "iam:PolicyARN")
"""Condition keys that say what somebody gives others at most."""

_EVERY = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:(secret:|parameter/|role/|key/|snapshot/)?[*?/:]+")
"""Everything of the kinds that are exposed."""


def _examine(view: View) -> Iterator[Observation]:
    for policy in of_kind(view, Kind.IDENTITY):
        fault = unreadable(policy)
        if fault:
            yield fault
    # What is attached to several roles is found once.
    found = {(each.urn, each.path): each for policies in _held(view) for each in _identity(policies)}
    yield from found.values()
    for attachment in view.of_type(*ATTACHMENTS):
        yield from _kept(attachment, "policyArn", text(at(attachment, "policyArn")))
    for role in view.roles.every:
        for index, arn in enumerate(texts(at(role, "managedPolicyArns"))):
            yield from _kept(role, f"managedPolicyArns[{index}]", arn)


def _kept(resource: Resource, path: str, arn: str) -> Iterator[Observation]:
    """Judge a policy that AWS keeps, by what is known of it."""
    goals = excess(arn).goals
    if goals:
        yield broken(resource, path, f"{arn.rpartition('/')[2]}: may {', '.join(goals)}")


def _held(view: View) -> Iterator[tuple[Policy, ...]]:
    """Give what somebody has together: all that a role has, and each policy that no role of the plan has."""
    together = [view.roles.documents_of(role) for role in view.roles.every]
    yield from filter(None, together)
    held = {id(policy) for policies in together for policy in policies}
    yield from ((policy,) for policy in of_kind(view, Kind.IDENTITY) if id(policy) not in held)


def _identity(policies: tuple[Policy, ...]) -> Iterator[Observation]:
    faults = [*_escalations(policies), *_exposures(policies)]
    for policy, path, found in faults:
        yield broken(policy.resource, path, found)
    if not faults:
        yield met(policies[0].resource, policies[0].path, "no way to more than it says")


def _escalations(policies: tuple[Policy, ...]) -> Iterator[tuple[Policy, str, str]]:
    for goal, ways in ESCALATIONS.items():
        for way in ways:
            found = {action: _allowing(policies, action) for action in sorted(way)}
            if all(found.values()):
                policy, index = next(filter(None, reversed(found.values())))
                yield policy, place(policy, index, f"Action[{'+'.join(found)}]"), f"{' and '.join(found)}: may {goal}"


def _allowing(policies: tuple[Policy, ...], action: str) -> tuple[Policy, int] | None:
    if _is_denied(policies, action):
        return None
    for policy in policies:
        for index, statement in allowing(policy):
            if statement.allows(action) and not _is_bounded(statement, action):
                return policy, index
    return None


def _is_denied(policies: tuple[Policy, ...], action: str) -> bool:
    return any(statement.denies(action) for policy in policies for statement in policy.statements)


def _is_bounded(statement: Statement, action: str) -> bool:
    """Tell whether a statement gives away named roles only, or what a boundary or a list of policies bounds."""
    if action == PASSING:
        return not unbounded(statement)
    return any(statement.pinned(("ArnEquals", "StringEquals"), key) for key in _BOUNDS)


def _exposures(policies: tuple[Policy, ...]) -> Iterator[tuple[Policy, str, str]]:
    for policy in policies:
        for index, statement in allowing(policy):
            for goal, action in _exposed(statement).items():
                if not _is_denied(policies, action):
                    path = place(policy, index, f"Resource[{action}]")
                    yield policy, path, f"{action} of everything: may {goal}"


def _exposed(statement: Statement) -> Mapping[str, str]:
    if statement.conditions or not (statement.is_of_everything or any(map(_EVERY.fullmatch, statement.resources))):
        return {}
    return {
        goal: action for goal, actions in EXPOSURES.items() for action in sorted(actions) if statement.allows(action)
    }


RULE = Rule(
    id="IAM-07",
    severity=Severity.CRITICAL,
    title="No policy leads to more than it says, or to everything there is to read",
    needs="a policy",
    why="An action that changes policies, passes roles or runs code elsewhere is worth all of the account.",
    allowed="no set of actions that escalates; secrets, objects, keys and roles by name or under a condition",
    remedy="take the action out of the policy that the program adds, or name what it is for; the platform's have none",
    sources=(
        *cited(Framework.CHECKOV, "CKV_AWS_107", "CKV_AWS_108", "CKV_AWS_109", "CKV_AWS_110"),
        *cited(Framework.CHECKOV, "CKV_AWS_286", "CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289"),
        *cited(Framework.PROWLER, "iam_inline_policy_allows_privilege_escalation"),
    ),
    examine=_examine,
)
