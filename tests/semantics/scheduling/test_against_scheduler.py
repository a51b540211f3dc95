"""kube-scheduler itself decides about generated pods, one at a time: the evaluator agrees about each, word for word."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import pytest

from seatrial.rehearsal.kubernetes_api import Cluster, Refused
from seatrial.semantics.scheduling import Node, Occupancy, Pod, Taint, read, verdict

pytestmark = pytest.mark.rehearsal

Object = dict[str, Any]

CASES: Final = 25
PODS: Final = 9
PATIENCE: Final = 60.0

NAMESPACES: Final = {"one": {"team": "a"}, "two": {"team": "b"}}
APPS, ZONES = ("web", "db", "job"), ("z1", "z2", "z3")
REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"


def awaited(is_so: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


# Generated nodes and pods, all of them such that the API takes them.


class Dice:
    """Makes nodes and pods by chance, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (no secret)
        self.seed = seed

    def nodes(self) -> list[Node]:
        return [self._node(f"n{self.seed}-{index}") for index in range(self._random.randint(2, 5))]

    def pod(self, index: int) -> Object:
        one = self._random
        labels = {"app": one.choice(APPS), **({"version": one.choice(["1", "2"])} if one.random() < 0.5 else {})}
        spec: Object = {
            "containers": [self._container("main"), *([self._container("side")] if one.random() < 0.2 else [])],
            "terminationGracePeriodSeconds": 0,
        }
        metadata = {"name": f"p{self.seed}-{index}", "namespace": one.choice([*NAMESPACES]), "labels": labels}
        for add in (self._init, self._wishes, self._tolerations, self._spreads, self._affinity):
            if one.random() < 0.45:
                add(spec)
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}

    def _node(self, name: str) -> Node:
        one = self._random
        labels = {
            "kubernetes.io/hostname": name,
            "topology.kubernetes.io/zone": one.choice(ZONES),
            "disk": one.choice(["fast", "slow"]),
            "cores": one.choice(["2", "4", "many"]),
        }
        for key in ("topology.kubernetes.io/zone", "cores"):
            if one.random() < 0.15:
                del labels[key]
        taints = [Taint(key="dedicated", value="gpu", effect="NoSchedule")] if one.random() < 0.25 else []
        return Node(
            name=name,
            labels=labels,
            cpu=one.choice([500, 1000, 2000]),
            memory=one.choice([2**28, 2**30]),
            pods=one.choice([2, 4, 10]),
            taints=tuple(taints),
            others={"example.com/gpu": one.choice([0, 1])},
            unschedulable=one.random() < 0.1,
        )

    def _container(self, name: str) -> Object:
        one = self._random
        amounts: Object = {"cpu": one.choice(["50m", "0.2", "400m"]), "memory": one.choice(["16Mi", "128M"])}
        kept = {key: amounts[key] for key in amounts if one.random() < 0.7}
        if one.random() < 0.1:
            kept["example.com/gpu"] = "1"
        resources = {"limits": kept} if "example.com/gpu" in kept or one.random() < 0.3 else {"requests": kept}
        ports = [{"containerPort": 8080, "hostPort": one.choice([8080, 9090])}] if one.random() < 0.1 else []
        return {"name": name, "image": "i", "resources": resources, "ports": ports}

    def _init(self, spec: Object) -> None:
        always = {"restartPolicy": "Always"} if self._random.random() < 0.5 else {}
        spec["initContainers"] = [{**self._container("first"), **always}, self._container("second")]

    def _wishes(self, spec: Object) -> None:
        one = self._random
        if one.random() < 0.5:
            spec["nodeSelector"] = {"disk": one.choice(["fast", "slow"])}
            return
        expressions: list[Object] = [
            {"key": "disk", "operator": "In", "values": ["fast"]},
            {"key": "topology.kubernetes.io/zone", "operator": "NotIn", "values": ["z1"]},
            {"key": "cores", "operator": "Gt", "values": ["2"]},
            {"key": "cores", "operator": "Lt", "values": ["4"]},
            {"key": "cores", "operator": "Exists"},
            {"key": "topology.kubernetes.io/zone", "operator": "DoesNotExist"},
        ]
        terms: list[Object] = [{"matchExpressions": one.sample(expressions, 2)} for _ in range(one.randint(1, 2))]
        if one.random() < 0.2:
            named = {"key": "metadata.name", "operator": one.choice(["In", "NotIn"]), "values": [f"n{self.seed}-0"]}
            terms[0]["matchFields"] = [named]
        spec["affinity"] = {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": terms}}}

    def _tolerations(self, spec: Object) -> None:
        spec["tolerations"] = self._random.choice(
            [
                [{"operator": "Exists"}],
                [{"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}],
                [{"key": "dedicated", "value": "other"}],
                [{"key": "node.kubernetes.io/unschedulable", "operator": "Exists"}],
            ]
        )

    def _selector(self) -> Object | None:
        one = self._random
        expression = {"key": "app", "operator": one.choice(["In", "NotIn"]), "values": [one.choice(APPS)]}
        choices: list[Object | None] = [{}, {"matchExpressions": [expression]}, None]
        return one.choice([*choices, *({"matchLabels": {"app": app}} for app in APPS * 2)])

    def _spreads(self, spec: Object) -> None:
        keys = self._random.sample(
            ["topology.kubernetes.io/zone", "kubernetes.io/hostname"], self._random.randint(1, 2)
        )
        spec["topologySpreadConstraints"] = [self._spread(key) for key in keys]

    def _spread(self, key: str) -> Object:
        one = self._random
        selector = self._selector()
        more: Object = {
            "labelSelector": selector,
            "minDomains": one.randint(1, 4),
            "nodeTaintsPolicy": one.choice(["Honor", "Ignore"]),
            "nodeAffinityPolicy": one.choice(["Honor", "Ignore"]),
            **({"matchLabelKeys": ["version"]} if selector is not None else {}),
        }
        kept = {name: value for name, value in more.items() if name == "labelSelector" or one.random() < 0.4}
        present = {name: value for name, value in kept.items() if value is not None}
        return {"topologyKey": key, "maxSkew": one.randint(1, 2), "whenUnsatisfiable": "DoNotSchedule", **present}

    def _affinity(self, spec: Object) -> None:
        kinds = self._random.sample(["podAffinity", "podAntiAffinity", "podAntiAffinity"], 1)
        known: Object = spec.setdefault("affinity", {})
        for kind in kinds:
            known[kind] = {REQUIRED: [self._term() for _ in range(self._random.randint(1, 2))]}

    def _term(self) -> Object:
        one = self._random
        selector = self._selector()
        more: Object = {
            "namespaces": [one.choice([*NAMESPACES])],
            "namespaceSelector": one.choice([{}, {"matchLabels": {"team": "a"}}]),
        }
        keys = {"matchLabelKeys": ["version"]} if selector and one.random() < 0.2 else {}
        kept = {name: value for name, value in more.items() if one.random() < 0.25}
        key = one.choice(["topology.kubernetes.io/zone", "kubernetes.io/hostname"])
        return {"topologyKey": key, **({"labelSelector": selector} if selector is not None else {}), **kept, **keys}


def described(node: Node) -> Object:
    """Describe a node as its kubelet would."""
    amounts = {"cpu": f"{node.cpu}m", "memory": str(node.memory), "pods": str(node.pods)}
    capacity = {**amounts, **{name: str(amount) for name, amount in node.others.items()}}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node.name, "labels": dict(node.labels), "annotations": {"kwok.x-k8s.io/node": "fake"}},
        "spec": {
            "taints": [{"key": each.key, "value": each.value, "effect": each.effect} for each in node.taints],
            "unschedulable": node.unschedulable,
        },
        "status": {"capacity": capacity, "allocatable": capacity},
    }


def make(cluster: Cluster, nodes: list[Node]) -> list[Node]:
    """Make nodes; return them with the taints that the cluster adds once they are ready."""
    for node in nodes:
        cluster.create(described(node))

    def taints() -> dict[str, tuple[Taint, ...]]:
        return {
            each["metadata"]["name"]: tuple(
                Taint(key=taint["key"], value=taint.get("value", ""), effect=taint["effect"])
                for taint in each["spec"].get("taints", [])
            )
            for each in cluster.list("v1", "Node")
        }

    awaited(lambda: not any("not-ready" in taint.key for found in taints().values() for taint in found), "nodes")
    cordoned = {node.name for node in nodes if node.unschedulable}
    awaited(lambda: all(any("unschedulable" in t.key for t in taints()[name]) for name in cordoned), "the taint")
    return [replace(node, taints=taints()[node.name]) for node in nodes]


def asked(cluster: Cluster, value: Object) -> tuple[str, str]:
    """Let the scheduler decide about a pod; return its node, or what is said of it."""
    path = f"/api/v1/namespaces/{value['metadata']['namespace']}/pods/{value['metadata']['name']}"
    cluster.create(value)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        pod = cluster.request("GET", path)
        if pod["spec"].get("nodeName"):
            return pod["spec"]["nodeName"], ""
        for condition in pod["status"].get("conditions", []):
            if (condition["type"], condition["status"]) == ("PodScheduled", "False"):
                cluster.request("DELETE", path, {"gracePeriodSeconds": 0})
                return "", condition["message"]
        time.sleep(0.02)
    raise AssertionError(f"nothing became of {path}")


def clear(cluster: Cluster) -> None:
    """Take every pod, then every node away."""
    for namespace in NAMESPACES:
        cluster.request("DELETE", f"/api/v1/namespaces/{namespace}/pods", {"gracePeriodSeconds": 0})
    awaited(lambda: not any(cluster.list("v1", "Pod", namespace=each) for each in NAMESPACES), "the pods' end")
    cluster.request("DELETE", "/api/v1/nodes")
    awaited(lambda: not cluster.list("v1", "Node"), "the nodes' end")


def pods(cluster: Cluster, dice: Dice) -> Iterator[tuple[Object, tuple[str, str]]]:
    """Give pods that the API takes, each with what the scheduler said."""
    for index in range(PODS):
        value = dice.pod(index)
        with suppress(Refused):
            yield value, asked(cluster, value)


@pytest.fixture(autouse=True)
def _namespaces(cluster: Cluster) -> None:
    for name, labels in NAMESPACES.items():
        cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    awaited(lambda: all(cluster.list("v1", "ServiceAccount", namespace=name) for name in NAMESPACES), "accounts")


def test_the_evaluator_agrees_with_the_scheduler_about_every_pod(cluster: Cluster) -> None:
    placed = pending = 0
    for seed in range(CASES):
        dice = Dice(seed)
        occupancy = Occupancy(make(cluster, dice.nodes()), NAMESPACES)
        for value, (node, message) in pods(cluster, dice):
            pod = Pod(value["metadata"]["name"], read([value]).pods[0].template)
            found = verdict(pod, occupancy)
            told = f"case {seed}: {value} on {list(occupancy.nodes())}"
            if node:
                assert node in found.feasible, f"{told}: the scheduler chose {node}; found {found.reasons}"
                occupancy.bind(pod, node)
                placed += 1
            else:
                assert not found.feasible, f"{told}: {message}"
                assert message.startswith(said(found.reasons)), f"{told}: {message}"
                pending += 1
        clear(cluster)

    # Both answers are frequent enough to mean something.
    assert min(placed, pending) > CASES
    assert placed + pending > CASES * PODS * 0.9


def said(reasons: Any) -> str:
    from seatrial.semantics.scheduling import Pending, Template  # noqa: PLC0415 (only words)

    return str(Pending(Pod("p", Template(namespace="d")), reasons)).removeprefix("d/p: ")
