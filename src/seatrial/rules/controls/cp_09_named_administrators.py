"""CP-09: cluster administrators are those that the description names."""

from collections.abc import Iterator, Mapping

from seatrial.plan import Resource
from seatrial.rules.facts.types import ACCESS_ENTRY, ACCESS_POLICY, CLUSTER, CLUSTER_COMPONENT
from seatrial.rules.facts.values import at, properties, seen, text, texts
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import UNTOLD, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_ADMIN = "AmazonEKSClusterAdminPolicy"


def _examine(view: View) -> Iterator[Observation]:
    named = _named(view)
    for association in view.of_type(ACCESS_POLICY):
        yield from _association(association, named)
    for entry in view.of_type(ACCESS_ENTRY):
        groups = texts(at(entry, "kubernetesGroups"))
        if "system:masters" in groups:
            yield weighed(entry, "kubernetesGroups", is_met=False, found="system:masters")
    for cluster in view.of_type(CLUSTER):
        yield weighed(cluster, "", is_met=True, found=f"named administrators: {', '.join(sorted(named)) or 'none'}")


def _association(association: Resource, named: Mapping[str, str]) -> Iterator[Observation]:
    policy = at(association, "policyArn")
    if not text(policy):
        yield unknown(association, "policyArn", f"which policy is {UNTOLD}")
    elif text(policy).endswith(f"/{_ADMIN}"):
        principal = text(at(association, "principalArn"))
        if not principal:
            yield unknown(association, "principalArn")
        else:
            is_named = principal in named.values()
            yield weighed(association, "principalArn", is_met=is_named, found=seen(association, "principalArn"))


def _named(view: View) -> Mapping[str, str]:
    """Return the administrators of the description, which the cluster component takes as they are."""
    return {
        name: text(principal)
        for component in view.of_type(CLUSTER_COMPONENT)
        for name, principal in properties(at(component, "admins")).items()
    }


RULE = Rule(
    id="CP-09",
    severity=Severity.CRITICAL,
    title="Only named principals administer the cluster",
    needs="a cluster",
    why="An administrator that no list names is one that nobody reviews, and nobody removes.",
    allowed=f"{_ADMIN} for the principals of `cluster.admins`, nobody in system:masters",
    remedy="name the principal in `cluster.admins`, or take the association out of the program",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.1"),
        *cited(Framework.PRACTICES, "Identity and Access Management: cluster access management"),
    ),
    examine=_examine,
)
