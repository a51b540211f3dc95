"""Quotas and limits bite; disruption budgets protect."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from seatrial.rehearsal.kubernetes_api import Refused

pytestmark = pytest.mark.rehearsal

_SECURITY: dict[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "runAsUser": 65532,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def _eats(cluster: Any, namespace: str, number: int, memory: str) -> str:
    """Make one more pod; give the refusal, empty when it was made."""
    try:
        cluster.create(_pod(namespace, f"eater-{number}", limits={"memory": memory}, requests={"memory": memory}))
    except Refused as refused:
        return str(refused)
    return ""


def _pod(namespace: str, name: str = "probe", **resources: dict[str, str]) -> dict[str, Any]:
    container: dict[str, Any] = {"name": "app", "image": "registry.k8s.io/pause:3.10.1", "securityContext": _SECURITY}
    if resources:
        container["resources"] = resources
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"automountServiceAccountToken": False, "containers": [container]},
    }


def _eventually(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.2)
    return holds()


@pytest.mark.parametrize("namespace", ["dev", "prod"])
def test_a_container_above_the_limit_is_refused(running: Any, namespace: str) -> None:
    said = running.refusal(_pod(namespace, limits={"memory": "900Gi"}, requests={"memory": "64Mi"}))

    assert "maximum memory usage per Container is" in said


@pytest.mark.parametrize("namespace", ["dev", "prod"])
def test_a_container_that_says_nothing_gets_what_the_tenant_gives(running: Any, namespace: str) -> None:
    limits = running.platform.tenants[namespace].limits
    cluster = running.cluster()

    made = cluster.request("POST", f"/api/v1/namespaces/{namespace}/pods", _pod(namespace), {"dryRun": "All"})

    resources = made["spec"]["containers"][0]["resources"]
    assert resources["requests"] == {"cpu": limits.cpu_request, "memory": limits.memory_request}
    assert resources["limits"]["memory"] == limits.memory_limit


@pytest.mark.parametrize("namespace", ["dev", "prod"])
def test_a_quota_ends_what_a_namespace_may_take(running: Any, namespace: str) -> None:
    """The quota counts what is there, so pods are really made here, each as large as a container may be."""
    cluster, tenant = running.cluster(), running.platform.tenants[namespace]
    most, made = tenant.limits.memory_most, 0
    try:
        said = ""
        while not said and made < 100:
            said = _eats(cluster, namespace, made, most)
            made += not said
        assert made > 0
        assert "exceeded quota" in said
        assert "memory" in said
    finally:
        for number in range(made):
            cluster.delete("v1", "Pod", f"eater-{number}", namespace)
        assert _eventually(
            lambda: not [p for p in cluster.list("v1", "Pod", namespace) if "eater" in str(p["metadata"])]
        )


def test_an_eviction_that_would_break_a_budget_is_refused(running: Any) -> None:
    cluster = running.cluster()
    budgets = {each["metadata"]["name"]: each for each in cluster.list("policy/v1", "PodDisruptionBudget")}
    assert budgets, "the platform protects nothing"
    coredns = next(each for name, each in budgets.items() if "coredns" in name)
    assert _eventually(lambda: _status(cluster, coredns)["disruptionsAllowed"] == 1)

    # Without a place to go, the first pod's successor waits, and the budget is used up.
    nodes = [each["metadata"]["name"] for each in cluster.list("v1", "Node")]
    pods = cluster.list("v1", "Pod", "kube-system", "k8s-app=kube-dns")
    try:
        _cordon(cluster, nodes, unschedulable=True)
        _evict(cluster, pods[0])
        assert _eventually(lambda: _status(cluster, coredns)["disruptionsAllowed"] == 0)
        with pytest.raises(Refused, match="disruption budget") as refused:
            _evict(cluster, pods[1])
    finally:
        _cordon(cluster, nodes, unschedulable=False)
    assert refused.value.status == 429
    assert _eventually(lambda: _status(cluster, coredns)["disruptionsAllowed"] == 1)


def _status(cluster: Any, budget: dict[str, Any]) -> dict[str, Any]:
    return {"disruptionsAllowed": -1, **cluster.get(budget)["status"]}


def _evict(cluster: Any, pod: dict[str, Any]) -> None:
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": namespace}}
    cluster.request("POST", f"/api/v1/namespaces/{namespace}/pods/{name}/eviction", eviction)


def _cordon(cluster: Any, nodes: list[str], *, unschedulable: bool) -> None:
    for node in nodes:
        patch = {"spec": {"unschedulable": unschedulable}}
        cluster.request("PATCH", f"/api/v1/nodes/{node}", patch, content_type="application/merge-patch+json")


def test_with_one_zone_closed_every_workload_keeps_its_floor(running: Any) -> None:
    """Every zone in turn is drained as an operator would; what a workload may miss is what its budget allows."""
    cluster = running.cluster()
    nodes = cluster.list("v1", "Node")
    zones = sorted({each["metadata"]["labels"]["topology.kubernetes.io/zone"] for each in nodes})
    assert len(zones) >= 2
    for zone in zones:
        lost = [n["metadata"]["name"] for n in nodes if n["metadata"]["labels"]["topology.kubernetes.io/zone"] == zone]
        try:
            _cordon(cluster, lost, unschedulable=True)
            _drain(cluster, lost)
            assert _eventually(lambda: not _below_floor(cluster)), (zone, _below_floor(cluster))
        finally:
            _cordon(cluster, lost, unschedulable=False)


def _drain(cluster: Any, nodes: list[str]) -> None:
    """Evict until nothing but DaemonSets is left there; a refused eviction is tried again, as kubectl does."""

    def evicted() -> bool:
        left = [pod for pod in cluster.list("v1", "Pod") if pod["spec"].get("nodeName") in nodes and not _daemon(pod)]
        for pod in left:
            try:
                _evict(cluster, pod)
            except Refused as refused:
                if refused.status not in {404, 429}:
                    raise
        return not left

    assert _eventually(evicted, 90)


def _daemon(pod: dict[str, Any]) -> bool:
    return any(owner["kind"] == "DaemonSet" for owner in pod["metadata"].get("ownerReferences", []))


def _below_floor(cluster: Any) -> list[str]:
    """Name the Deployments with fewer ready pods than wanted, less the one that a budget lets go."""
    return [
        f"{each['metadata']['name']}: {each['status'].get('readyReplicas', 0)} of {each['spec']['replicas']}"
        for each in cluster.list("apps/v1", "Deployment")
        if each["status"].get("readyReplicas", 0) < max(1, each["spec"]["replicas"] - 1)
    ]
