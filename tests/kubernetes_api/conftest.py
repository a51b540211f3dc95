"""An API server that answers as it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from seatrial.rehearsal.kubernetes_api.cluster import Cluster

CORE = {
    "resources": [
        {"name": "configmaps", "kind": "ConfigMap", "namespaced": True, "verbs": ["get", "list", "patch"]},
        {"name": "namespaces", "kind": "Namespace", "namespaced": False, "verbs": ["get"]},
        {"name": "pods", "kind": "Pod", "namespaced": True, "verbs": ["get"]},
        {"name": "pods/log", "kind": "Pod", "namespaced": True, "verbs": ["get"]},
    ]
}
APPS = {"resources": [{"name": "deployments", "kind": "Deployment", "namespaced": True}]}


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class ApiServer:
    """What it answers, and what it was asked."""

    url: str = ""
    answers: dict[tuple[str, str], list[tuple[int, Any, dict[str, str]]]] = field(
        default_factory=dict[tuple[str, str], list[tuple[int, Any, dict[str, str]]]]
    )
    seen: list[Seen] = field(default_factory=list[Seen])

    def answer(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> None:
        """Answer the next such request so; the last answer is given again and again."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault((method, path), []).append((status, body, named))

    def refuse(self, method: str, path: str, status: int, reason: str, message: str, **headers: str) -> None:
        """Answer with a Status."""
        self.answer(method, path, {"kind": "Status", "reason": reason, "message": message}, status, **headers)

    def asked(self, method: str, path: str) -> list[Seen]:
        """The requests that came."""
        return [it for it in self.seen if (it.method, it.path) == (method, path)]

    def next(self, method: str, path: str) -> tuple[int, Any, dict[str, str]]:
        """What to answer now."""
        left = self.answers.get((method, path))
        if not left:
            return 404, {"kind": "Status", "reason": "NotFound", "message": f"no {path}"}, {}
        return left.pop(0) if len(left) > 1 else left[0]


def _handler(server: ApiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers one connection."""

        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            """Note the request, give the answer that is due."""
            parts = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query, headers = dict(parse_qsl(parts.query)), dict(self.headers.items())
            body = json.loads(sent) if sent else None
            server.seen.append(Seen(self.command, parts.path, query, headers, body))
            status, content, named = server.next(self.command, parts.path)
            if status == 0:  # end without an answer
                self.close_connection = True
                return
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {**named, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    for method in ("GET", "POST", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.handle_one)
    return Handler


@pytest.fixture
def api() -> Iterator[ApiServer]:
    """An API server that knows a few kinds."""
    server = ApiServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    port = cast("tuple[str, int]", http.server_address)[1]
    server.url = f"http://127.0.0.1:{port}"
    server.answer("GET", "/api/v1", CORE)
    server.answer("GET", "/apis/apps/v1", APPS)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    http.shutdown()
    thread.join()
    http.server_close()


Kubeconfig = Callable[..., dict[str, Any]]


@pytest.fixture
def kubeconfig() -> Kubeconfig:
    """Makes a kubeconfig of one context."""

    def make(server: str, user: dict[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
        return {
            "current-context": "here",
            "contexts": [{"name": "here", "context": {"cluster": "one", "user": "me"}}],
            "clusters": [{"name": "one", "cluster": {"server": server, **cluster}}],
            "users": [{"name": "me", "user": user or {}}],
        }

    return make


@pytest.fixture
def cluster(api: ApiServer, kubeconfig: Kubeconfig) -> Cluster:
    """The API server's cluster, for someone without patience."""
    return Cluster.of_kubeconfig(kubeconfig(api.url), patience=1.0)
