"""NET-05: the default security group lets nothing through."""

from collections.abc import Iterator

from seatrial.rules.facts.types import DEFAULT_SECURITY_GROUP, VPC
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    groups = view.of_type(DEFAULT_SECURITY_GROUP)
    emptied = [(group, view.references.of(group, "vpcId", VPC)) for group in groups]
    for vpc in view.of_type(VPC):
        if not any(vpc in referred.resources for _, referred in emptied):
            is_loose = any(referred.is_unknown for _, referred in emptied)
            yield unknown(vpc, "") if is_loose else broken(vpc, "", "its default security group is as AWS made it")
    for group in groups:
        yield judged(group, "ingress", lambda value: not value, "no rule")
        yield judged(group, "egress", lambda value: not value, "no rule")
        for opening in view.firewall.openings:
            if opening.group == group.urn and not opening.path:
                yield broken(opening.resource, "", f"{opening} on the default security group", allowed="no rule")
    for opening in view.firewall.openings:
        if not opening.group:
            yield unknown(opening.resource, "", "a rule of a group that only a deployment can tell")


RULE = Rule(
    id="NET-05",
    severity=Severity.MEDIUM,
    title="The default security group is empty",
    needs="a VPC",
    why="What is started without a security group gets this one, whose members AWS lets talk to each other and out.",
    allowed="a default security group of the plan, without rules",
    remedy="the platform empties it; take away the rules that the program adds",
    sources=(
        *cited(Framework.FSBP, "EC2.2"),
        *cited(Framework.CHECKOV, "CKV2_AWS_12"),
        *cited(Framework.TRIVY, "AWS-0173"),
    ),
    examine=_examine,
)
