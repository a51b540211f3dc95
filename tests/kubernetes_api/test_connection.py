"""API servers that are away, busy, between leaders, or not the one they should be."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from seatrial.rehearsal.kubernetes_api import connection
from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.kubernetes_api.refusals import KubeconfigFault, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import ApiServer, Kubeconfig

PAGE = "/version"


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (429, "too many requests"),
        (503, "not ready"),
        (500, "etcdserver: leader changed"),
        (500, "rpc error: etcdserver: request timed out"),
        (504, "etcdserver: no leader"),
    ],
)
def test_what_passes_is_waited_out(cluster: Cluster, api: ApiServer, status: int, message: str) -> None:
    api.refuse("POST", PAGE, status, "Busy", message)
    api.answer("POST", PAGE, {"fine": True})

    assert cluster.request("POST", PAGE, {}) == {"fine": True}


@pytest.mark.parametrize(("status", "message"), [(500, "a bug"), (400, "etcdserver: leader changed"), (422, "wrong")])
def test_what_stays_is_told_at_once(cluster: Cluster, api: ApiServer, status: int, message: str) -> None:
    api.refuse("GET", PAGE, status, "Because", message)

    with pytest.raises(Refused, match=message):
        cluster.request("GET", PAGE)

    assert len(api.seen) == 1


def test_busy_server_says_when_to_come_again(api: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(connection.time, "sleep", waited.append)
    api.refuse("GET", PAGE, 429, "TooManyRequests", "later", Retry_After="1")
    api.answer("GET", PAGE, {})

    slow = Cluster.of_kubeconfig({**_config(api.url)}, patience=5.0)
    slow.request("GET", PAGE)

    assert waited == [1.0]


def test_server_that_stays_busy_is_told_in_the_end(cluster: Cluster, api: ApiServer) -> None:
    api.refuse("GET", PAGE, 503, "ServiceUnavailable", "not ready", Retry_After="soon")

    with pytest.raises(Refused, match="not ready"):
        cluster.request("GET", PAGE)

    assert len(api.seen) > 1


def _config(server: str, user: dict[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
    return {
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "one", "user": "me"}}],
        "clusters": [{"name": "one", "cluster": {"server": server, **cluster}}],
        "users": [{"name": "me", "user": user or {}}],
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_server_that_is_away_is_told(method: str) -> None:
    server = f"http://127.0.0.1:{_free_port()}"

    with pytest.raises(Unreachable) as away:
        Cluster.of_kubeconfig(_config(server), patience=0.2).request(method, PAGE)

    assert away.value.server == server
    assert "Connection refused" in str(away.value)
    assert "0x" not in str(away.value)
    assert away.value.exit_code == 3


def test_lost_answer_is_asked_for_again(cluster: Cluster, api: ApiServer) -> None:
    api.answer("GET", PAGE, status=0)
    api.answer("GET", PAGE, {"fine": True})

    assert cluster.request("GET", PAGE) == {"fine": True}


def test_creation_whose_answer_is_lost_is_not_repeated(cluster: Cluster, api: ApiServer) -> None:
    api.answer("POST", PAGE, status=0)

    with pytest.raises(Unreachable):
        cluster.request("POST", PAGE, {})

    assert len(api.seen) == 1


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (502, b"<html>Bad</html>", r"<html>Bad</html> \(502 BadGateway\)"),
        (404, b"", r"no message \(404 NotFound\)"),
        (599, b"[]", r"\[\] \(599 Unknown\)"),
    ],
)
def test_answer_that_is_no_status_is_told_as_it_is(
    cluster: Cluster, api: ApiServer, status: int, body: bytes, text: str
) -> None:
    api.answer("GET", PAGE, body, status)

    with pytest.raises(Refused, match=text):
        cluster.request("GET", PAGE)


def test_token_is_sent(api: ApiServer) -> None:
    api.answer("GET", PAGE, {})

    Cluster.of_kubeconfig(_config(api.url, {"token": "abc"})).request("GET", PAGE)
    Cluster.of_kubeconfig(_config(api.url)).request("GET", PAGE)

    assert [it.headers.get("Authorization") for it in api.seen] == ["Bearer abc", None]


class Authority:
    """Signs certificates."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed("authority", self.key.public_key(), None)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, name: str) -> tuple[bytes, bytes]:
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName(
            [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            if name == "local"
            else [x509.DNSName(name)]
        )
        certificate = self._signed(name, key.public_key(), names)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return certificate.public_bytes(serialization.Encoding.PEM), secret

    def _signed(self, name: str, key: Any, names: x509.SubjectAlternativeName | None) -> x509.Certificate:
        issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")])
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - dt.timedelta(days=1))
        builder = builder.not_valid_after(now + dt.timedelta(days=1))
        builder = builder.add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
        if names:
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, hashes.SHA256())


class Names(BaseHTTPRequestHandler):
    """Answers with the name in the client's certificate."""

    def do_GET(self) -> None:
        peer: Any = cast("ssl.SSLSocket", self.connection).getpeercert() or {}
        names = dict(it[0] for it in peer.get("subject", ()))
        data = f'{{"you": "{names.get("commonName", "nobody")}"}}'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


class Quiet(HTTPServer):
    """Doesn't print why a handshake failed."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Who signs the certificates."""
    return Authority()


@pytest.fixture(params=["local", "kubernetes.test"])
def secure(request: pytest.FixtureRequest, authority: Authority, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The URL of a server that speaks TLS, and the name in its certificate."""
    certificate, key = authority.issue(request.param)
    (tmp_path / "cert").write_bytes(certificate + key)
    (tmp_path / "ca").write_bytes(authority.pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(tmp_path / "ca"))
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_cert_chain(tmp_path / "cert")
    server = Quiet(("127.0.0.1", 0), Names)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}", request.param
    server.shutdown()
    thread.join()
    server.server_close()


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_client_shows_its_certificate_and_leaves_no_file(
    secure: tuple[str, str], authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, name = secure
    monkeypatch.setattr(connection.tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    certificate, key = authority.issue("somebody")
    user = {"client-certificate-data": _encoded(certificate), "client-key-data": _encoded(key)}
    server_name = {} if name == "local" else {"tls-server-name": name}
    config = _config(url, user, **{"certificate-authority-data": _encoded(authority.pem)}, **server_name)

    assert Cluster.of_kubeconfig(config).request("GET", PAGE) == {"you": "somebody"}
    assert set(tmp_path.iterdir()) == before


def test_server_of_another_authority_is_refused_at_once(secure: tuple[str, str], kubeconfig: Kubeconfig) -> None:
    config = kubeconfig(secure[0], **{"certificate-authority-data": _encoded(Authority().pem)})

    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED") as distrusted:
        Cluster.of_kubeconfig(config, patience=60).request("GET", PAGE)

    assert not distrusted.value.may_return


@pytest.mark.parametrize(
    ("user", "cluster"),
    [
        ({}, {"certificate-authority-data": _encoded(b"nothing")}),
        ({"client-certificate-data": _encoded(b"nothing")}, {}),
    ],
)
def test_certificate_that_is_none_is_told_without_its_content(user: dict[str, str], cluster: dict[str, str]) -> None:
    with pytest.raises(KubeconfigFault, match="allowed: PEM") as fault:
        Cluster.of_kubeconfig(_config("https://127.0.0.1:1", user, **cluster))

    assert "nothing" not in str(fault.value)
