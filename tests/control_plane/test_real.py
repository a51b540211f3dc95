"""A real control plane: what a cluster of EKS does, as far as no instance is needed."""

import base64
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from seatrial.rehearsal import equipment, processes, toolchain
from seatrial.rehearsal.control_plane import ControlPlane, Phase, Tools
from seatrial.rehearsal.kubernetes_api import Cluster, Refused
from seatrial.rehearsal.progress import Silent

if TYPE_CHECKING:
    from conftest import MakeYard, Wait, Yard

pytestmark = pytest.mark.rehearsal


@pytest.fixture(scope="module")
def tools() -> Tools:
    """The real executables, found or built."""
    return equipment.control_plane(toolchain.provide_kubernetes("1.36", Silent()))


@pytest.fixture(scope="module")
def home(tools: Tools, make_yard: "MakeYard", tmp_path_factory: pytest.TempPathFactory) -> Generator["Yard"]:
    """A place with one real control plane, for the tests that only use it."""
    with make_yard(tmp_path_factory.mktemp("real"), tools) as yard:
        yield yard


@pytest.fixture(scope="module")
def real(home: "Yard") -> ControlPlane:
    """A real control plane, ready."""
    return _started(home)


def _started(yard: "Yard") -> ControlPlane:
    plane = yard.plane()
    yard.await_start(plane)
    assert plane.phase is Phase.READY, plane.reason
    return plane


def _cluster(plane: ControlPlane) -> Cluster:
    return Cluster.of_kubeconfig(plane.admin_kubeconfig.read_text())


def _node(name: str, **annotations: str) -> dict[str, Any]:
    room = {"cpu": "2", "memory": "8Gi", "pods": "29"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "annotations": annotations},
        "spec": {"providerID": f"aws:///us-east-2a/{name}"},
        "status": {
            "capacity": room,
            "allocatable": room,
            "addresses": [{"type": "InternalIP", "address": "10.0.1.5"}],
        },
    }


def _namespace(name: str, level: str) -> dict[str, Any]:
    labels = {"pod-security.kubernetes.io/enforce": level}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _pod(**others: Any) -> dict[str, Any]:
    return {"containers": [{"name": "web", "image": "registry.k8s.io/pause:3.10", **others}]}


def _workload(kind: str, version: str, pod: dict[str, Any], namespace: str = "dev") -> dict[str, Any]:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": pod}
    spec = {"template": template} | ({"selector": {"matchLabels": labels}} if kind != "Job" else {})
    metadata = {"name": f"web-{kind.lower()}", "namespace": namespace}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def test_workloads_run_on_the_nodes_that_are_ours(real: ControlPlane, wait: "Wait") -> None:
    cluster = _cluster(real)
    cluster.apply(_node("ours", **{"kwok.x-k8s.io/node": "fake"}), "eks")
    cluster.apply(_node("another") | {"spec": {"unschedulable": True}}, "eks")
    cluster.apply(_namespace("dev", "baseline"), "test")
    with_init = {**_pod(), "initContainers": [{"name": "first", "image": "registry.k8s.io/pause:3.10"}]}
    deployment = cluster.apply(_workload("Deployment", "apps/v1", with_init), "test")
    job = cluster.apply(_workload("Job", "batch/v1", {**_pod(), "restartPolicy": "Never"}), "test")

    assert wait(lambda: _status(cluster, deployment).get("readyReplicas") == 1)
    assert wait(lambda: _status(cluster, job).get("succeeded") == 1)

    pods = cluster.list("v1", "Pod", "dev")
    assert {pod["spec"]["nodeName"] for pod in pods} == {"ours"}
    assert all(pod["status"]["podIP"].startswith("100.64.") for pod in pods)
    assert _conditions(cluster, "ours") == {"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"}
    assert _conditions(cluster, "another") == set()
    assert _status(cluster, _node("ours"))["addresses"] == [{"type": "InternalIP", "address": "10.0.1.5"}]


def _status(cluster: Cluster, manifest: dict[str, Any]) -> dict[str, Any]:
    return (cluster.get(manifest) or {}).get("status", {})


def _conditions(cluster: Cluster, node: str) -> set[str]:
    return {condition["type"] for condition in _status(cluster, _node(node)).get("conditions", [])}


def test_what_is_deleted_goes(real: ControlPlane, wait: "Wait") -> None:
    cluster = _cluster(real)
    cluster.apply(_node("ours", **{"kwok.x-k8s.io/node": "fake"}), "eks")
    cluster.apply(_namespace("going", "baseline"), "test")
    deployment = cluster.apply(_workload("Deployment", "apps/v1", _pod(), "going"), "test")
    assert wait(lambda: _status(cluster, deployment).get("readyReplicas") == 1)

    cluster.delete("v1", "Namespace", "going")

    assert wait(lambda: cluster.get(_namespace("going", "baseline")) is None)
    assert cluster.list("v1", "Pod", "going") == []


def test_a_restricted_namespace_takes_no_privileged_pod(real: ControlPlane) -> None:
    cluster = _cluster(real)
    cluster.apply(_namespace("prod", "restricted"), "test")
    metadata = {"name": "mighty", "namespace": "prod"}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": _pod(securityContext={"privileged": True})}

    with pytest.raises(Refused, match='violates PodSecurity "restricted:latest": privileged'):
        cluster.create(pod)


@pytest.mark.parametrize(
    ("asked", "audience", "good_here"),
    [([], "https://kubernetes.default.svc", True), (["sts.amazonaws.com"], "sts.amazonaws.com", False)],
)
def test_tokens_are_of_the_cluster_s_issuer(
    home: "Yard", real: ControlPlane, asked: list[str], audience: str, *, good_here: bool
) -> None:
    """One for AWS says nothing to the API itself, and the other way round."""
    cluster = _cluster(real)
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"audiences": asked}}

    answer = cluster.request("POST", "/api/v1/namespaces/default/serviceaccounts/default/token", request)

    token = answer["status"]["token"]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["iss"], claims["aud"]) == (home.blueprint().issuer, [audience])
    assert _who_is(cluster, token).get("authenticated", False) is good_here


def _who_is(cluster: Cluster, token: str) -> dict[str, Any]:
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}}
    return cluster.request("POST", "/apis/authentication.k8s.io/v1/tokenreviews", review)["status"]


def test_without_credentials_only_the_state_of_health_is_told(real: ControlPlane) -> None:
    config = json.loads(real.admin_kubeconfig.read_text())
    config["users"][0]["user"] = {}
    nobody = Cluster.of_kubeconfig(config)

    with pytest.raises(Refused) as refused:
        nobody.request("GET", "/version")

    assert refused.value.status == 401
    with suppress(ValueError):  # it answers "ok", which is no JSON
        nobody.request("GET", "/readyz")


def test_a_second_start_finds_everything_as_it_was(yard: "Yard", tools: Tools) -> None:
    yard.tools = tools
    first = _started(yard)
    _cluster(first).apply(_namespace("kept", "baseline"), "test")
    first.stop()

    again = _started(yard)

    assert again.endpoint == first.endpoint
    assert _cluster(again).get(_namespace("kept", "baseline"))


def test_it_takes_no_more_than_it_may(home: "Yard", real: ControlPlane) -> None:
    alive = processes.alive(home.root / "one" / "processes")

    assert len(alive) == 5
    assert sum(process.memory_info().rss for process in alive) < 700e6
    assert real.ready_seconds is not None
    assert real.ready_seconds < 30  # on two idle cores three


def test_nobody_else_on_the_machine_is_served(home: "Yard", real: ControlPlane) -> None:
    """Every port is on loopback, and none but health answers without a certificate."""
    alive = processes.alive(home.root / "one" / "processes")
    listening = [each for process in alive for each in process.net_connections() if each.status == psutil.CONN_LISTEN]

    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}
    assert len(listening) == 5
    assert real.endpoint.startswith("https://127.0.0.1:")


def test_it_dies_with_the_account(yard: "Yard", tools: Tools, wait: "Wait") -> None:
    yard.tools = tools
    yard.plane()
    account = subprocess.Popen([sys.executable, "-c", yard.account, *yard.described()], stdout=subprocess.PIPE)
    with account:
        assert account.stdout
        said = account.stdout.readline()
        account.kill()

    assert said == b"ready\n"
    assert wait(lambda: not processes.alive(yard.root / "one" / "processes"))
