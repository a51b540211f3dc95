"""Node groups are nodes, with what Kubernetes has to know of them; scaling a group changes them."""

import json
import time
from collections import Counter
from typing import Any

import pytest

from seatrial import instances

pytestmark = pytest.mark.rehearsal

_GROUP = "eks.amazonaws.com/nodegroup"


def _nodes(running: Any) -> list[dict[str, Any]]:
    return running.cluster().list("v1", "Node")


def _kind(key: str) -> str:
    return key.replace("-", "")


def test_every_group_brings_its_nodes(running: Any) -> None:
    found = Counter(node["metadata"]["labels"][_GROUP] for node in _nodes(running))

    wanted = {
        f"eks-{_kind(key)}-ng-{running.stack}": group.desired_size
        for key, group in running.platform.node_groups.items()
        if group.desired_size
    }
    assert found == wanted


def test_nodes_are_ready_and_spread_over_the_zones(running: Any) -> None:
    nodes = _nodes(running)
    zones = Counter(node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in nodes)

    for node in nodes:
        ready = [each["status"] for each in node["status"]["conditions"] if each["type"] == "Ready"]
        assert ready == ["True"], node["metadata"]["name"]
    assert set(zones) == set(json.loads(running.outputs["availabilityZones"]))
    assert max(zones.values()) - min(zones.values()) <= len(running.platform.node_groups)


def test_nodes_carry_the_labels_and_taints_of_their_group(running: Any) -> None:
    by_group = {f"eks-{_kind(key)}-ng-{running.stack}": group for key, group in running.platform.node_groups.items()}
    for node in _nodes(running):
        labels = node["metadata"]["labels"]
        group = by_group[labels[_GROUP]]
        assert group.labels.items() <= labels.items()
        assert labels["eks.amazonaws.com/capacityType"] == group.capacity_type.value
        assert labels["node.kubernetes.io/instance-type"] in group.instance_types
        found = {(taint["key"], taint.get("value")) for taint in node["spec"].get("taints", [])}
        assert found == {(taint.key, taint.value) for taint in group.taints}


def test_nodes_have_the_room_that_eks_computes(running: Any) -> None:
    for node in _nodes(running):
        kind = instances.find(node["metadata"]["labels"]["node.kubernetes.io/instance-type"])
        assert kind is not None
        capacity, allocatable = node["status"]["capacity"], node["status"]["allocatable"]
        assert capacity["cpu"] == str(kind.vcpus)
        assert int(capacity["pods"]) == int(allocatable["pods"]) == kind.max_pods()
        # The kubelet keeps 11 MiB for each pod and 255 MiB on top, and evicts before the last 100 MiB are gone.
        kept = 11 * kind.max_pods() + 255 + 100
        assert _mib(capacity["memory"]) - _mib(allocatable["memory"]) == pytest.approx(kept, abs=1)
        assert _mib(capacity["memory"]) <= kind.memory_mib


def _mib(quantity: str) -> float:
    return int(quantity.removesuffix("Ki")) / 1024 if quantity.endswith("Ki") else int(quantity.removesuffix("Mi"))


def test_scaling_a_group_changes_its_nodes(dev: Any) -> None:
    eks, name, group = dev.aws("eks"), dev.outputs["clusterName"], dev.outputs["onDemandNodeGroupName"]
    before = _size(dev, group)
    try:
        _scale(eks, name, group, before + 1)
        assert _settles(dev, group, before + 1)
    finally:
        _scale(eks, name, group, before)
    assert _settles(dev, group, before)


def _scale(eks: Any, cluster: str, group: str, size: int) -> None:
    waiter = eks.get_waiter("nodegroup_active")
    waiter.config.delay = 1
    waiter.wait(clusterName=cluster, nodegroupName=group)
    eks.update_nodegroup_config(clusterName=cluster, nodegroupName=group, scalingConfig={"desiredSize": size})


def _size(running: Any, group: str) -> int:
    return len([node for node in _nodes(running) if node["metadata"]["labels"][_GROUP] == group])


def _settles(running: Any, group: str, size: int) -> bool:
    deadline = time.monotonic() + 60
    while _size(running, group) != size and time.monotonic() < deadline:
        time.sleep(0.3)
    return _size(running, group) == size


def test_the_cluster_is_found_at_its_address(running: Any) -> None:
    service = running.cluster().get(
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "kube-dns", "namespace": "kube-system"}}
    )

    assert service["spec"]["clusterIP"] == running.outputs["dnsServiceIp"]


def test_what_eks_would_run_says_that_it_stands_in(running: Any) -> None:
    stand_ins = [
        f"{each['kind']}/{each['metadata']['name']}"
        for kind in ("Deployment", "DaemonSet")
        for each in running.cluster().list("apps/v1", kind, "kube-system", "seatrial.dev/stand-in=true")
    ]

    assert {"DaemonSet/aws-node", "DaemonSet/kube-proxy", "Deployment/coredns"} <= set(stand_ins)
    assert all(node["metadata"]["labels"]["seatrial.dev/stand-in"] == "true" for node in _nodes(running))
