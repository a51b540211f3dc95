"""When pods, and what makes pods, are ready."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.providers.kubernetes.readiness.status import (
    READY,
    Status,
    complaints,
    condition,
    holds,
    is_observed,
    waiting,
)
from seatrial.rehearsal.providers.values import Values, listed, within

_UNSEEN = "not yet seen by its controller"

_FRESH = 3
"""How many of the latest events are told."""

_JUST_NOW = timedelta(minutes=1)
"""An older event may be about something that is better now: events stay for an hour."""


def deployment(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when as many pods of the present template as asked for are available, and no older ones are left."""
    status, wanted = within(found, "status"), within(found, "spec").get("replicas", 1)
    if not is_observed(found):
        return waiting(_UNSEEN)
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    if updated >= wanted and status.get("replicas", 0) <= updated <= available:
        return READY
    progress = condition(found, "Progressing")
    if progress.get("reason") == "ProgressDeadlineExceeded":
        return Status(ready=False, text=progress["reason"], issues=_pods_say(cluster, found), failed=True)
    refused = holds(found, "ReplicaFailure")
    issues = complaints(found, ["ReplicaFailure"]) or _pods_say(cluster, found)
    return waiting(f"{min(updated, available)} of {wanted} replicas available", *issues, stuck=refused)


def daemon_set(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when every node that takes a pod has an available one of the present template."""
    status = within(found, "status")
    if not is_observed(found):
        return waiting(_UNSEEN)
    wanted = status.get("desiredNumberScheduled", 0)
    updated, available = status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)
    if updated >= wanted and available >= wanted:
        return READY
    return _made_by(cluster, found, f"{min(updated, available)} of {wanted} nodes served")


def stateful_set(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when as many pods as asked for are, all of the present template."""
    status, wanted = within(found, "status"), within(found, "spec").get("replicas", 1)
    if not is_observed(found):
        return waiting(_UNSEEN)
    current = status.get("currentRevision") == status.get("updateRevision")
    if status.get("readyReplicas", 0) == wanted and current:
        return READY
    return _made_by(cluster, found, f"{status.get('readyReplicas', 0)} of {wanted} replicas ready")


def replicas(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when as many pods as asked for are available."""
    wanted, available = within(found, "spec").get("replicas", 1), within(found, "status").get("availableReplicas", 0)
    if is_observed(found) and available == wanted:
        return READY
    issues = complaints(found, ["ReplicaFailure"]) or _pods_say(cluster, found)
    return waiting(f"{available} of {wanted} replicas available", *issues, stuck=holds(found, "ReplicaFailure"))


def job(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when it is complete."""
    if holds(found, "Complete"):
        return READY
    if holds(found, "Failed"):
        return Status(ready=False, text="failed", issues=complaints(found, ["Failed"]), failed=True)
    done = within(found, "status").get("succeeded", 0)
    return _made_by(cluster, found, f"{done} of {within(found, 'spec').get('completions', 1)} pods succeeded")


def pod(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when it says so, or has succeeded."""
    phase = within(found, "status").get("phase", "Pending")
    if phase == "Succeeded" or (phase == "Running" and holds(found, "Ready")):
        return READY
    if phase == "Failed":
        return Status(ready=False, text=phase, issues=_complaints_of_pod(found), failed=True)
    return waiting(phase, *(_complaints_of_pod(found) or events(cluster, found)))


def events(cluster: Cluster, found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the latest warnings about an object."""
    return _texts(_warnings(cluster, found))


def _warnings(cluster: Cluster, found: Mapping[str, Any]) -> list[Values]:
    metadata = found["metadata"]
    about = f"involvedObject.uid={metadata['uid']},type=Warning"
    return sorted(cluster.list("v1", "Event", metadata.get("namespace") or "default", field_selector=about), key=_last)


def _last(event: Values) -> str:
    """Return when an event was seen last; such times sort as texts."""
    return event.get("lastTimestamp") or event["metadata"].get("creationTimestamp") or ""


def _texts(told: Sequence[Values]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{it.get('reason', '')}: {it.get('message', '')}" for it in told[-_FRESH:]))


def _made_by(cluster: Cluster, found: Mapping[str, Any], text: str) -> Status:
    """Return the status of what makes its pods itself; it can't when creating one has failed just now."""
    since = (datetime.now(UTC) - _JUST_NOW).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = _warnings(cluster, found)
    failures = _texts([it for it in told if it.get("reason") == "FailedCreate" and _last(it) > since])
    return waiting(text, *(failures or _pods_say(cluster, found)), stuck=bool(failures))


def _pods_say(cluster: Cluster, found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what its pods complain of, each complaint once."""
    wanted: Values = within(within(found, "spec"), "selector")
    labels = within(wanted, "matchLabels") if "matchLabels" in wanted or "matchExpressions" in wanted else wanted
    if not labels:
        return ()
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    pods = cluster.list("v1", "Pod", found["metadata"]["namespace"], selector)
    return tuple(dict.fromkeys(text for it in pods for text in _complaints_of_pod(it)))


def _complaints_of_pod(found: Mapping[str, Any]) -> tuple[str, ...]:
    status = within(found, "status")
    states = [within(it, "state") for it in listed(status, "containerStatuses")]
    waits = [it for state in states if (it := within(state, "waiting") or within(state, "terminated"))]
    said = [f"{it.get('reason', '')}: {it.get('message', '')}".strip(": ") for it in waits]
    return tuple(filter(None, (*complaints(found, ["PodScheduled"]), *said, status.get("message", ""))))
