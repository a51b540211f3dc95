"""The certificates of a control plane: who serves, who may speak to whom.

Two authorities: one for etcd, whose only client is kube-apiserver, and one for the Kubernetes API, whose clients are
the other processes and EKS's own hand. All certificates are made anew together, a month before they expire.
"""

import datetime as dt

from seatrial.rehearsal.account import files
from seatrial.rehearsal.authority import LOOPBACK, Authority, Issued, lasts
from seatrial.rehearsal.control_plane.blueprint import Folder

AUTHORITY = "kubernetes-ca"
"""Who signs for the Kubernetes API."""

ETCD_AUTHORITY = "etcd-ca"
"""Who signs for etcd."""

SERVER = "kube-apiserver"
"""What kube-apiserver presents to its clients."""

ETCD_SERVER = "etcd"
"""What etcd presents."""

ETCD_CLIENT = "etcd-client"
"""What kube-apiserver presents to etcd."""

COMPONENTS = "components"
"""What the other processes present to those who ask whether they work."""

ADMIN = "eks"
"""The client that EKS's own components are."""

CONTROLLER_MANAGER = "kube-controller-manager"
SCHEDULER = "kube-scheduler"
KWOK = "kwok"

CLIENTS = {
    ADMIN: ("eks:cluster-bootstrap", "system:masters"),
    CONTROLLER_MANAGER: ("system:kube-controller-manager", ""),
    SCHEDULER: ("system:kube-scheduler", ""),
    KWOK: ("seatrial:kubelets", "system:masters"),
}
"""Client of the Kubernetes API to its user and group there."""

_SERVICE = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
"""Names of the API inside of the cluster."""


def ensure(folder: Folder, service_address: str, now: dt.datetime) -> None:
    """Keep the certificates of a folder, or make them when they are missing or about to expire."""
    # Written last, so where it is all others are.
    last = folder.certificate(AUTHORITY)
    if not (last.exists() and lasts(last.read_bytes(), now)):
        last.unlink(missing_ok=True)
        _issue_etcd(folder, now)
        _issue_kubernetes(folder, service_address, now)


def _issue_etcd(folder: Folder, now: dt.datetime) -> None:
    authority = Authority("seatrial rehearsal etcd CA", now)
    _keep(folder, ETCD_SERVER, authority.server("etcd", LOOPBACK, client_too=True))
    _keep(folder, ETCD_CLIENT, authority.client("kube-apiserver"))
    files.write(folder.certificate(ETCD_AUTHORITY), authority.certificate())


def _issue_kubernetes(folder: Folder, service_address: str, now: dt.datetime) -> None:
    authority = Authority("seatrial rehearsal Kubernetes CA", now)
    _keep(folder, SERVER, authority.server("kube-apiserver", (*LOOPBACK, *_SERVICE, service_address)))
    _keep(folder, COMPONENTS, authority.server("components", LOOPBACK))
    for name, (user, group) in CLIENTS.items():
        _keep(folder, name, authority.client(user, group))
    files.write(folder.certificate(AUTHORITY), authority.certificate())


def _keep(folder: Folder, name: str, issued: Issued) -> None:
    files.write(folder.key(name), issued.key)
    files.write(folder.certificate(name), issued.certificate)
