"""DST-07: the control plane's log group is deleted after the cluster that writes to it."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER, LOG_GROUP
from seatrial.rules.facts.values import at, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        name = f"/aws/eks/{text(at(cluster, 'name'))}/cluster"
        yield from before(view, cluster, [each for each in view.of_type(LOG_GROUP) if at(each, "name") == name])


RULE = Rule(
    id="DST-07",
    severity=Severity.MEDIUM,
    title="The control plane's log group outlives the cluster",
    needs="a cluster with a log group",
    why="A cluster that outlives it makes the group again, without retention, and the next deployment finds it there.",
    allowed="the cluster depends on the log group",
    remedy="give the cluster dependsOn the log group; the platform does",
    sources=cited(
        Framework.ISSUE,
        "terraform-aws-modules/terraform-aws-eks#920",
        "terraform-aws-modules/terraform-aws-eks#2763",
        "cloudposse/terraform-aws-eks-cluster#67",
    ),
    examine=_examine,
)
