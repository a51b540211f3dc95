"""Who may speak to whom, as TLS itself decides it."""

import datetime as dt
import socket
import ssl
import threading
from contextlib import closing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from seatrial.rehearsal.account import files
from seatrial.rehearsal.control_plane import certificates
from seatrial.rehearsal.control_plane.blueprint import Folder

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with certificates."""
    folder = Folder(tmp_path)
    files.folder(folder.certificates)
    certificates.ensure(folder, "172.20.0.1", NOW)
    return folder


def _server(folder: Folder, name: str, authority: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder.certificate(name), folder.key(name))
    context.load_verify_locations(folder.certificate(authority))
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _client(folder: Folder, name: str, authority: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=folder.certificate(authority))
    context.load_cert_chain(folder.certificate(name), folder.key(name))
    return context


def _agree(server: ssl.SSLContext, client: ssl.SSLContext, host: str = "127.0.0.1") -> bool:
    """Shake hands; the server's verdict on the client comes with its first answer."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            with server.wrap_socket(theirs, server_side=True) as connection:
                connection.sendall(b"welcome")
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    with closing(ours):
        try:
            with client.wrap_socket(ours, server_hostname=host) as connection:
                return connection.recv(7) == b"welcome"
        except OSError:
            return False
        finally:
            ours.close()
            thread.join()


@pytest.mark.parametrize(
    ("server", "client", "agree"),
    [
        (("kube-apiserver", "kubernetes-ca"), ("eks", "kubernetes-ca"), True),
        (("kube-apiserver", "kubernetes-ca"), ("kube-controller-manager", "kubernetes-ca"), True),
        (("kube-apiserver", "kubernetes-ca"), ("kube-scheduler", "kubernetes-ca"), True),
        (("kube-apiserver", "kubernetes-ca"), ("kwok", "kubernetes-ca"), True),
        (("etcd", "etcd-ca"), ("etcd-client", "etcd-ca"), True),
        (("etcd", "etcd-ca"), ("etcd", "etcd-ca"), True),
        (("etcd", "etcd-ca"), ("eks", "etcd-ca"), False),
        (("kube-apiserver", "kubernetes-ca"), ("etcd-client", "kubernetes-ca"), False),
        (("kube-apiserver", "kubernetes-ca"), ("eks", "etcd-ca"), False),
        (("kube-apiserver", "kubernetes-ca"), ("kube-apiserver", "kubernetes-ca"), False),
    ],
)
def test_who_speaks_to_whom(folder: Folder, server: tuple[str, str], client: tuple[str, str], *, agree: bool) -> None:
    """Each has a certificate, and an authority whom it believes."""
    contexts = _server(folder, *server), _client(folder, *client)

    assert _agree(*contexts) is agree


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("kubernetes.default.svc", True),
        ("kubernetes.default.svc.cluster.local", True),
        ("172.20.0.1", True),
        ("172.20.0.2", False),
        ("example.org", False),
    ],
)
def test_the_names_of_the_api(folder: Folder, host: str, *, known: bool) -> None:
    contexts = _server(folder, "kube-apiserver", "kubernetes-ca"), _client(folder, "eks", "kubernetes-ca")

    assert _agree(*contexts, host) is known


@pytest.mark.parametrize(
    ("name", "user", "groups"),
    [
        ("eks", "eks:cluster-bootstrap", ["system:masters"]),
        ("kube-controller-manager", "system:kube-controller-manager", []),
        ("kube-scheduler", "system:kube-scheduler", []),
        ("kwok", "seatrial:kubelets", ["system:masters"]),
    ],
)
def test_who_a_client_is_to_kubernetes(folder: Folder, name: str, user: str, groups: list[str]) -> None:
    subject = x509.load_pem_x509_certificate(folder.certificate(name).read_bytes()).subject

    assert [attribute.value for attribute in subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == [user]
    assert [attribute.value for attribute in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)] == groups


@pytest.mark.parametrize(("days", "same"), [(0, True), (366, True), (368, False), (1000, False)])
def test_certificates_are_kept_until_they_are_about_to_expire(folder: Folder, days: int, *, same: bool) -> None:
    before = _contents(folder)

    certificates.ensure(folder, "172.20.0.1", NOW + dt.timedelta(days=days))

    assert (_contents(folder) == before) is same


def test_an_interrupted_issue_is_repeated_whole(folder: Folder) -> None:
    before = _contents(folder)
    folder.certificate("kubernetes-ca").unlink()

    certificates.ensure(folder, "172.20.0.1", NOW)

    after = _contents(folder)
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())


def _contents(folder: Folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.certificates.iterdir()}


def test_no_authority_s_key_is_kept(folder: Folder) -> None:
    assert not [path.name for path in folder.certificates.iterdir() if path.name.endswith("ca-key.pem")]
