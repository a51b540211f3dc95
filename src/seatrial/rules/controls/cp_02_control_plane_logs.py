"""CP-02: the control plane logs everything that it can."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER
from seatrial.rules.facts.values import texts
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_TYPES = frozenset({"api", "audit", "authenticator", "controllerManager", "scheduler"})


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        yield judged(
            cluster, "enabledClusterLogTypes", lambda value: _TYPES.symmetric_difference(texts(value)) == frozenset()
        )


RULE = Rule(
    id="CP-02",
    severity=Severity.HIGH,
    title="All five types of control-plane log are on",
    needs="a cluster",
    why="Who did what in the cluster can't be found out later from logs that were never written.",
    allowed="api, audit, authenticator, controllerManager and scheduler",
    remedy="the platform turns all five on whatever the description says: `LOG_TYPES` of the cluster component",
    sources=(
        *cited(Framework.CIS_EKS, "2.1.1"),
        *cited(Framework.FSBP, "EKS.8"),
        *cited(Framework.PCI, "10.2.1"),
        *cited(Framework.NSA, "C-0067"),
        *cited(Framework.CHECKOV, "CKV_AWS_37"),
        *cited(Framework.TRIVY, "AWS-0038"),
    ),
    examine=_examine,
)
