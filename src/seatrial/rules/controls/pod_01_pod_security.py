"""POD-01: no pod is more than the Pod Security level of its namespace allows."""

from collections.abc import Iterator

from seatrial.errors import ConfigError, UsageError
from seatrial.rules.exemptions import exempt
from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.pods import Template
from seatrial.rules.facts.values import at, is_unknown, properties, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics import pod_security

_ENFORCE = "pod-security.kubernetes.io/enforce"
_STRICTEST = "restricted"
"""What is asked where the plan doesn't have the namespace: our own pods can do it."""


def _examine(view: View) -> Iterator[Observation]:
    for template in view.pods:
        yield _template(view, template)


def _template(view: View, template: Template) -> Observation:
    resource, path = template.resource, template.place("spec")
    reason = exempt(template)
    if reason:
        return met(resource, path, f"privileged: {reason}")
    level, version = _level(view, template.object.namespace)
    try:
        violations = pod_security.violations(manifest(template.object), level, version)
    except UsageError as error:
        return broken(resource, path, str(error))
    except ConfigError as error:
        return unknown(resource, path, "; ".join(f"{each.path} is {each.found}" for each in error.faults))
    if not violations:
        return met(resource, path, f"{level} by {version}")
    found = f"{level} by {version} refuses it: {'; '.join(each.message for each in violations)}"
    if is_unknown(template.spec):
        return unknown(resource, path, found)
    return broken(resource, path, found, allowed=f"what {level} allows")


def _level(view: View, namespace: str) -> tuple[str, str]:
    found = view.objects.find(NAMESPACE, namespace)
    labels = properties(at(found.resource, "metadata.labels") if found else None)
    version = text(labels.get(f"{_ENFORCE}-version")) or pod_security.LATEST
    return text(labels.get(_ENFORCE)) or _STRICTEST, version


RULE = Rule(
    id="POD-01",
    severity=Severity.HIGH,
    title="Every pod is within the Pod Security level of its namespace",
    needs="a pod or a workload",
    why=(
        "Admission refuses the pod of a Deployment, not the Deployment: it deploys well and never runs. Where "
        "nothing enforces a level, a pod that asks for the host has the node and with it its neighbours."
    ),
    allowed="restricted, or the level that the namespace enforces",
    remedy="give the pod the security context that the level asks for, or the namespace `podSecurity: baseline`",
    sources=(
        *cited(Framework.CIS_EKS, "4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5"),
        *cited(Framework.KUBERNETES, "Pod Security Standards"),
        *cited(
            Framework.CHECKOV,
            *("CKV_K8S_16", "CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19", "CKV_K8S_20", "CKV_K8S_27", "CKV_K8S_39"),
        ),
    ),
    examine=_examine,
)
