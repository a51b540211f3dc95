"""When objects are ready, and what is said when they aren't."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.kubernetes.readiness import networking, wait
from seatrial.rehearsal.providers.refusals import InitFailed

if TYPE_CHECKING:
    from conftest import Driver, FakeCluster, Values

READY = ""
VERSIONS = {
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "DaemonSet": "apps/v1",
    "Deployment": "apps/v1",
    "Ingress": "networking.k8s.io/v1",
    "Job": "batch/v1",
    "StatefulSet": "apps/v1",
}
SELECTOR = {"selector": {"matchLabels": {"app": "web"}}}


def _condition(kind: str, status: str = "True", **more: str) -> Values:
    return {"type": kind, "status": status, **more}


def _object(kind: str, name: str = "it", **fields: Any) -> Values:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": VERSIONS.get(kind, "v1"), "kind": kind, "metadata": metadata, **fields}


def _said(driver: Driver, manifest: Values, seconds: float = 0.01) -> str:
    """What is said of an object that is made, nothing when it is ready."""
    try:
        driver.create(manifest, seconds=seconds)
    except InitFailed as failed:
        return failed.reason.partition(": ")[2]
    return READY


def _pod(name: str = "web", **status: Any) -> Values:
    return {**_object("Pod", name, status=status), "metadata": {"name": name, "labels": {"app": "web"}}}


WAITING = {"state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}


ROWS: list[tuple[str, Values, Values, str]] = [
    ("ConfigMap", {}, {}, READY),
    ("Deployment", {"replicas": 0}, {}, READY),
    ("Deployment", {"replicas": 2}, {"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}, READY),
    ("Deployment", {}, {"replicas": 1, "updatedReplicas": 1}, "still 0 of 1 replicas available after 0 s"),
    (
        "Deployment",
        {"replicas": 2},
        {"replicas": 3, "updatedReplicas": 2, "availableReplicas": 3},
        "still 2 of 2 replicas available after 0 s",
    ),
    ("Deployment", {"replicas": 0}, {"observedGeneration": 0}, "still not yet seen by its controller after 0 s"),
    (
        "Deployment",
        SELECTOR,
        {"conditions": [_condition("Progressing", "False", reason="ProgressDeadlineExceeded")]},
        "ended as ProgressDeadlineExceeded: ImagePullBackOff: no such image",
    ),
    (
        "Deployment",
        SELECTOR,
        {"conditions": [_condition("ReplicaFailure", message="exceeded quota")]},
        "still 0 of 1 replicas available after 0 s: exceeded quota",
    ),
    ("DaemonSet", {}, {"desiredNumberScheduled": 0}, READY),
    (
        "DaemonSet",
        {},
        {"desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2},
        READY,
    ),
    (
        "DaemonSet",
        SELECTOR,
        {"desiredNumberScheduled": 2, "updatedNumberScheduled": 1, "numberAvailable": 2},
        "still 1 of 2 nodes served after 0 s: ImagePullBackOff: no such image",
    ),
    ("DaemonSet", {}, {"observedGeneration": 0}, "still not yet seen by its controller after 0 s"),
    ("StatefulSet", {"replicas": 0}, {}, READY),
    ("StatefulSet", {}, {"readyReplicas": 1, "currentRevision": "a", "updateRevision": "a"}, READY),
    (
        "StatefulSet",
        {},
        {"readyReplicas": 1, "currentRevision": "a", "updateRevision": "b"},
        "still 1 of 1 replicas ready after 0 s",
    ),
    ("StatefulSet", {}, {"observedGeneration": 0}, "still not yet seen by its controller after 0 s"),
    ("ReplicationController", {}, {"availableReplicas": 1}, READY),
    (
        "ReplicationController",
        {"selector": {"app": "web"}},
        {},
        "still 0 of 1 replicas available after 0 s: ImagePullBackOff: no such image",
    ),
    ("Job", {}, {"conditions": [_condition("Complete")]}, READY),
    (
        "Job",
        {"completions": 3},
        {"conditions": [_condition("Failed", message="too many failures")]},
        "ended as failed: too many failures",
    ),
    ("Job", {"completions": 3}, {"succeeded": 1}, "still 1 of 3 pods succeeded after 0 s"),
    ("Pod", {}, {"phase": "Running", "conditions": [_condition("Ready")]}, READY),
    ("Pod", {}, {"phase": "Succeeded"}, READY),
    ("Pod", {}, {"phase": "Failed", "message": "evicted"}, "ended as Failed: evicted"),
    (
        "Pod",
        {},
        {"conditions": [_condition("PodScheduled", "False", message="0/2 nodes are available")]},
        "still Pending after 0 s: 0/2 nodes are available",
    ),
    (
        "Pod",
        {},
        {"phase": "Running", "containerStatuses": [{"state": {"terminated": {"reason": "Error"}}}, {"state": {}}]},
        "still Running after 0 s: Error",
    ),
    ("Pod", {}, {}, "still Pending after 0 s"),
    ("Namespace", {}, {"phase": "Active"}, READY),
    ("Namespace", {}, {"phase": "Terminating"}, "still Terminating after 0 s"),
    ("PersistentVolume", {}, {"phase": "Available"}, READY),
    ("PersistentVolume", {}, {}, "still Pending after 0 s"),
    ("PersistentVolumeClaim", {"storageClassName": "slow"}, {"phase": "Bound"}, READY),
    ("PersistentVolumeClaim", {"storageClassName": "late"}, {"phase": "Pending"}, READY),
    ("PersistentVolumeClaim", {"storageClassName": "slow"}, {}, "still Pending after 0 s"),
    ("PersistentVolumeClaim", {"storageClassName": "missing"}, {}, "still Pending after 0 s"),
    ("PersistentVolumeClaim", {}, {"phase": "Lost"}, "still Lost after 0 s"),
    ("ResourceQuota", {"hard": {"cpu": "1000m"}}, {"hard": {"cpu": "1"}}, READY),
    ("ResourceQuota", {"hard": {"cpu": "2"}}, {"hard": {"cpu": "1"}}, "still not yet enforced after 0 s"),
    ("ResourceQuota", {"hard": {"cpu": "2"}}, {}, "still not yet enforced after 0 s"),
    (
        "CustomResourceDefinition",
        {},
        {"conditions": [_condition("Established"), _condition("NamesAccepted")]},
        READY,
    ),
    (
        "CustomResourceDefinition",
        {},
        {"conditions": [_condition("NamesAccepted", "False", message="ships is taken")]},
        "still not yet served after 0 s: ships is taken",
    ),
    ("Service", {"type": "ExternalName"}, {}, READY),
    ("Service", {"clusterIP": "None", "selector": {"app": "web"}}, {}, READY),
    ("Service", {"clusterIP": "172.20.0.9"}, {}, READY),
    (
        "Service",
        {"type": "LoadBalancer"},
        {},
        "still no address of a load balancer after 0 s: nothing in the cluster has provided a load balancer",
    ),
    ("Service", {"type": "LoadBalancer"}, {"loadBalancer": {"ingress": [{"hostname": "a"}]}}, READY),
    ("Service", {"selector": {"app": "web"}}, {}, "still no pods after 0 s: spec.selector matches no pod"),
    ("Ingress", {}, {"loadBalancer": {"ingress": [{"hostname": "a"}]}}, READY),
    (
        "Ingress",
        {},
        {},
        "still no address after 0 s: nothing in the cluster has provided a load balancer",
    ),
    (
        "Ingress",
        {
            "defaultBackend": {"service": {"name": "one"}},
            "rules": [{"http": {"paths": [{"backend": {"service": {"name": "two"}}}, {"backend": {}}]}}, {}],
        },
        {},
        "still no service one, two after 0 s",
    ),
]
"""Kind, spec, status, and what is said."""


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}-{number}" for number, row in enumerate(ROWS)])
def test_object_is_ready_or_says_why_not(
    driver: Driver, cluster: FakeCluster, row: tuple[str, Values, Values, str]
) -> None:
    kind, spec, status, said = row
    cluster.put(_pod(containerStatuses=[WAITING]))
    for name, mode in (("late", "WaitForFirstConsumer"), ("slow", "Immediate")):
        storage = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name}}
        cluster.put({**storage, "volumeBindingMode": mode})
    cluster.statuses[kind] = status

    found = _said(driver, _object(kind, spec=spec))

    assert found == said


def test_token_is_waited_for(driver: Driver) -> None:
    secret = _object("Secret", type="kubernetes.io/service-account-token")

    assert _said(driver, secret) == "still without a token after 0 s"
    assert _said(driver, {**secret, "data": {"token": "YQ=="}}) == READY
    assert _said(driver, _object("Secret", "other")) == READY


def _slice(*conditions: Values) -> Values:
    metadata = {"name": "it-1", "namespace": "default", "labels": {"kubernetes.io/service-name": "it"}}
    endpoints = [{"conditions": it} for it in conditions]
    version = "discovery.k8s.io/v1"
    return {"apiVersion": version, "kind": "EndpointSlice", "metadata": metadata, "endpoints": endpoints}


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ([{"ready": True}, {}], READY),
        ([{"ready": True}, {"ready": False, "terminating": True}], READY),
        ([{"ready": True}, {"ready": False}], "still 1 of 2 pods not ready after 0 s"),
    ],
)
def test_service_waits_for_its_pods(driver: Driver, cluster: FakeCluster, conditions: list[Values], said: str) -> None:
    cluster.put(_slice(*conditions))

    assert _said(driver, _object("Service", spec={"selector": {"app": "web"}})) == said


def test_service_without_pods_is_ready_after_a_while(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networking, "_SETTLE_SECONDS", 0.1)

    assert _said(driver, _object("Service", spec={"selector": {"app": "web"}}), seconds=30) == READY


def _event(number: int, text: str, kind: str = "Warning", year: int = 2026) -> Values:
    metadata = {"name": f"e{number}", "namespace": "default", "creationTimestamp": f"{year}-01-01T00:00:0{number}Z"}
    about = {"uid": "uid-6"}
    told = {"reason": text, "message": "so it is", "type": kind}
    return {"apiVersion": "v1", "kind": "Event", "metadata": metadata, "involvedObject": about, **told}


def test_latest_warnings_are_told(driver: Driver, cluster: FakeCluster) -> None:
    for number, text in enumerate(("FailedMount", "Old", "Older", "FailedMount", "Fine")):
        cluster.put(_event(5 - number, text, "Normal" if text == "Fine" else "Warning"))
    cluster.count = 5
    cluster.statuses["Pod"] = {}

    assert (
        _said(driver, _object("Pod"))
        == "still Pending after 0 s: Older: so it is: Old: so it is: FailedMount: so it is"
    )


def test_what_can_not_make_its_pods_ends_early(
    driver: Driver, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wait, "_STUCK_SECONDS", 0.05)
    cluster.put(_event(1, "FailedCreate", year=2999))
    cluster.count = 5
    cluster.statuses["StatefulSet"] = {"readyReplicas": 0}

    assert _said(driver, _object("StatefulSet", spec=SELECTOR), seconds=30) == (
        "ended as 0 of 1 replicas ready: FailedCreate: so it is"
    )


def test_old_failures_do_not_count(driver: Driver, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "_STUCK_SECONDS", 0.0)
    cluster.put(_event(1, "FailedCreate"))
    cluster.put({**_event(2, "FailedCreate"), "lastTimestamp": "2026-01-02T00:00:00Z"})
    cluster.count = 5
    cluster.statuses["StatefulSet"] = {"readyReplicas": 0}

    assert _said(driver, _object("StatefulSet", spec=SELECTOR)) == "still 0 of 1 replicas ready after 0 s"


def test_full_quota_that_gets_room_is_waited_out(
    driver: Driver, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = {"conditions": [_condition("ReplicaFailure", message="exceeded quota")]}
    free = {"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    statuses = itertools.chain([refused, refused], itertools.repeat(free))
    cluster.statuses["Deployment"] = refused
    connected = vars(driver.provider)["_cluster"]
    look = connected.get

    def get(manifest: Values) -> Values:
        return {**look(manifest), "status": {"observedGeneration": 9, **next(statuses)}}

    monkeypatch.setattr(connected, "get", get)

    assert _said(driver, _object("Deployment", spec=SELECTOR), seconds=30) == READY


def test_object_that_vanishes_is_told(driver: Driver, cluster: FakeCluster) -> None:
    cluster.statuses["Deployment"] = {}
    cluster.refuse("GET /apis/apps/v1/namespaces", 404, "gone")

    assert _said(driver, _object("Deployment")) == "still gone after 0 s"
