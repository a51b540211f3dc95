"""NODE-01: the metadata service asks for tokens and answers the node alone."""

from collections.abc import Iterator

from seatrial.rules.facts import node_classes
from seatrial.rules.facts.types import LAUNCH_TEMPLATE
from seatrial.rules.facts.values import number
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.node_templates import without_template
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    yield from without_template(view, "EKS's own launch template, whose hop limit is 2")
    for template in view.of_type(LAUNCH_TEMPLATE):
        yield judged(template, "metadataOptions.httpTokens", lambda value: value == "required", "required")
        yield judged(template, "metadataOptions.httpPutResponseHopLimit", lambda value: number(value) == 1, "1")
    # Karpenter asks for tokens, and for one hop, where a class says nothing.
    for each in node_classes.classes(view.objects):
        options = "spec.metadataOptions"
        yield judged(each, f"{options}.httpTokens", lambda value: value in (None, "required"), "required")
        yield judged(each, f"{options}.httpPutResponseHopLimit", lambda value: value is None or number(value) == 1, "1")


RULE = Rule(
    id="NODE-01",
    severity=Severity.CRITICAL,
    title="The metadata service requires tokens and doesn't answer pods",
    needs="a node group, a launch template or a class of nodes",
    why="A pod that reaches the metadata service acts as the node; without tokens a forged request does too.",
    allowed="tokens required, hop limit 1",
    remedy="the platform sets both; use roles of service accounts, and a waiver with a reason for a pod that can't",
    sources=(
        *cited(Framework.FSBP, "EC2.8", "EC2.170"),
        *cited(Framework.MITRE, "C-0052"),
        *cited(Framework.CHECKOV, "CKV_AWS_79", "CKV_AWS_341"),
        *cited(Framework.TRIVY, "AWS-0130"),
        *cited(Framework.HARDENEKS, "check_access_to_instance_profile"),
        *cited(Framework.PRACTICES, "Identity and Access Management: restrict access to the instance profile"),
    ),
    examine=_examine,
)
