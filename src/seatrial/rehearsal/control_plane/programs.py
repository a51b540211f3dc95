"""The command lines of a control plane's processes, set as EKS sets them where that can be seen from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.rehearsal.control_plane import certificates, settings
from seatrial.rehearsal.control_plane.blueprint import Blueprint, Folder, Tools
from seatrial.rehearsal.control_plane.ports import HOST, Ports

ETCD = "etcd"
API_SERVER = "kube-apiserver"
CONTROLLER_MANAGER = "kube-controller-manager"
SCHEDULER = "kube-scheduler"
KWOK = "kwok"

NODES = "kwok.x-k8s.io/node=fake"
"""Annotation of the nodes whose kubelets kwok stands in for."""

_STAGES = Path(__file__).with_name("stages.yaml")

_AUDIENCE = "https://kubernetes.default.svc"
"""Whom the API server takes tokens for, and whom tokens are for when nobody says.

EKS has this one alone. A token for ``sts.amazonaws.com`` is one that was asked for with that audience, and good for
nothing here.
"""

_ADMISSION = "NodeRestriction,PodSecurity,ResourceQuota,LimitRanger"
"""What EKS has on beyond, or among, the defaults."""

_REVIEW_LASTS = "2s"
"""How long a reviewed token is good for without another review: changed access entries count soon."""

_LEASE_SECONDS = 40
"""How long a node's lease lasts, as a kubelet's."""


@dataclass(frozen=True, slots=True)
class Program:
    """What one process runs."""

    name: str
    """What it is: the name of its record and log."""

    command: Sequence[str]
    """Executable and arguments."""


def storage(blueprint: Blueprint, tools: Tools, ports: Ports) -> list[Program]:
    """Give what keeps the objects."""
    return [Program(ETCD, [str(tools.etcd), *_etcd(Folder(blueprint.folder), ports)])]


def api(blueprint: Blueprint, tools: Tools, ports: Ports) -> list[Program]:
    """Give what serves the API, once the storage is there."""
    folder = Folder(blueprint.folder)
    return [Program(API_SERVER, [str(tools.kube_apiserver), *_api_server(blueprint, folder, ports)])]


def clients(blueprint: Blueprint, tools: Tools, ports: Ports) -> list[Program]:
    """Give what works through the API, once it is there."""
    folder = Folder(blueprint.folder)
    return [
        Program(
            CONTROLLER_MANAGER, [str(tools.kube_controller_manager), *_controller_manager(blueprint, folder, ports)]
        ),
        Program(SCHEDULER, [str(tools.kube_scheduler), *_scheduler(folder, ports)]),
        Program(KWOK, [str(tools.kwok), *_kwok(blueprint, folder)]),
    ]


def _etcd(folder: Folder, ports: Ports) -> list[str]:
    client, peer = (f"https://{HOST}:{port}" for port in (ports.etcd, ports.peer))
    options: dict[str, object] = {
        "name": "one",
        "data-dir": folder.data,
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"one={peer}",
        "unsafe-no-fsync": "true",  # survives the end of a process, not of the machine
        "log-level": "error",
    }
    for side in ("", "peer-"):
        options |= {
            f"{side}cert-file": folder.certificate(certificates.ETCD_SERVER),
            f"{side}key-file": folder.key(certificates.ETCD_SERVER),
            f"{side}trusted-ca-file": folder.certificate(certificates.ETCD_AUTHORITY),
            f"{side}client-cert-auth": "true",
        }
    return _written(options)


def _api_server(blueprint: Blueprint, folder: Folder, ports: Ports) -> list[str]:
    return _written(
        {
            "bind-address": HOST,
            "advertise-address": HOST,
            "secure-port": ports.api,
            # Loopback is no address that the Service "kubernetes" may have for an endpoint.
            "endpoint-reconciler-type": "none",
            "service-cluster-ip-range": blueprint.service_cidr,
            "tls-cert-file": folder.certificate(certificates.SERVER),
            "tls-private-key-file": folder.key(certificates.SERVER),
            "client-ca-file": folder.certificate(certificates.AUTHORITY),
            "etcd-servers": f"https://{HOST}:{ports.etcd}",
            "etcd-cafile": folder.certificate(certificates.ETCD_AUTHORITY),
            "etcd-certfile": folder.certificate(certificates.ETCD_CLIENT),
            "etcd-keyfile": folder.key(certificates.ETCD_CLIENT),
            "authorization-mode": "Node,RBAC",
            "enable-admission-plugins": _ADMISSION,
            "allow-privileged": "true",
            "profiling": "false",
            **_authentication(blueprint, folder),
        }
    )


def _authentication(blueprint: Blueprint, folder: Folder) -> dict[str, object]:
    return {
        "authentication-config": folder.settings / settings.AUTHENTICATION,
        "authentication-token-webhook-config-file": folder.settings / settings.WEBHOOK,
        "authentication-token-webhook-version": "v1",
        "authentication-token-webhook-cache-ttl": _REVIEW_LASTS,
        "service-account-issuer": blueprint.issuer,
        "service-account-signing-key-file": folder.settings / settings.SIGNING_KEY,
        "service-account-key-file": folder.settings / settings.VERIFYING_KEY,
        "api-audiences": _AUDIENCE,
    }


def _controller_manager(blueprint: Blueprint, folder: Folder, ports: Ports) -> list[str]:
    return _written(
        {
            "kubeconfig": folder.kubeconfig(certificates.CONTROLLER_MANAGER),
            "cluster-name": blueprint.name,
            "root-ca-file": folder.certificate(certificates.AUTHORITY),
            "service-account-private-key-file": folder.settings / settings.SIGNING_KEY,
            "use-service-account-credentials": "true",
            "allocate-node-cidrs": "false",
            # With its defaults it waits four seconds for itself when a cluster begins: a service account a controller.
            "kube-api-qps": 200,
            "kube-api-burst": 400,
            **_component(folder, ports.controller_manager),
        }
    )


def _scheduler(folder: Folder, ports: Ports) -> list[str]:
    kubeconfig = {"kubeconfig": folder.kubeconfig(certificates.SCHEDULER)}
    return _written({**kubeconfig, **_component(folder, ports.scheduler)})


def _component(folder: Folder, port: int) -> dict[str, object]:
    """Set what concerns one that is alone, and says on its port no more than whether it works."""
    return {
        "leader-elect": "false",
        "bind-address": HOST,
        "secure-port": port,
        "tls-cert-file": folder.certificate(certificates.COMPONENTS),
        "tls-private-key-file": folder.key(certificates.COMPONENTS),
        "authentication-skip-lookup": "true",
        "profiling": "false",
    }


def _kwok(blueprint: Blueprint, folder: Folder) -> list[str]:
    return _written(
        {
            "kubeconfig": folder.kubeconfig(certificates.KWOK),
            "config": _STAGES,
            "manage-nodes-with-annotation-selector": NODES,
            "node-lease-duration-seconds": _LEASE_SECONDS,
            "cidr": blueprint.pod_cidr,
            "v": "WARN",
        }
    )


def _written(options: Mapping[str, object]) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items()]
