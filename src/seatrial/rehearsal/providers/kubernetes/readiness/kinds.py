"""Which kinds are waited for; all others are ready when they are there."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.kubernetes.readiness import networking, others, workloads
from seatrial.rehearsal.providers.kubernetes.readiness.status import Probe

_PROBES: Mapping[tuple[str, str], Probe] = {
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"): others.definition,
    ("apps/v1", "DaemonSet"): workloads.daemon_set,
    ("apps/v1", "Deployment"): workloads.deployment,
    ("apps/v1", "ReplicaSet"): workloads.replicas,
    ("apps/v1", "StatefulSet"): workloads.stateful_set,
    ("batch/v1", "Job"): workloads.job,
    ("networking.k8s.io/v1", "Ingress"): networking.ingress,
    ("v1", "Namespace"): others.namespace,
    ("v1", "PersistentVolume"): others.volume,
    ("v1", "PersistentVolumeClaim"): others.claim,
    ("v1", "Pod"): workloads.pod,
    ("v1", "ReplicationController"): workloads.replicas,
    ("v1", "ResourceQuota"): others.quota,
    ("v1", "Secret"): others.secret,
    ("v1", "Service"): networking.service,
}


def probe(manifest: Mapping[str, Any]) -> Probe | None:
    """Return what tells whether an object of the kind is ready."""
    return _PROBES.get((manifest["apiVersion"], manifest["kind"]))
