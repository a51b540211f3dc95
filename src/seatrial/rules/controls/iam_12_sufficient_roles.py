"""IAM-12: the roles of controllers allow what these call, all of it and nothing else."""

from collections.abc import Iterator

from seatrial.plan import Resource
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
    policies = view.roles.documents_of(role)
    if any(policy.is_unknown or policy.fault for policy in policies):
        yield unknown(role, "policies")
        return
    actions = {action for policy in policies for each in policy.statements if each.is_allow for action in each.actions}
    denied = [each for policy in policies for each in policy.statements]
    missing = sorted(
        action
        for action in recorded.needed
        if not covers(actions, action) or any(each.denies(action) for each in denied)
    )
    known = recorded.needed | recorded.optional
    surplus = sorted(action for action in actions if "*" in action or not covers(known, action))
    surplus += [f"what {arn.rpartition('/')[2]} allows" for arn in _kept(view, role)]
    for path, what, found in (("policies.missing", "lacks", missing), ("policies.surplus", "has too", surplus)):
        if found:
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            yield broken(role, path, f"{account} {what} {', '.join(found[:_SHOWN])}{more}")
    if not missing and not surplus:
        yield met(role, "policies", f"{account}: {len(actions)} actions, by {recorded.source}")


def _kept(view: View, role: Resource) -> list[str]:
    """Return the policies that a role has and the plan hasn't."""
    holders = [(each, "policyArn") for each in view.roles.of_role(role)] + [(role, "managedPolicyArns")]
    return sorted(arn for each, path in holders for arn in view.references.of(each, path, POLICY).strangers)


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
