"""POD-11: the API versions of objects are served by the cluster's version of Kubernetes."""

import re
from collections.abc import Iterator, Mapping

from seatrial.rules.facts.types import CLUSTER
from seatrial.rules.facts.values import at, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics.rbac.api_resources import of_kind

_AS_OF = "2026-11-26"
_REMOVED: Mapping[str, int] = {
    "admissionregistration.k8s.io/v1beta1": 22,
    "apiextensions.k8s.io/v1beta1": 22,
    "apiregistration.k8s.io/v1beta1": 22,
    "apps/v1beta1": 16,
    "apps/v1beta2": 16,
    "autoscaling/v2beta1": 25,
    "autoscaling/v2beta2": 26,
    "batch/v1beta1": 25,
    "certificates.k8s.io/v1beta1": 22,
    "coordination.k8s.io/v1beta1": 22,
    "discovery.k8s.io/v1beta1": 25,
    "events.k8s.io/v1beta1": 25,
    "extensions/v1beta1": 22,
    "flowcontrol.apiserver.k8s.io/v1beta1": 26,
    "flowcontrol.apiserver.k8s.io/v1beta2": 29,
    "flowcontrol.apiserver.k8s.io/v1beta3": 32,
    "networking.k8s.io/v1beta1": 22,
    "node.k8s.io/v1beta1": 25,
    "policy/v1beta1": 25,
    "rbac.authorization.k8s.io/v1beta1": 22,
    "scheduling.k8s.io/v1beta1": 22,
    "storage.k8s.io/v1beta1": 27,
}
"""API version to the minor version of Kubernetes that serves the last of its old kinds no more.

From the deprecated API migration guide; kinds that came to such a version later stand in :data:`_ANEW`.
"""

_ANEW = frozenset(
    {
        ("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy"),
        ("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicyBinding"),
        ("certificates.k8s.io/v1beta1", "ClusterTrustBundle"),
        ("coordination.k8s.io/v1beta1", "LeaseCandidate"),
        ("networking.k8s.io/v1beta1", "IPAddress"),
        ("networking.k8s.io/v1beta1", "ServiceCIDR"),
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass"),
    }
)


def _examine(view: View) -> Iterator[Observation]:
    clusters = view.of_type(CLUSTER)
    versions = [_minor(text(at(cluster, "version"))) for cluster in clusters]
    newest = max((each for each in versions if each is not None), default=None)
    for each in view.objects.every:
        removed = None if (each.api_version, each.kind) in _ANEW else _REMOVED.get(each.api_version)
        found = f"{each.api_version} {each.kind}"
        if "alpha" in each.version and of_kind(each.kind, each.group):
            yield weighed(each.resource, "apiVersion", is_met=False, found=f"{found}, which EKS doesn't serve")
        elif removed and newest is None:
            yield unknown(each.resource, "apiVersion", f"{found}, removed in 1.{removed}")
        elif removed and newest is not None and newest >= removed:
            found = f"{found}, removed in 1.{removed}, in a cluster of 1.{newest}"
            yield weighed(each.resource, "apiVersion", is_met=False, found=found)
        else:
            yield weighed(each.resource, "apiVersion", is_met=True, found=found)


def _minor(version: str) -> int | None:
    found = re.match(r"v?1\.([0-9]+)", version)
    return int(found[1]) if found else None


RULE = Rule(
    id="POD-11",
    severity=Severity.HIGH,
    title="The cluster serves the API version of every object",
    needs="an object in the cluster",
    why="After the upgrade that drops a version nothing of it can be changed or deleted: the next deployment fails.",
    allowed=f"API versions that aren't removed, by the table of {_AS_OF}",
    remedy="write the manifest in the newer version that the migration guide names; the platform's own are",
    sources=(
        *cited(Framework.KUBERNETES, "Deprecated API Migration Guide"),
        *cited(Framework.TRIVY, "KSV-0107"),
        *cited(Framework.PRACTICES, "Cluster Upgrades: identify and remediate removed API usage"),
    ),
    examine=_examine,
)
