"""NP-06: the network plugin enforces every policy as it reads."""

from collections.abc import Iterator

from seatrial.rules.facts.isolation import ANY_POD
from seatrial.rules.facts.kinds import NETWORK_POLICY
from seatrial.rules.facts.types import FARGATE_PROFILE
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics.eks_enforcement import Finding

_ELSEWHERE = frozenset({"dns", "node-address"})
"""What NP-03 judges, and what no policy can change."""


def _examine(view: View) -> Iterator[Observation]:
    titles = {each.title: each for each in view.objects.every}
    found = [(titles.get(_title(each)), each) for each in view.isolation.enforced_otherwise if _is_ours(each)]
    told = [(holder.resource, each) for holder, each in found if holder]
    for resource, each in told:
        yield broken(resource, f"enforcement.{each.id}", each.message)
    faulty = {resource.urn for resource, _ in told}
    policies = view.objects.of_kind(NETWORK_POLICY)
    for policy in policies:
        if view.isolation.misread:
            yield unknown(policy.resource, "", view.isolation.misread)
        elif policy.resource.urn not in faulty:
            yield met(policy.resource, "", f"{policy.title} is enforced as it reads")
    for profile in view.of_type(FARGATE_PROFILE) if policies else ():
        yield broken(profile, "selectors", "pods on Fargate, on which no policy is enforced")


def _is_ours(found: Finding) -> bool:
    return found.id not in _ELSEWHERE and ANY_POD not in found.subject


def _title(found: Finding) -> str:
    """Return the title of the object that a finding is about: ``Kind namespace/name``, or ``namespace/name[Kind]``."""
    if " " in found.subject:
        return found.subject.replace(" ", "/", 1)
    name, _, kind = found.subject.removesuffix("]").partition("[")
    return f"{kind}/{name}"


RULE = Rule(
    id="NP-06",
    severity=Severity.MEDIUM,
    title="The network plugin enforces every policy as it reads",
    needs="a network policy",
    why="Kubernetes takes policies that Amazon's plugin leaves aside: they look like protection and are none.",
    allowed=(
        "no bare pods, no pods on Fargate or in their node's network among those meant, 24 ports a selector at most, "
        "Services that keep their container's port"
    ),
    remedy="change the policy, the Service or the pod that the finding names, as it says",
    sources=cited(Framework.AWS, "Limit Pod traffic with Kubernetes network policies"),
    examine=_examine,
)
