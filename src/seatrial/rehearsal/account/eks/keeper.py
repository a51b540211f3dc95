"""Brings a cluster to what it is to hold of EKS's own, and sees how far it is. Blocks: not for the event loop."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from seatrial.rehearsal.account.eks.content.wanted import FIELD_MANAGER, LABEL, Reference, Wanted
from seatrial.rehearsal.account.eks.observations import Sight
from seatrial.rehearsal.kubernetes_api import NoSuchKind, Refused

_log = logging.getLogger(__name__)

Object = dict[str, Any]

_APPLY = "application/apply-patch+yaml"

_KINDS = (
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
    ("v1", "Node"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("v1", "ServiceAccount"),
    ("v1", "ConfigMap"),
    ("v1", "Service"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "Deployment"),
    ("policy/v1", "PodDisruptionBudget"),
    ("storage.k8s.io/v1", "CSIDriver"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
)
"""Every kind of object that EKS's own is made of."""


class Cluster(Protocol):
    """The part of the Kubernetes client that is used."""

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        content_type: str | None = None,
    ) -> Object:
        """Send a request."""
        ...

    def list(
        self,
        api_version: str,
        kind: str,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
    ) -> "list[Object]":
        """List objects of a kind."""
        ...

    def apply(
        self, manifest: Mapping[str, Any], field_manager: str, force: bool = True, dry_run: bool = False
    ) -> Object:
        """Apply an object."""
        ...

    def delete(
        self, api_version: str, kind: str, name: str, namespace: str | None = None, propagation: str = "Background"
    ) -> None:
        """Delete an object; one that isn't there is fine."""
        ...


class Keeper:
    """Keeps one cluster; each turn takes up where the last one ended."""

    def __init__(self, cluster: Cluster) -> None:
        """Nothing is asked yet."""
        self._cluster = cluster
        self._applied: dict[Reference, str] | None = None
        self._told: set[str] = set()
        self._dismissed = False

    def dismiss(self) -> None:
        """End the turn that is under way as soon as that can be: the cluster, or the account, goes."""
        self._dismissed = True

    def has_arrived(self, wanted: Wanted) -> bool:
        """Whether the cluster was brought to what is wanted."""
        return self._applied == wanted.objects

    def turn(self, wanted: Wanted) -> Sight:
        """Make, change and remove what differs, and look around; what fails is tried again in the next turn."""
        applied = self._known() if self._applied is None else self._applied
        self._applied = applied
        for reference in reversed([kept for kept in applied if kept not in wanted.objects]):
            if self._tried(reference, lambda kept=reference: self._remove(kept)):
                del applied[reference]
        for reference, manifest in wanted.objects.items():
            differs = applied.get(reference) != manifest
            if differs and self._tried(reference, lambda text=manifest: self._make(json.loads(text))):
                applied[reference] = manifest
        return Sight() if self._dismissed else self._look(wanted)

    def _known(self) -> dict[Reference, str]:
        """Find what is there from before: as it is wanted or not, it is applied once more."""
        return {
            Reference(version, kind, it["metadata"].get("namespace", ""), it["metadata"]["name"]): ""
            for version, kind in _KINDS
            for it in self._cluster.list(version, kind, label_selector=f"{LABEL}=true")
        }

    def _tried(self, reference: Reference, act: Callable[[], None]) -> bool:
        if self._dismissed:
            return False
        try:
            act()
        except (Refused, NoSuchKind) as fault:
            text = f"{reference.kind} {reference.namespace}/{reference.name}: {fault}"
            if text not in self._told:
                _log.warning("%s", text)
                self._told.add(text)
            return False
        return True

    def _make(self, manifest: Object) -> None:
        status = manifest.pop("status", None)
        self._cluster.apply(manifest, FIELD_MANAGER)
        if status:
            self._report(manifest["metadata"]["name"], status)

    def _report(self, node: str, status: Object) -> None:
        """Say of a node what its kubelet would; kwok adds that it is ready."""
        body = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": node}, "status": status}
        query = {"fieldManager": FIELD_MANAGER, "force": "true"}
        self._cluster.request("PATCH", f"/api/v1/nodes/{node}/status", body, query, _APPLY)

    def _remove(self, reference: Reference) -> None:
        self._cluster.delete(reference.api_version, reference.kind, reference.name, reference.namespace or None)
        if reference.kind == "Node":
            self._clear(reference.name)

    def _clear(self, node: str) -> None:
        """Remove the pods of a machine that is gone: the collector of such pods would let a minute pass."""
        for pod in self._cluster.list("v1", "Pod", field_selector=f"spec.nodeName={node}"):
            named = pod["metadata"]
            path = f"/api/v1/namespaces/{named['namespace']}/pods/{named['name']}"
            self._cluster.request("DELETE", path, {"gracePeriodSeconds": 0})

    def _look(self, wanted: Wanted) -> Sight:
        nodes = self._cluster.list("v1", "Node")
        ready = (node["metadata"]["name"] for node in nodes if _is_ready(node))
        return Sight(
            ready_nodes=frozenset(wanted.instances[name] for name in ready if name in wanted.instances),
            nodes=len(nodes),
            obstacles=self._obstacles(wanted),
            namespaces=frozenset(it["metadata"]["name"] for it in self._cluster.list("v1", "Namespace")),
        )

    def _obstacles(self, wanted: Wanted) -> dict[str, str]:
        found = {
            Reference("apps/v1", kind, it["metadata"]["namespace"], it["metadata"]["name"]): it
            for kind in ("DaemonSet", "Deployment")
            for it in self._cluster.list("apps/v1", kind, label_selector=f"{LABEL}=true")
        }
        obstacles = dict.fromkeys(wanted.add_ons, "")
        for reference, addon in wanted.workloads.items():
            obstacles[addon] = obstacles[addon] or _obstacle(reference, found.get(reference))
        return obstacles


def _is_ready(node: Object) -> bool:
    return any(it["type"] == "Ready" and it["status"] == "True" for it in node["status"].get("conditions", []))


def _obstacle(reference: Reference, workload: Object | None) -> str:
    """Say what a workload lacks; empty when it runs as it was asked to."""
    if workload is None:
        return f"{reference.kind} {reference.name} does not exist."
    status = workload.get("status", {})
    wanted, ready, current = _counts(reference.kind, workload["spec"], status)
    if status.get("observedGeneration") == workload["metadata"]["generation"] and min(ready, current) >= wanted:
        return ""
    counted = f"{reference.kind} {reference.name} has {ready} of {wanted}"
    return f"The add-on is unhealthy because it doesn't have the desired number of replicas: {counted}."


def _counts(kind: str, spec: Object, status: Object) -> Iterable[int]:
    """Count the pods that there should be, those that are ready, and those of the current template."""
    if kind == "DaemonSet":
        names = ("desiredNumberScheduled", "numberReady", "updatedNumberScheduled")
        return [status.get(name, 0) for name in names]
    return [spec["replicas"], status.get("availableReplicas", 0), status.get("updatedReplicas", 0)]
