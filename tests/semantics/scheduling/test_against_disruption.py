"""The disruption controller and the eviction API decide about generated budgets; the evaluator says the same."""

import random
import time
from collections.abc import Mapping
from typing import Any, Final

import pytest

from seatrial.rehearsal.kubernetes_api import Cluster, Refused
from seatrial.semantics.scheduling import Budget, Pod, Status, blocked, read, status

pytestmark = pytest.mark.rehearsal

Object = dict[str, Any]

CASES: Final = 30
PATIENCE: Final = 120.0
NAMESPACE: Final = "budgets"


def named(kind: str, api: str, name: str, spec: Object) -> Object:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec}


def deployment(app: str, replicas: int, *, is_ready: bool) -> Object:
    name = f"{app}-{'ready' if is_ready else 'unready'}"
    labels = {"app": app, "set": name}
    # A gate that nobody opens.
    gates = {} if is_ready else {"readinessGates": [{"conditionType": "example.com/never"}]}
    pod: Object = {"containers": [{"name": "c", "image": "i"}], "terminationGracePeriodSeconds": 0, **gates}
    spec: Object = {
        "replicas": replicas,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    return named("Deployment", "apps/v1", name, spec)


def generated(seed: int) -> list[Object]:
    """Give a budget, and one or two workloads that it covers: one is healthy, one isn't."""
    one = random.Random(seed)  # noqa: S311 (no secret)
    app = f"app-{seed}"
    share = one.choice([0, 1, 2, 3, "0%", "30%", "50%", "67%", "100%"])
    spec: Object = {
        one.choice(["minAvailable", "maxUnavailable"]): share,
        "selector": {"matchLabels": {"app": app}},
        **one.choice([{}, {}, {"unhealthyPodEvictionPolicy": "AlwaysAllow"}]),
    }
    workloads = [deployment(app, one.randint(1, 4), is_ready=True)]
    if one.random() < 0.6:
        workloads.append(deployment(app, one.randint(1, 2), is_ready=False))
    return [named("PodDisruptionBudget", "policy/v1", app, spec), *workloads]


def pods_of(cluster: Cluster, app: str) -> list[Object]:
    return cluster.list("v1", "Pod", namespace=NAMESPACE, label_selector=f"app={app}")


def is_ready(pod: Object) -> bool:
    return any((each["type"], each["status"]) == ("Ready", "True") for each in pod["status"].get("conditions", []))


def told(cluster: Cluster, budget: Object, healthy: int, total: int) -> Status:
    """Wait until the controller has seen every pod run; return what it wrote."""
    app = budget["metadata"]["name"]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        pods = pods_of(cluster, app)
        running = [each for each in pods if each["status"].get("phase") == "Running"]
        found = cluster.get(budget) or {}
        written = found.get("status", {})
        if (
            len(running) == total
            and sum(map(is_ready, running)) == healthy == written.get("currentHealthy")
            and written.get("observedGeneration") == found["metadata"]["generation"]
        ):
            return Status(expected=written["expectedPods"], desired=written["desiredHealthy"], healthy=healthy)
        time.sleep(0.05)
    raise AssertionError(f"the controller wrote nothing about {app}")


def evicted(cluster: Cluster, pod: Object) -> str:
    """Try to evict a pod; return why it may not go, nothing when it may."""
    name = pod["metadata"]["name"]
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": NAMESPACE}}
    path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}/eviction"
    try:
        cluster.request("POST", path, body, {"dryRun": "All"})
    except Refused as refused:
        return refused.message
    return ""


def running(objects: list[Object]) -> Mapping[Pod, bool]:
    pods = read(objects).pods
    return {pod: pod.template.labels["set"].endswith("-ready") for pod in pods}


@pytest.fixture(autouse=True)
def _node(cluster: Cluster) -> None:
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    amounts = {"cpu": "100", "memory": "100Gi", "pods": "1000"}
    cluster.create(
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": "n", "annotations": {"kwok.x-k8s.io/node": "fake"}},
            "status": {"capacity": amounts, "allocatable": amounts},
        }
    )


def test_the_evaluator_agrees_with_the_controller_and_the_api(cluster: Cluster) -> None:
    cases = [generated(seed) for seed in range(CASES)]
    for objects in cases:
        for value in objects:
            cluster.create(value)

    verdicts: list[str] = []
    for objects in cases:
        known = running(objects)
        budget: Budget = read(objects).budgets[0]
        expected = status(budget, known)
        assert told(cluster, objects[0], sum(known.values()), len(known)) == expected, objects
        for pod in pods_of(cluster, budget.name):
            same = next(each for each in known if each.template.labels == pod_labels(pod))
            forbidden = blocked(same, [budget], known)
            said = evicted(cluster, pod)
            assert bool(said) == bool(forbidden), f"{objects}: {said}"
            assert not forbidden or forbidden.message.startswith(said)
            verdicts.append(said)

    # Both answers are frequent enough to mean something.
    assert min(sum(map(bool, verdicts)), sum(not each for each in verdicts)) > CASES / 2


def pod_labels(pod: Object) -> dict[str, str]:
    return {key: value for key, value in pod["metadata"]["labels"].items() if key != "pod-template-hash"}
