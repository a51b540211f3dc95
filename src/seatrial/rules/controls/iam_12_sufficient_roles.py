"""IAM-12: the roles of controllers allow what these call, all of it and nothing else."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.recorded_calls import RECORDED, Recorded
from seatrial.rules.facts.statements import covers
from seatrial.rules.facts.types import POLICY
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_SHOWN = 5


def _examine(view: View) -> Iterator[Observation]:
    for account, recorded in RECORDED.items():
        for role in view.roles.taken_by(account):
            yield from _role(view, role, account, recorded)


def _role(view: View, role: Resource, account: str, recorded: Recorded) -> Iterator[Observation]:
    policies = list(_policies(view, role))
    if any(policy.is_unknown or policy.fault for policy in policies):
        yield unknown(role, "policies")
        return
    actions = {action for policy in policies for each in policy.statements if each.is_allow for action in each.actions}
    missing = sorted(action for action in recorded.needed if not covers(actions, action))
    known = recorded.needed | recorded.optional
    surplus = sorted(action for action in actions if "*" in action or not covers(known, action))
    for path, what, found in (("policies.missing", "lacks", missing), ("policies.surplus", "has too", surplus)):
        if found:
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            yield broken(role, path, f"{account} {what} {', '.join(found[:_SHOWN])}{more}")
    if not missing and not surplus:
        yield met(role, "policies", f"{account}: {len(actions)} actions, by {recorded.source}")


def _policies(view: View, role: Resource) -> Iterator[Policy]:
    """Give the documents that a role has: its own, and those of policies of the plan that are attached to it."""
    holders = {role.urn, *(each.urn for each in view.roles.of_role(role))}
    for attachment in view.roles.of_role(role):
        holders |= {each.urn for each in view.references.of(attachment, "policyArn", POLICY).resources}
    return (each for each in view.policies if each.kind is Kind.IDENTITY and each.resource.urn in holders)


RULE = Rule(
    id="IAM-12",
    severity=Severity.HIGH,
    title="Controllers may do what they do, and nothing else",
    needs="a role of the load balancer controller or the cluster autoscaler",
    why="A call that is refused shows when it is needed: on the day a load balancer has to go, or nodes have to come.",
    allowed="every action that the maker's policy has, and no other",
    remedy="add the action to the policy, or take it out, as its maker's newest policy has it",
    sources=(
        *cited(Framework.AWS, "Install AWS Load Balancer Controller with Helm"),
        *cited(Framework.PRACTICES, "Cluster Autoscaler: employ least privileged access to the IAM role"),
    ),
    examine=_examine,
)
