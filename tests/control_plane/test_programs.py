"""How the processes are started, and what they read."""

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from cryptography.hazmat.primitives import serialization

from seatrial.rehearsal.control_plane import programs, settings
from seatrial.rehearsal.control_plane.blueprint import Blueprint, Folder
from seatrial.rehearsal.control_plane.ports import Ports

if TYPE_CHECKING:
    from conftest import Yard

PORTS = Ports(api=20001, etcd=20002, peer=20003, controller_manager=20004, scheduler=20005)


def _commands(yard: "Yard") -> dict[str, list[str]]:
    blueprint = yard.blueprint()
    stages = [
        programs.storage(blueprint, yard.tools, PORTS),
        programs.api(blueprint, yard.tools, PORTS),
        programs.clients(blueprint, yard.tools, PORTS),
    ]
    return {program.name: list(program.command) for stage in stages for program in stage}


@pytest.mark.parametrize(
    ("process", "argument"),
    [
        ("etcd", "--listen-client-urls=https://127.0.0.1:20002"),
        ("etcd", "--listen-peer-urls=https://127.0.0.1:20003"),
        ("etcd", "--client-cert-auth=true"),
        ("etcd", "--peer-client-cert-auth=true"),
        ("etcd", "--unsafe-no-fsync=true"),
        ("kube-apiserver", "--bind-address=127.0.0.1"),
        ("kube-apiserver", "--secure-port=20001"),
        ("kube-apiserver", "--etcd-servers=https://127.0.0.1:20002"),
        ("kube-apiserver", "--service-cluster-ip-range=172.20.0.0/16"),
        ("kube-apiserver", "--authorization-mode=Node,RBAC"),
        ("kube-apiserver", "--enable-admission-plugins=NodeRestriction,PodSecurity,ResourceQuota,LimitRanger"),
        ("kube-apiserver", "--service-account-issuer=https://localhost:29999/oidc/id/ABC"),
        ("kube-apiserver", "--api-audiences=https://kubernetes.default.svc"),
        ("kube-apiserver", "--authentication-token-webhook-version=v1"),
        ("kube-controller-manager", "--use-service-account-credentials=true"),
        ("kube-controller-manager", "--allocate-node-cidrs=false"),
        ("kube-controller-manager", "--bind-address=127.0.0.1"),
        ("kube-controller-manager", "--secure-port=20004"),
        ("kube-scheduler", "--bind-address=127.0.0.1"),
        ("kube-scheduler", "--secure-port=20005"),
        ("kwok", "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"),
        ("kwok", "--cidr=100.64.0.0/16"),
    ],
)
def test_a_process_is_told(yard: "Yard", process: str, argument: str) -> None:
    assert argument in _commands(yard)[process]


def test_every_process_runs_its_own_executable(yard: "Yard") -> None:
    assert {name: command[0] for name, command in _commands(yard).items()} == {
        "etcd": str(yard.tools.etcd),
        "kube-apiserver": str(yard.tools.kube_apiserver),
        "kube-controller-manager": str(yard.tools.kube_controller_manager),
        "kube-scheduler": str(yard.tools.kube_scheduler),
        "kwok": str(yard.tools.kwok),
    }


def test_every_file_that_a_process_is_told_is_there(yard: "Yard") -> None:
    one = yard.plane()
    yard.await_start(one)

    told = [argument.partition("=")[2] for command in _commands(yard).values() for argument in command[1:]]
    paths = [Path(value) for value in told if value.startswith("/")]

    assert len(paths) > 15
    assert [path for path in paths if not path.exists()] == []


@pytest.mark.parametrize(
    ("cidr", "address"), [("172.20.0.0/16", "172.20.0.1"), ("10.100.0.0/16", "10.100.0.1"), ("fd00::/108", "fd00::1")]
)
def test_the_api_has_the_first_service_address(tmp_path: Path, cidr: str, address: str) -> None:
    blueprint = Blueprint(
        name="one",
        folder=tmp_path,
        issuer="",
        signing_key="",
        service_cidr=cidr,
        token_webhook="",
        webhook_authority=b"",
    )

    assert blueprint.service_address == address


def _settings(yard: "Yard", version: str = "1.36.2") -> Folder:
    blueprint = yard.blueprint()
    yard.plane()
    folder = Folder(blueprint.folder)
    settings.write(blueprint, folder, "https://127.0.0.1:20001", version)
    return folder


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


def test_a_kubeconfig_holds_all_that_its_client_needs(yard: "Yard") -> None:
    folder = _settings(yard)

    config = _read(folder.kubeconfig("eks"))

    context = config["contexts"][0]
    assert config["current-context"] == context["name"] == config["clusters"][0]["name"]
    assert context["context"] == {"cluster": "one", "user": "eks"}
    assert config["clusters"][0]["cluster"] == {
        "server": "https://127.0.0.1:20001",
        "certificate-authority-data": _encoded(folder.certificate("kubernetes-ca")),
    }
    assert config["users"][0]["user"] == {
        "client-certificate-data": _encoded(folder.certificate("eks")),
        "client-key-data": _encoded(folder.key("eks")),
    }


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def test_the_webhook_is_verified(yard: "Yard") -> None:
    folder = _settings(yard)

    cluster = _read(folder.settings / settings.WEBHOOK)["clusters"][0]["cluster"]

    assert cluster["server"] == "https://localhost:29999/_seatrial/token-review"
    assert base64.b64decode(cluster["certificate-authority-data"]) == yard.blueprint().webhook_authority


def test_nobody_without_credentials_gets_beyond_the_state_of_health(yard: "Yard") -> None:
    folder = _settings(yard)

    anonymous = _read(folder.settings / settings.AUTHENTICATION)["anonymous"]

    assert anonymous["conditions"] == [{"path": "/healthz"}, {"path": "/livez"}, {"path": "/readyz"}]


@pytest.mark.parametrize(("version", "api"), [("1.33.5", "v1beta1"), ("1.34.0", "v1"), ("1.36.2", "v1")])
def test_kube_apiserver_knows_how_its_settings_are_written(yard: "Yard", version: str, api: str) -> None:
    folder = _settings(yard, version)

    assert _read(folder.settings / settings.AUTHENTICATION)["apiVersion"] == f"apiserver.config.k8s.io/{api}"


def test_tokens_are_verified_with_the_public_half_of_the_key(yard: "Yard") -> None:
    folder = _settings(yard)

    private = serialization.load_pem_private_key((folder.settings / settings.SIGNING_KEY).read_bytes(), None)
    public = serialization.load_pem_public_key((folder.settings / settings.VERIFYING_KEY).read_bytes())

    assert private.public_key() == public


def test_the_stages_bring_nodes_and_pods_to_life_and_pods_to_an_end() -> None:
    documents = list(yaml.safe_load_all(Path(programs.__file__).with_name("stages.yaml").read_text()))

    assert {document["metadata"]["name"] for document in documents} == {
        "node-ready",
        "node-heartbeat",
        "pod-running",
        "pod-completed",
        "pod-gone",
    }
    assert {document["spec"]["resourceRef"]["kind"] for document in documents} == {"Node", "Pod"}
