"""RBAC-05: nobody gives himself or others more than he has, or acts as somebody else."""

from collections.abc import Iterator

from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.powers import given, judged, requests, unjudged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_RBAC = "rbac.authorization.k8s.io"
_WRITING = requests("create update patch", "clusterroles", "clusterrolebindings", group=_RBAC)
_BECOMING = (
    *requests("bind escalate", "roles", "clusterroles", group=_RBAC),
    *requests("impersonate", "users", "groups", "serviceaccounts"),
    *requests("impersonate", "userextras", "uids", group="authentication.k8s.io"),
)


def _examine(view: View) -> Iterator[Observation]:
    for grant in given(view):
        # A name makes none of these harmless: to bind or to be cluster-admin one name is enough.
        found = (*grant.allowed(_BECOMING, named=True), *grant.allowed(_WRITING))
        yield unjudged(grant) or judged(grant, found)


RULE = Rule(
    id="RBAC-05",
    severity=Severity.CRITICAL,
    title="Nobody binds, escalates or impersonates",
    needs="a binding of a role, or an access policy",
    why="bind and escalate lift the check that nobody gives more than he has; impersonate makes him anybody.",
    allowed="no bind, escalate or impersonate, no writing of cluster roles and their bindings",
    remedy="take the verbs out of the role; Kubernetes' own edit and admin impersonate service accounts: bind others",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.8"),
        *cited(Framework.CHECKOV, "CKV_K8S_157", "CKV_K8S_158", "CKV2_K8S_1", "CKV2_K8S_3"),
        *cited(Framework.TRIVY, "KSV-0043", "KSV-0050", "KSV-0051", "KSV-0052"),
    ),
    examine=_examine,
)
