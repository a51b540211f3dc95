"""NET-07: no security group lets everything out to everywhere."""

from collections.abc import Iterator

from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import met, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for group in view.firewall.groups:
        yield met(group, "", "looked at")
    for opening in view.firewall.openings:
        if opening.is_ingress:
            continue
        if opening.is_unknown:
            yield unknown(opening.resource, opening.path)
        else:
            is_open = opening.is_of_all_ports and bool(opening.world)
            yield weighed(opening.resource, opening.path, is_met=not is_open, found=str(opening))


RULE = Rule(
    id="NET-07",
    severity=Severity.LOW,
    title="No security group of the plan lets everything out",
    needs="a security group",
    why="What an intruder takes leaves by the rule that nobody restricted.",
    allowed="named ports, ranges or prefix lists",
    remedy="name ports and ranges in the rule that the program adds; the group that EKS makes is not in a plan",
    sources=(*cited(Framework.CHECKOV, "CKV_AWS_382"), *cited(Framework.TRIVY, "AWS-0104")),
    examine=_examine,
)
