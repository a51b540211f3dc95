"""IAM-07: no policy lets anybody become more than he is, or carry everything away."""

from collections.abc import Iterator, Mapping

from seatrial.plan import Resource
from seatrial.rules.documents import allowing, of_kind, place, unreadable
from seatrial.rules.facts.escalation import ESCALATIONS, EXPOSURES
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.statements import Statement
from seatrial.rules.facts.types import ROLE, ROLE_POLICY
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    held: dict[str, list[Policy]] = {}
    for policy in of_kind(view, Kind.IDENTITY):
        fault = unreadable(policy)
        if fault:
            yield fault
        else:
            held.setdefault(_holder(view, policy.resource), []).append(policy)
    for policies in held.values():
        yield from _identity(policies)


def _holder(view: View, resource: Resource) -> str:
    """Return who has a policy: a role has all of its inline policies together."""
    if resource.type != ROLE_POLICY:
        return resource.urn
    role = view.references.of(resource, "role", ROLE).one
    return role.urn if role else resource.urn


def _identity(policies: list[Policy]) -> Iterator[Observation]:
    faults = [*_escalations(policies), *_exposures(policies)]
    for policy, path, found in faults:
        yield broken(policy.resource, path, found)
    if not faults:
        yield met(policies[0].resource, policies[0].path, "no way to more than it says")


def _escalations(policies: list[Policy]) -> Iterator[tuple[Policy, str, str]]:
    for goal, ways in ESCALATIONS.items():
        for way in ways:
            found = {action: _allowing(policies, action) for action in sorted(way)}
            if all(found.values()):
                policy, index = next(filter(None, reversed(found.values())))
                yield policy, place(policy, index, f"Action[{'+'.join(found)}]"), f"{' and '.join(found)}: may {goal}"


def _allowing(policies: list[Policy], action: str) -> tuple[Policy, int] | None:
    for policy in policies:
        for index, statement in allowing(policy):
            if statement.allows(action):
                return policy, index
    return None


def _exposures(policies: list[Policy]) -> Iterator[tuple[Policy, str, str]]:
    for policy in policies:
        for index, statement in allowing(policy):
            for goal, action in _exposed(statement).items():
                yield policy, place(policy, index, f"Resource[{action}]"), f"{action} of everything: may {goal}"


def _exposed(statement: Statement) -> Mapping[str, str]:
    if statement.conditions or "*" not in statement.resources:
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
