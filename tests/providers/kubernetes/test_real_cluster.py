"""The provider over a real control plane, with the real Helm."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import textwrap
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pulumi.provider.experimental import provider as protocol

from seatrial.rehearsal import equipment, toolchain
from seatrial.rehearsal.control_plane import Blueprint, ControlPlane, Phase
from seatrial.rehearsal.kubernetes_api import Cluster
from seatrial.rehearsal.progress import Silent
from seatrial.rehearsal.providers.kubernetes.readiness import wait
from seatrial.rehearsal.providers.refusals import InitFailed, ProviderFault
from seatrial.rehearsal.providers.values import property_values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import FreshDriver, Values

    Driver = Any

pytestmark = pytest.mark.rehearsal

_PATIENCE = 120.0
RELEASE = "kubernetes:helm.sh/v3:Release"


def _key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()).decode()


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane with a node."""
    tools = equipment.control_plane(toolchain.provide_kubernetes("1.36", Silent()))
    blueprint = Blueprint(
        name="real",
        folder=tmp_path_factory.mktemp("plane"),
        issuer="https://localhost:29999/oidc/id/ABC",
        signing_key=_key(),
        service_cidr="172.20.0.0/16",
        token_webhook="https://localhost:29999/_seatrial/token-review",
        webhook_authority=b"",
    )
    plane = ControlPlane(blueprint, tools)
    plane.start()
    deadline = time.monotonic() + _PATIENCE
    while plane.phase is Phase.STARTING and time.monotonic() < deadline:
        time.sleep(0.05)
    try:
        assert plane.phase is Phase.READY, plane.reason
        _reach(plane).apply(_node(), "eks")
        yield plane
    finally:
        plane.remove()


def _node() -> Values:
    room = {"cpu": "8", "memory": "32Gi", "pods": "110"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "ours", "annotations": {"kwok.x-k8s.io/node": "fake"}},
        "spec": {"providerID": "aws:///us-east-2a/i-1"},
        "status": {"capacity": room, "allocatable": room},
    }


def _reach(plane: ControlPlane) -> Cluster:
    return Cluster.of_kubeconfig(plane.admin_kubeconfig.read_text())


@pytest.fixture
def cluster(plane: ControlPlane) -> Cluster:
    """What somebody else does things with."""
    return _reach(plane)


@pytest.fixture
def driver(plane: ControlPlane, fresh_driver: FreshDriver) -> Driver:
    """A provider over it."""
    return fresh_driver().configure(kubeconfig=plane.admin_kubeconfig.read_text())


@pytest.fixture
def space(driver: Driver, cluster: Cluster) -> Iterator[str]:
    """A namespace of one's own."""
    name = f"space-{uuid.uuid4().hex[:8]}"
    driver.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    cluster.delete("v1", "Namespace", name)  # it takes some seconds to go, for which nobody waits


def _object(version: str, kind: str, space: str, name: str = "it", **fields: Any) -> Values:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": space}, **fields}


def _web(space: str, replicas: int = 1, label: str = "web", name: str = "web") -> Values:
    pod = {"containers": [{"name": "web", "image": "web:1", "resources": {"requests": {"cpu": "0.5"}}}]}
    labels = {"app": label}
    template = {"metadata": {"labels": labels}, "spec": pod}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return _object("apps/v1", "Deployment", space, name, spec=spec)


def _everyday(space: str) -> list[Values]:
    labels = {"app": "web"}
    subject = {"kind": "Group", "name": "team", "apiGroup": "rbac.authorization.k8s.io"}
    ref = {"kind": "Role", "name": "it", "apiGroup": "rbac.authorization.k8s.io"}
    rbac = "rbac.authorization.k8s.io/v1"
    storage = {"provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp3"}, "reclaimPolicy": "Delete"}
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1024Mi"}}}
    limit = {"type": "Container", "default": {"cpu": "0.5", "memory": "0.5Gi"}, "defaultRequest": {"cpu": "100m"}}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "a", "image": "a"}]}}
    job = {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a"}]}}}
    cluster_wide = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": f"sc-{space}"}}
    return [
        _object("v1", "ConfigMap", space, data={"a": "b"}),
        _object("v1", "Secret", space, stringData={"a": "b"}),
        _object("v1", "ServiceAccount", space, automountServiceAccountToken=False),
        _object("v1", "ResourceQuota", space, spec={"hard": {"requests.cpu": "4000m", "pods": "20"}}),
        _object("v1", "LimitRange", space, spec={"limits": [limit]}),
        _object("networking.k8s.io/v1", "NetworkPolicy", space, spec={"podSelector": {}, "policyTypes": ["Egress"]}),
        _object(rbac, "Role", space, rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]),
        _object(rbac, "RoleBinding", space, roleRef=ref, subjects=[subject]),
        _object(
            "policy/v1", "PodDisruptionBudget", space, spec={"minAvailable": 1, "selector": {"matchLabels": labels}}
        ),
        {**cluster_wide, **storage, "volumeBindingMode": "WaitForFirstConsumer", "allowVolumeExpansion": True},
        _object("v1", "PersistentVolumeClaim", space, spec={**claim, "storageClassName": f"sc-{space}"}),
        _web(space),
        _object("v1", "Service", space, spec={"selector": labels, "ports": [{"port": 80, "targetPort": 8080}]}),
        _object("apps/v1", "DaemonSet", space, spec={"selector": {"matchLabels": labels}, "template": template}),
        _object("apps/v1", "StatefulSet", space, spec={"selector": {"matchLabels": labels}, "template": template}),
        _object("v1", "Pod", space, spec={"containers": [{"name": "a", "image": "a"}]}),
        _object("batch/v1", "Job", space, "stays", spec={**job, "suspend": True}) | _unawaited(space, "stays"),
    ]


def _unawaited(space: str, name: str) -> Values:
    marks = {"pulumi.com/skipAwait": "true"}
    return {"metadata": {"name": name, "namespace": space, "annotations": marks}}


def test_namespace_goes_with_what_is_in_it(driver: Driver, cluster: Cluster, space: str) -> None:
    manifest = _object("v1", "ConfigMap", space, data={"a": "b"})
    driver.create(manifest)

    driver.delete("kubernetes:core/v1:Namespace", space, seconds=60)

    assert cluster.get(manifest) is None


def test_everyday_objects_settle_at_once(driver: Driver, space: str) -> None:
    for manifest in _everyday(space):
        token = driver.token(manifest)
        identity, state = driver.create(manifest, seconds=60)

        assert driver.changes(state, manifest) == {}, manifest["kind"]
        refreshed = driver.read(token, identity, state, manifest)
        assert refreshed, manifest["kind"]
        assert refreshed[1] == manifest
        assert driver.changes(refreshed[0], manifest) == {}, manifest["kind"]
        again = driver.update(refreshed[0], manifest, seconds=60)
        assert again["metadata"]["uid"] == state["metadata"]["uid"]


def test_what_can_not_be_changed_is_made_anew(driver: Driver, space: str) -> None:
    identity, state = driver.create(_web(space), seconds=60)
    token = driver.token(_web(space))

    other = driver.diff(state, _web(space, label="other"))
    assert (other.replaces, other.delete_before_replace) == (["spec"], True)
    more = driver.changes(state, _web(space, replicas=2))
    assert more == {"spec.replicas": "UPDATE"}

    driver.delete(token, identity, state, seconds=60)
    _, anew = driver.create(_web(space, label="other"), seconds=60)
    assert anew["metadata"]["uid"] != state["metadata"]["uid"]
    assert anew["status"]["availableReplicas"] == 1


def test_api_server_says_what_else_can_not_be_changed(driver: Driver, space: str) -> None:
    frozen = _object("v1", "ConfigMap", space, data={"a": "b"}, immutable=True)

    _, state = driver.create(frozen)

    assert driver.changes(state, {**frozen, "immutable": False}) == {"immutable": "UPDATE_REPLACE"}


def test_drift_is_found_and_repaired(driver: Driver, cluster: Cluster, space: str) -> None:
    manifest = _object("v1", "ConfigMap", space, data={"a": "b"})
    identity, state = driver.create(manifest)
    token = driver.token(manifest)
    cluster.apply({**manifest, "data": {"a": "c", "own": "field"}}, "somebody")

    refreshed = driver.read(token, identity, state, manifest)

    assert refreshed
    assert refreshed[1]["data"] == {"a": "c"}
    assert driver.changes(refreshed[0], manifest) == {"data.a": "UPDATE_REPLACE"}
    with pytest.raises(ProviderFault, match=r'conflict with "somebody".*pulumi\.com/patchForce'):
        driver.update(refreshed[0], manifest)
    marks = {"pulumi.com/patchForce": "true"}
    forced = {**manifest, "metadata": {**manifest["metadata"], "annotations": marks}}
    assert driver.update(refreshed[0], forced)["data"] == {"a": "b", "own": "field"}


def test_full_quota_is_told_early(driver: Driver, space: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "_STUCK_SECONDS", 2.0)
    driver.create(_object("v1", "ResourceQuota", space, spec={"hard": {"pods": "0"}}))

    for manifest in (_web(space), {**_web(space, name="set"), "kind": "StatefulSet"}):
        with pytest.raises(InitFailed, match="exceeded quota: it, requested: pods=1, used: pods=0, limited: pods=0"):
            driver.create(manifest, seconds=60)


def test_misspelled_field_is_told(driver: Driver, space: str) -> None:
    wrong = _web(space)
    wrong["spec"]["replica"] = 1

    with pytest.raises(ProviderFault, match=r"\.spec\.replica: field not declared in schema"):
        driver.create(wrong)


def test_custom_resource_waits_for_its_definition(driver: Driver, cluster: Cluster, space: str) -> None:
    schema = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"sails": {"type": "integer"}}}},
    }
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": "Ship", "plural": "ships"}
    definition: Values = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "ships.e.test"},
        "spec": {"group": "e.test", "scope": "Namespaced", "names": names, "versions": [version]},
    }
    ship = _object("e.test/v1", "Ship", space, spec={"sails": 3})
    with ThreadPoolExecutor(1) as early:
        waiting = early.submit(driver.create, ship, seconds=60)
        time.sleep(0.2)
        identity, state = driver.create(definition)
        of_ship, made = waiting.result()

    assert driver.changes(made, ship) == {}
    assert cluster.get(ship)
    driver.delete("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", identity, state, seconds=60)
    driver.delete("kubernetes:e.test/v1:Ship", of_ship, made)
    assert driver.read("kubernetes:e.test/v1:Ship", of_ship, made, ship) is None


def test_many_objects_are_made_at_once(driver: Driver, space: str) -> None:
    manifests = [_object("v1", "ConfigMap", space, f"it-{number}", data={"a": "b"}) for number in range(60)]
    requests = [
        protocol.CreateRequest(driver.urn(driver.token(it), it["metadata"]["name"]), property_values(it), 60, False)  # noqa: FBT003 (the protocol's)
        for it in manifests
    ]

    async def create() -> None:
        await asyncio.gather(*(driver.provider.create(it) for it in requests))

    began = time.monotonic()
    asyncio.run(create())

    assert time.monotonic() - began < 10


@pytest.fixture
def tools(plane: ControlPlane, fresh_driver: FreshDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """A provider that has Helm."""
    monkeypatch.setenv("SEATRIAL_HELM", str(toolchain.provide(toolchain.HELM, Silent()).path))
    monkeypatch.setenv("SEATRIAL_STATE_DIR", str(tmp_path / "state"))
    return fresh_driver().configure(kubeconfig=plane.admin_kubeconfig.read_text())


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A chart with a Deployment and a hook that takes a while."""
    folder = tmp_path / "demo"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("{apiVersion: v2, name: demo, version: 0.1.0, appVersion: '7'}")
    (folder / "values.yaml").write_text("{replicas: 1, text: hello}")
    (folder / "templates" / "all.yaml").write_text(
        textwrap.dedent(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{ .Release.Name }}}
            data: {text: {{ .Values.text | quote }}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{ .Release.Name }}}
            spec:
              replicas: {{ .Values.replicas }}
              selector: {matchLabels: {app: {{ .Release.Name }}}}
              template:
                metadata: {labels: {app: {{ .Release.Name }}}}
                spec:
                  containers: [{name: a, image: a, resources: {requests: {cpu: {{ .Values.cpu | default "1m" }}}}}]
            """
        )
    )
    return folder


def _release(space: str, chart: Path, **values: Any) -> Values:
    named = {"name": "demo", "namespace": space, "chart": str(chart), "version": "0.1.0"}
    return {**named, "values": values, "atomic": True, "cleanupOnFail": True, "timeout": 60, "compat": "true"}


def test_chart_is_installed_upgraded_and_uninstalled(tools: Driver, cluster: Cluster, space: str, chart: Path) -> None:
    identity, state = tools.create(_release(space, chart), token=RELEASE)

    assert (state["status"]["status"], state["status"]["appVersion"]) == ("deployed", "7")
    assert state["resourceNames"] == {"ConfigMap/v1": [f"{space}/demo"], "Deployment/apps/v1": [f"{space}/demo"]}
    assert tools.changes(state, _release(space, chart), token=RELEASE) == {}
    assert tools.read(RELEASE, identity, state, _release(space, chart)) == (state, _release(space, chart))

    bye = _release(space, chart, text="bye")
    assert tools.changes(state, bye, token=RELEASE) == {"values.text": "ADD"}
    changed = tools.update(state, bye, token=RELEASE)
    settings = cluster.get(_object("v1", "ConfigMap", space, "demo"))
    assert settings
    assert (settings["data"], changed["status"]["revision"]) == ({"text": "bye"}, 2)

    tools.delete(RELEASE, identity, changed, seconds=60)
    assert cluster.list("v1", "Pod", space) == []


def test_chart_that_does_not_become_ready_is_undone(tools: Driver, cluster: Cluster, space: str, chart: Path) -> None:
    huge = {**_release(space, chart, cpu="900"), "timeout": 3}

    with pytest.raises(ProviderFault, match="not ready"):
        tools.create(huge, token=RELEASE)

    assert cluster.get(_web(space, name="demo")) is None
    assert tools.create(_release(space, chart), token=RELEASE)[1]["status"]["status"] == "deployed"


def test_killed_helm_does_not_stand_in_the_way(
    tools: Driver, cluster: Cluster, space: str, chart: Path, tmp_path: Path
) -> None:
    huge = _release(space, chart, cpu="900")
    failed: list[ProviderFault] = []

    def install() -> None:
        try:
            tools.create(huge, token=RELEASE)
        except ProviderFault as fault:
            failed.append(fault)

    thread = threading.Thread(target=install)
    thread.start()
    deadline = time.monotonic() + _PATIENCE
    while not cluster.get(_web(space, name="demo")) and time.monotonic() < deadline:
        time.sleep(0.05)
    [record] = (tmp_path / "state" / "helm" / "processes").glob("helm-*.json")
    pid = json.loads(record.read_text())["pid"]
    assert psutil.Process(pid).ppid() == os.getpid()
    os.kill(pid, signal.SIGKILL)
    thread.join()

    assert failed
    assert tools.create(_release(space, chart), token=RELEASE)[1]["status"]["status"] == "deployed"
