"""CP-08: access to the cluster is by access entries, and nobody becomes administrator by creating it."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER, CONFIG_MAP
from seatrial.rules.facts.values import at
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        yield judged(cluster, "accessConfig.authenticationMode", lambda value: value == "API", "API")
        creator = "accessConfig.bootstrapClusterCreatorAdminPermissions"
        yield judged(cluster, creator, lambda value: value is False, "false; EKS's default is true")
    for config in view.of_type(CONFIG_MAP):
        if at(config, "metadata.name") == "aws-auth":
            yield broken(config, "metadata.name", '"aws-auth"', allowed="no such ConfigMap")


RULE = Rule(
    id="CP-08",
    severity=Severity.HIGH,
    title="Access is by access entries, and the creator is no administrator",
    needs="a cluster",
    why=(
        "Who may write the ConfigMap aws-auth makes himself administrator, unseen by IAM; and whoever happened to "
        "create the cluster stays administrator for ever, in no list."
    ),
    allowed="authentication mode API, no creator admin, no ConfigMap aws-auth",
    remedy="name administrators in `cluster.admins`; mode and creator are the platform's own",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.7", "5.5.1"),
        *cited(Framework.TRIVY, "KSV-0115"),
        *cited(Framework.PRACTICES, "Identity and Access Management: cluster access management"),
    ),
    examine=_examine,
)
