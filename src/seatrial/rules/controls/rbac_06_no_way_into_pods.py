"""RBAC-06: nobody gets into running pods, or past the API server to kubelets."""

from collections.abc import Iterator

from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.powers import requests, withheld
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_POWERS = (
    *requests("get create", "nodes/proxy", "pods/exec", "pods/attach", "pods/portforward", "pods/proxy"),
    *requests("update patch", "pods/ephemeralcontainers"),
)


def _examine(view: View) -> Iterator[Observation]:
    yield from withheld(view, _POWERS)


RULE = Rule(
    id="RBAC-06",
    severity=Severity.HIGH,
    title="Nobody gets into running pods, or to kubelets",
    needs="a binding of a role, or an access policy",
    why="A shell in a pod has its credentials and its network; what goes through nodes/proxy is in no audit log.",
    allowed="no nodes/proxy, pods/exec, pods/attach, pods/portforward, pods/proxy, pods/ephemeralcontainers",
    remedy="take them out of the role; administrators of `cluster.admins` have them for emergencies",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.10"),
        *cited(Framework.CHECKOV, "CKV2_K8S_2"),
        *cited(Framework.TRIVY, "KSV-0047", "KSV-0053", "KSV-0054"),
    ),
    examine=_examine,
)
