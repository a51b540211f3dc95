"""NET-12: load balancers find the subnets that are meant for them, and the one security group of the nodes."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.types import SECURITY_GROUP, SUBNET
from seatrial.rules.facts.values import at, is_unknown, properties
from seatrial.rules.facts.zones import zone
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_PUBLIC = "kubernetes.io/role/elb"
_PRIVATE = "kubernetes.io/role/internal-elb"
_VALUES = frozenset({"1", ""})
_CLUSTER = "kubernetes.io/cluster/"


def _examine(view: View) -> Iterator[Observation]:
    for subnet in view.of_type(SUBNET):
        yield _subnet(view, subnet)
    for group in view.of_type(SECURITY_GROUP):
        for tag in properties(at(group, "tags")):
            if tag.startswith(_CLUSTER):
                yield broken(group, "tags", tag, allowed="no such tag: EKS's own group has it, and one only may")


def _subnet(view: View, subnet: Resource) -> Observation:
    if view.routing.is_unknown(subnet) or is_unknown(at(subnet, "tags")):
        return unknown(subnet, "tags")
    expected, other = (_PUBLIC, _PRIVATE) if view.routing.is_public(subnet) else (_PRIVATE, _PUBLIC)
    tags = properties(at(subnet, "tags"))
    found = ", ".join(tag for tag in (_PUBLIC, _PRIVATE) if tag in tags) or "no role tag"
    has_tag = tags.get(expected) in _VALUES or (expected not in tags and _has_other(view, subnet, expected))
    is_met = has_tag and other not in tags
    return weighed(subnet, "tags", is_met=is_met, found=found, allowed=f"{expected} = 1, and not {other}")


def _has_other(view: View, subnet: Resource, tag: str) -> bool:
    """Tell whether another subnet of its kind takes the balancers of its zone: databases, say, need none."""
    return any(
        properties(at(each, "tags")).get(tag) in _VALUES
        and zone(each) == zone(subnet)
        and at(each, "vpcId") == at(subnet, "vpcId")
        and view.routing.is_public(each) is view.routing.is_public(subnet)
        for each in view.of_type(SUBNET)
    )


RULE = Rule(
    id="NET-12",
    severity=Severity.MEDIUM,
    title="Subnets are tagged for the load balancers that belong there",
    needs="a subnet",
    why=(
        "A load balancer that finds a public subnet under the internal tag is on the internet; one that finds two "
        "security groups tagged for the cluster registers no target."
    ),
    allowed=(
        f"{_PUBLIC} on a public subnet of every zone, {_PRIVATE} on a private one; no second security group of the "
        "cluster"
    ),
    remedy="the platform tags its subnets; correct the subnet, route or security group that the program adds",
    sources=(
        *cited(Framework.AWS, "Route application and HTTP traffic with Application Load Balancers"),
        *cited(Framework.ISSUE, "terraform-aws-modules/terraform-aws-eks#1986"),
    ),
    examine=_examine,
)
