"""When volumes, namespaces, quotas, tokens and definitions are ready."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.kubernetes_api.references import Reference
from seatrial.rehearsal.providers.kubernetes import quantities
from seatrial.rehearsal.providers.kubernetes.readiness.status import READY, Status, complaints, holds, waiting
from seatrial.rehearsal.providers.kubernetes.readiness.workloads import events
from seatrial.rehearsal.providers.values import within


def claim(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when it is bound, or waits for its first pod as its class wants."""
    phase = within(found, "status").get("phase", "Pending")
    if phase == "Bound" or (phase == "Pending" and _waits_for_pod(cluster, found)):
        return READY
    return waiting(phase, *events(cluster, found))


def _waits_for_pod(cluster: Cluster, found: Mapping[str, Any]) -> bool:
    name = within(found, "spec").get("storageClassName")
    storage = cluster.get(Reference("storage.k8s.io/v1", "StorageClass", name)) if name else None
    return (storage or {}).get("volumeBindingMode") == "WaitForFirstConsumer"


def volume(_: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when it can be bound, or is."""
    phase = within(found, "status").get("phase", "Pending")
    return READY if phase in {"Available", "Bound"} else waiting(phase)


def namespace(_: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when it takes objects."""
    phase = within(found, "status").get("phase", "Pending")
    return READY if phase == "Active" else waiting(phase)


def quota(_: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when it is enforced as asked."""
    wanted, enforced = within(within(found, "spec"), "hard"), within(within(found, "status"), "hard")
    alike = wanted.keys() == enforced.keys() and all(quantities.same(wanted[it], enforced[it]) for it in wanted)
    return READY if alike else waiting("not yet enforced")


def secret(_: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when it has its token, if it is for one."""
    lacks = found.get("type") == "kubernetes.io/service-account-token" and not found.get("data")
    return waiting("without a token") if lacks else READY


def definition(_: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when the API server serves what it defines."""
    if holds(found, "Established") and holds(found, "NamesAccepted"):
        return READY
    return waiting("not yet served", *complaints(found, ["NamesAccepted", "Established", "NonStructuralSchema"]))
