"""Pods that a namespace's level forbids, at the real admission plugin."""

from typing import Any

import pytest

pytestmark = pytest.mark.rehearsal

_SAFE: dict[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "runAsUser": 65532,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def _pod(namespace: str, security: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    container = {
        "name": "app",
        "image": "registry.k8s.io/pause:3.10.1",
        "securityContext": {**_SAFE, **(security or {})},
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "10m", "memory": "16Mi"}},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "probe", "namespace": namespace},
        "spec": {"automountServiceAccountToken": False, "containers": [container], **spec},
    }


_Change = tuple[dict[str, Any], dict[str, Any]]
"""Of the container's security context, and of the pod."""

PRIVILEGED: _Change = ({"privileged": True, "allowPrivilegeEscalation": True}, {})
HOST_NETWORK: _Change = ({}, {"hostNetwork": True})
HOST_PROCESSES: _Change = ({}, {"hostPID": True})
HOST_PATH: _Change = ({}, {"volumes": [{"name": "host", "hostPath": {"path": "/etc"}}]})
RAW_SOCKETS: _Change = ({"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}}, {})
ROOT: _Change = ({"runAsNonRoot": False, "runAsUser": 0}, {})
KEPT_CAPABILITIES: _Change = ({"capabilities": {}}, {})
ESCALATION: _Change = ({"allowPrivilegeEscalation": True}, {})
UNCONFINED: _Change = ({"seccompProfile": {"type": "Unconfined"}}, {})
NO_SECCOMP: _Change = ({"seccompProfile": None}, {})

BASELINE = {
    "privileged": PRIVILEGED,
    "host network": HOST_NETWORK,
    "host processes": HOST_PROCESSES,
    "host path": HOST_PATH,
    "added capability": RAW_SOCKETS,
    "unconfined": UNCONFINED,
}
"""What both levels forbid."""

RESTRICTED = {
    **BASELINE,
    "root": ROOT,
    "kept capabilities": KEPT_CAPABILITIES,
    "privilege escalation": ESCALATION,
    "no seccomp profile": NO_SECCOMP,
}
"""What ``restricted`` forbids."""


@pytest.mark.parametrize("namespace", ["dev", "prod"])
def test_a_pod_that_asks_for_nothing_is_admitted(running: Any, namespace: str) -> None:
    assert running.refusal(_pod(namespace)) == ""


@pytest.mark.parametrize("violation", BASELINE)
def test_dev_refuses_what_baseline_forbids(running: Any, violation: str) -> None:
    security, spec = BASELINE[violation]

    said = running.refusal(_pod("dev", security, **spec))

    assert 'violates PodSecurity "baseline' in said


@pytest.mark.parametrize("violation", sorted(RESTRICTED.keys() - BASELINE.keys()))
def test_dev_admits_what_only_restricted_forbids(running: Any, violation: str) -> None:
    security, spec = RESTRICTED[violation]

    assert running.refusal(_pod("dev", security, **spec)) == ""


@pytest.mark.parametrize("violation", RESTRICTED)
def test_prod_refuses_what_restricted_forbids(running: Any, violation: str) -> None:
    security, spec = RESTRICTED[violation]

    said = running.refusal(_pod("prod", security, **spec))

    assert 'violates PodSecurity "restricted' in said


def test_every_pod_of_the_platform_runs(running: Any) -> None:
    """Whatever the platform brings was admitted, placed and became ready."""
    pods = running.cluster().list("v1", "Pod")

    waiting = [
        f"{pod['metadata']['namespace']}/{pod['metadata']['name']}: {pod['status'].get('phase')}"
        for pod in pods
        if not any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"].get("conditions", []))
    ]
    assert len(pods) > 8
    assert waiting == []


def test_no_workload_of_the_platform_is_short_of_pods(running: Any) -> None:
    cluster = running.cluster()
    short = [
        f"{each['metadata']['namespace']}/{each['metadata']['name']}: {each['status']}"
        for each in cluster.list("apps/v1", "Deployment")
        if each["status"].get("readyReplicas", 0) != each["spec"]["replicas"]
    ]
    short += [
        f"{each['metadata']['namespace']}/{each['metadata']['name']}: {each['status']}"
        for each in cluster.list("apps/v1", "DaemonSet")
        if each["status"]["numberReady"] != each["status"]["desiredNumberScheduled"]
    ]
    assert short == []
