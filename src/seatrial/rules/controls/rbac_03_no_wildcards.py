"""RBAC-03: roles name verbs, resources and API groups."""

from collections.abc import Iterator

from seatrial.rules.facts.kinds import CLUSTER_ROLE, ROLE
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.values import at, entries, is_unknown, texts
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_PARTS = ("verbs", "resources", "apiGroups", "nonResourceURLs")


def _examine(view: View) -> Iterator[Observation]:
    for role in view.objects.of_kind(ROLE, CLUSTER_ROLE):
        yield from _role(role)


def _role(role: Object) -> Iterator[Observation]:
    if is_unknown(at(role.resource, "rules")):
        yield unknown(role.resource, "rules")
        return
    wide = [
        (f"{path}.{part}", ", ".join(texts(rule.get(part))))
        for path, rule in entries(role.resource, "rules")
        for part in _PARTS
        if any(each == "*" or each.startswith("*/") for each in texts(rule.get(part)))
    ]
    for path, found in wide:
        yield broken(role.resource, path, found)
    if not wide:
        yield met(role.resource, "rules", "everything is named")


RULE = Rule(
    id="RBAC-03",
    severity=Severity.HIGH,
    title="Roles name what they allow",
    needs="a role of the cluster",
    why="An asterisk takes in what nobody thought of: subresources, escalation, and every kind that is added later.",
    allowed="verbs, resources and API groups by name",
    remedy="name them in the role that the program adds; the roles of `tenants` do",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.3"),
        *cited(Framework.CHECKOV, "CKV_K8S_49"),
        *cited(Framework.TRIVY, "KSV-0044", "KSV-0045", "KSV-0046"),
    ),
    examine=_examine,
)
