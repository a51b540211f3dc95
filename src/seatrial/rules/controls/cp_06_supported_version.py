"""CP-06: Kubernetes is in standard support, and nodes and kube-proxy are within its skew."""

import re
from collections.abc import Iterator

from seatrial import versions
from seatrial.plan import Resource
from seatrial.rules.facts.types import ADDON, CLUSTER, NODE_GROUP
from seatrial.rules.facts.values import at, is_unknown, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_SKEW = 3
"""Minor versions that kubelet and kube-proxy may be older than the API server (Kubernetes version skew policy)."""


def _examine(view: View) -> Iterator[Observation]:
    clusters = view.of_type(CLUSTER)
    for cluster in clusters:
        yield _support(view, cluster)
    for group in view.of_type(NODE_GROUP):
        yield from _skews(view, group, "version")
    for addon in view.of_type(ADDON):
        if at(addon, "addonName") == "kube-proxy":
            yield from _skews(view, addon, "addonVersion")


def _support(view: View, cluster: Resource) -> Observation:
    version = text(at(cluster, "version"))
    if _minor(version) is None:
        return unknown(cluster, "version", "no version, so EKS's default of the day")
    support = versions.support(version, view.today)
    found = f"{version}, support on {view.today}: {support.value}"
    if support is versions.Support.UNKNOWN:
        return unknown(cluster, "version", f"{found}: newer than the table of {versions.AS_OF}")
    return weighed(cluster, "version", is_met=support is versions.Support.STANDARD, found=found)


def _skews(view: View, resource: Resource, path: str) -> Iterator[Observation]:
    for cluster in view.references.of(resource, "clusterName", CLUSTER).resources:
        ours, theirs = _minor(text(at(resource, path))), _minor(text(at(cluster, "version")))
        if theirs is None:
            continue
        if ours is None and is_unknown(at(resource, path)):
            yield unknown(resource, path)
        elif ours is None:
            yield weighed(resource, path, is_met=True, found="no version, so EKS takes the cluster's")
        else:
            found = f"1.{ours} under a control plane of 1.{theirs}"
            yield weighed(resource, path, is_met=theirs - _SKEW <= ours <= theirs, found=found, allowed=_ALLOWED_SKEW)


def _minor(version: str) -> int | None:
    found = re.match(r"v?1\.([0-9]+)", version)
    return int(found[1]) if found else None


_ALLOWED_SKEW = f"the control plane's minor version, or up to {_SKEW} older"

RULE = Rule(
    id="CP-06",
    severity=Severity.HIGH,
    title="Kubernetes is in standard support, nodes and kube-proxy are close to it",
    needs="a cluster",
    why="After standard support a control plane costs six times as much; after extended support EKS upgrades it alone.",
    allowed=f"a version in standard support by the table of {versions.AS_OF}",
    remedy="set `cluster.version` to a supported one, one minor at a time, and `addons.kubeProxy.version` to none",
    sources=(
        *cited(Framework.FSBP, "EKS.2"),
        *cited(Framework.PCI, "6.3.3"),
        *cited(Framework.CHECKOV, "CKV_AWS_339"),
        *cited(Framework.PROWLER, "eks_cluster_uses_a_supported_version"),
        *cited(Framework.AWS, "Understand the Kubernetes version lifecycle on EKS"),
    ),
    examine=_examine,
)
