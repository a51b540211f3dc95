"""NODE-03: nobody logs in to a node by SSH."""

from collections.abc import Iterator

from seatrial.rules.facts.types import LAUNCH_TEMPLATE, NODE_GROUP
from seatrial.rules.facts.values import items, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for group in view.of_type(NODE_GROUP):
        restricted = "nothing, or sourceSecurityGroupIds"
        yield judged(
            group,
            "remoteAccess",
            lambda value: value is None or bool(items(within(value, "sourceSecurityGroupIds"))),
            restricted,
        )
    for template in view.of_type(LAUNCH_TEMPLATE):
        yield judged(template, "keyName", lambda value: not value, "nothing")


RULE = Rule(
    id="NODE-03",
    severity=Severity.HIGH,
    title="Nodes have no SSH",
    needs="a node group or a launch template",
    why="EKS opens port 22 to the world for remote access without a source; keys are shared and never expire.",
    allowed="no remote access, or from named security groups; no key pair",
    remedy="use Session Manager, which the nodes' role allows: `aws ssm start-session`",
    sources=(
        *cited(Framework.CHECKOV, "CKV_AWS_100"),
        *cited(Framework.PRACTICES, "Protecting the infrastructure (hosts)"),
    ),
    examine=_examine,
)
