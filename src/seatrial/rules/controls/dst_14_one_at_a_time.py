"""DST-14: what EKS refuses to change at once goes one after another."""

from collections.abc import Iterator
from itertools import combinations

from seatrial.plan import Resource
from seatrial.rules.facts.order import arrows
from seatrial.rules.facts.types import ACCESS_ENTRY, ACCESS_POLICY, FARGATE_PROFILE, POD_IDENTITY
from seatrial.rules.facts.values import at
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import weighed
from seatrial.rules.precedence import before, cluster_of
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_IDENTITY_CONFIG = "aws:eks/identityProviderConfig:IdentityProviderConfig"
_SERIAL = (FARGATE_PROFILE, _IDENTITY_CONFIG)
"""Of these EKS changes one at a time in a cluster."""


def _examine(view: View) -> Iterator[Observation]:
    for each in view.of_type(ACCESS_ENTRY, ACCESS_POLICY, POD_IDENTITY, *_SERIAL):
        cluster = cluster_of(view, each)
        yield from before(view, each, [cluster] if cluster else [])
    for association in view.of_type(ACCESS_POLICY):
        principal = at(association, "principalArn")
        entries = [each for each in view.of_type(ACCESS_ENTRY) if at(each, "principalArn") == principal]
        yield from before(view, association, entries)
    for type_ in _SERIAL:
        for one, other in combinations(sorted(view.of_type(type_), key=lambda each: each.urn), 2):
            if cluster_of(view, one) == cluster_of(view, other):
                yield _serial(view, one, other)


def _serial(view: View, one: Resource, other: Resource) -> Observation:
    way = view.order.path(one, other) or view.order.path(other, one)
    found = arrows(way) if way else f"{one.name} and {other.name} may be changed at the same time"
    return weighed(one, f"dependsOn.{other.name}", is_met=bool(way), found=found, allowed="one depends on the other")


RULE = Rule(
    id="DST-14",
    severity=Severity.MEDIUM,
    title="What belongs to a cluster goes before it, and one at a time where EKS asks for it",
    needs="an access entry or another part of a cluster",
    why="EKS answers ResourceInUse to the second change, and to the deletion of a cluster that still has parts.",
    allowed="parts depend on the cluster, access policies on their entries, Fargate profiles on one another",
    remedy="give the part that the program adds the cluster's name as an output, and profiles dependsOn the one before",
    sources=cited(Framework.ISSUE, "aws/containers-roadmap#1511", "aws/containers-roadmap#2242"),
    examine=_examine,
)
