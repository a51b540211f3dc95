"""RBAC-02: nobody reads all secrets, of the cluster or of a namespace."""

from collections.abc import Iterator

from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.powers import requests, withheld
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_POWERS = requests("get list watch", "secrets")


def _examine(view: View) -> Iterator[Observation]:
    yield from withheld(view, _POWERS)


RULE = Rule(
    id="RBAC-02",
    severity=Severity.HIGH,
    title="Nobody reads all secrets",
    needs="a binding of a role, or an access policy",
    why="Who reads every secret has every token and password, and with them what their owners may do; list shows all.",
    allowed="get of secrets by resourceNames; all of them for administrators only",
    remedy="take secrets out of the role, or name the one that is needed in resourceNames; tenants' roles have none",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.2"),
        *cited(Framework.CHECKOV, "CKV2_K8S_5"),
        *cited(Framework.TRIVY, "KSV-0041", "KSV-0113"),
        *cited(Framework.RBAC_POLICE, "list_secrets"),
    ),
    examine=_examine,
)
