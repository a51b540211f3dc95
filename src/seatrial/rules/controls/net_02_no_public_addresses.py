"""NET-02: nothing gets a public address by itself."""

from collections.abc import Iterator

from seatrial.rules.facts import node_classes
from seatrial.rules.facts.types import LAUNCH_TEMPLATE, SUBNET
from seatrial.rules.facts.values import entries, is_true
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for subnet in view.of_type(SUBNET):
        yield judged(subnet, "mapPublicIpOnLaunch", lambda value: not is_true(value))
    for template in view.of_type(LAUNCH_TEMPLATE):
        for path, _ in entries(template, "networkInterfaces"):
            yield judged(template, f"{path}.associatePublicIpAddress", lambda value: not is_true(value))
    for each in node_classes.classes(view.objects):
        yield judged(each, "spec.associatePublicIPAddress", lambda value: not is_true(value))


RULE = Rule(
    id="NET-02",
    severity=Severity.HIGH,
    title="No subnet and no launch template assigns public addresses",
    needs="a subnet",
    why="One wrong route later, every node with a public address is on the internet.",
    allowed="false, which is the default",
    remedy="the platform assigns none; take the setting out of the subnet or launch template that the program adds",
    sources=(
        *cited(Framework.FSBP, "EC2.15", "EC2.25"),
        *cited(Framework.CHECKOV, "CKV_AWS_88", "CKV_AWS_130"),
        *cited(Framework.TRIVY, "AWS-0009", "AWS-0164"),
    ),
    examine=_examine,
)
