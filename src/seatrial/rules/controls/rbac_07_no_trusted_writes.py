"""RBAC-07: nobody writes what the whole cluster trusts: webhooks, certificates, volumes, tokens."""

from collections.abc import Iterator

from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.powers import requests, withheld
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_WRITE = "create update patch"
_POWERS = (
    *requests(
        _WRITE,
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings",
        "mutatingwebhookconfigurations",
        "validatingwebhookconfigurations",
        group="admissionregistration.k8s.io",
    ),
    *requests("update patch", "certificatesigningrequests/approval", group="certificates.k8s.io"),
    *requests(_WRITE, "persistentvolumes", "serviceaccounts/token"),
)


def _examine(view: View) -> Iterator[Observation]:
    yield from withheld(view, _POWERS)


RULE = Rule(
    id="RBAC-07",
    severity=Severity.CRITICAL,
    title="Nobody writes webhooks, approves certificates, makes volumes or issues tokens",
    needs="a binding of a role, or an access policy",
    why="Each is a way to be somebody else: read every object that passes, sign a name, mount a node's disk, be a pod.",
    allowed="none of these powers",
    remedy="take them out of the role; the charts of the platform bring the roles that need them along",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.9", "4.1.11", "4.1.12"),
        *cited(Framework.CHECKOV, "CKV_K8S_155", "CKV_K8S_156"),
        *cited(Framework.TRIVY, "KSV-0114"),
        *cited(Framework.RBAC_POLICE, "token_request"),
    ),
    examine=_examine,
)
