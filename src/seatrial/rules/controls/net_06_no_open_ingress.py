"""NET-06: nobody on the internet gets through a security group, and every rule says what it is for."""

from collections.abc import Iterator

from seatrial.rules.facts.firewall import Opening
from seatrial.rules.facts.kinds import INGRESS, SERVICE
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.types import DEFAULT_SECURITY_GROUP
from seatrial.rules.facts.values import at, properties, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
_ANNOTATIONS = (
    "alb.ingress.kubernetes.io/security-groups",
    "service.beta.kubernetes.io/aws-load-balancer-security-groups",
)
_HTTPS = 443


def _examine(view: View) -> Iterator[Observation]:
    balancers = view.of_type(*_BALANCERS)
    public = {group for each in balancers for group in view.firewall.keys(each, "securityGroups")}
    public |= {view.firewall.named(word) for found in view.objects.of_kind(INGRESS, SERVICE) for word in _said(found)}
    for group in view.firewall.groups:
        yield met(group, "", "looked at")
    for opening in view.firewall.openings:
        if opening.is_ingress:
            yield _reach(opening, is_balancer=opening.group in public)
        if opening.resource.type != DEFAULT_SECURITY_GROUP and not opening.description:
            yield broken(opening.resource, _at(opening, "description"), f"{opening}, undescribed", allowed="a reason")


def _said(found: Object) -> list[str]:
    """Return the groups that the load balancer of an Ingress or Service is to have, as its annotations name them."""
    annotations = properties(at(found.resource, "metadata.annotations"))
    return [word.strip() for key in _ANNOTATIONS for word in text(annotations.get(key)).split(",") if word.strip()]


def _reach(opening: Opening, *, is_balancer: bool) -> Observation:
    path = _at(opening, "cidrBlocks") if opening.path else ""
    if opening.is_unknown:
        return unknown(opening.resource, path)
    is_https = (opening.protocol, opening.first, opening.last) == ("tcp", _HTTPS, _HTTPS)
    if not opening.world or (is_balancer and is_https):
        return met(opening.resource, path, str(opening))
    return broken(opening.resource, path, str(opening))


def _at(opening: Opening, key: str) -> str:
    return f"{opening.path}.{key}".removeprefix(".")


RULE = Rule(
    id="NET-06",
    severity=Severity.CRITICAL,
    title="No security group lets the internet in, and every rule is described",
    needs="a security group",
    why="Ports that are open to the world are found within minutes; rules that nobody can explain are never closed.",
    allowed="named ranges or security groups; the world on 443 of a load balancer alone",
    remedy="limit the rule that the program adds, and give it a description; the platform's own admit the VPC only",
    sources=(
        *cited(Framework.FSBP, "EC2.18", "EC2.19"),
        *cited(Framework.CHECKOV, "CKV_AWS_23", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277"),
        *cited(Framework.TRIVY, "AWS-0099", "AWS-0107", "AWS-0124"),
    ),
    examine=_examine,
)
