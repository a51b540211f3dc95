"""RBAC-09: nobody writes the status of Services and nodes."""

from collections.abc import Iterator

from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.powers import requests, withheld
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_POWERS = requests("update patch", "services/status", "nodes/status", "nodes")


def _examine(view: View) -> Iterator[Observation]:
    yield from withheld(view, _POWERS)


RULE = Rule(
    id="RBAC-09",
    severity=Severity.HIGH,
    title="Nobody writes the status of Services, or nodes",
    needs="a binding of a role, or an access policy",
    why="A Service whose status names an address of others gets their traffic (CVE-2020-8554); a node's, their pods.",
    allowed="no update or patch of services/status, nodes/status and nodes",
    remedy="take them out of the role; only controllers write them, with the roles of their charts",
    sources=(
        *cited(Framework.CHECKOV, "CKV2_K8S_4"),
        *cited(Framework.ISSUE, "kubernetes/kubernetes#97076"),
    ),
    examine=_examine,
)
