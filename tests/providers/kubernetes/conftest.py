"""A provider over a cluster that is served here: objects are kept, and nothing happens to them but what a test says."""

import asyncio
import copy
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import pytest
from pulumi.provider.experimental import provider as protocol
from pulumi.provider.experimental.property_value import PropertyValue

from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.engine import Engine
from seatrial.rehearsal.providers.kubernetes.provider import KubernetesProvider
from seatrial.rehearsal.providers.values import plain_values, property_values

T = TypeVar("T")
Values = dict[str, Any]

KINDS = {
    "v1": {
        "ConfigMap": ("configmaps", True),
        "Event": ("events", True),
        "Namespace": ("namespaces", False),
        "PersistentVolume": ("persistentvolumes", False),
        "PersistentVolumeClaim": ("persistentvolumeclaims", True),
        "Pod": ("pods", True),
        "ReplicationController": ("replicationcontrollers", True),
        "ResourceQuota": ("resourcequotas", True),
        "Secret": ("secrets", True),
        "Service": ("services", True),
    },
    "apiextensions.k8s.io/v1": {"CustomResourceDefinition": ("customresourcedefinitions", False)},
    "apps/v1": {
        "DaemonSet": ("daemonsets", True),
        "Deployment": ("deployments", True),
        "StatefulSet": ("statefulsets", True),
    },
    "batch/v1": {"Job": ("jobs", True)},
    "discovery.k8s.io/v1": {"EndpointSlice": ("endpointslices", True)},
    "networking.k8s.io/v1": {"Ingress": ("ingresses", True)},
    "rbac.authorization.k8s.io/v1": {"RoleBinding": ("rolebindings", True)},
    "storage.k8s.io/v1": {"StorageClass": ("storageclasses", False)},
}

_PATH = re.compile(
    r"/(?:api|apis)/(?P<version>v1|[^/]+/[^/]+)(?:/namespaces/(?P<namespace>[^/]+)(?=/))?"
    r"(?:/(?P<plural>[^/]+))?(?:/(?P<name>[^/]+))?"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a request that matches is answered."""

    request: re.Pattern[str]
    status: int
    message: str
    reason: str = "Because"


@dataclass
class FakeCluster:
    """Objects by their paths."""

    url: str = ""
    kinds: dict[str, dict[str, tuple[str, bool]]] = field(default_factory=lambda: copy.deepcopy(KINDS))
    objects: dict[str, Values] = field(default_factory=dict[str, Values])
    statuses: dict[str, Values] = field(default_factory=dict[str, Values])
    """Status that objects of a kind get when they are applied."""
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    """Each is given once."""
    requests: list[str] = field(default_factory=list[str])
    """Method and target of each."""
    bodies: list[Any] = field(default_factory=list[Any])
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refuse(self, request: str, status: int, message: str, times: int = 1) -> None:
        """Refuse the next requests that match."""
        self.refusals += [Refusal(re.compile(request), status, message)] * times

    def put(self, manifest: Values) -> Values:
        """Put an object there, as somebody else would."""
        with self.lock:
            return self._kept(self._path(manifest), manifest)

    def get(self, manifest: Values) -> Values | None:
        """Look at an object."""
        return self.objects.get(self._path(manifest))

    def remove(self, manifest: Values) -> None:
        """Take an object away, as somebody else would."""
        del self.objects[self._path(manifest)]

    def sent(self, method: str) -> list[str]:
        """The targets of requests."""
        return [it.partition(" ")[2] for it in self.requests if it.startswith(f"{method} ")]

    def _path(self, manifest: Values) -> str:
        version, metadata = manifest["apiVersion"], manifest["metadata"]
        plural, namespaced = self.kinds[version][manifest["kind"]]
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        within = f"/namespaces/{metadata.get('namespace', 'default')}" if namespaced else ""
        return f"{root}{within}/{plural}/{metadata['name']}"

    def answer(self, method: str, target: str, body: Any) -> tuple[int, Values]:
        """Answer a request."""
        with self.lock:
            self.requests.append(f"{method} {target}")
            self.bodies.append(body)
            for refusal in self.refusals:
                if refusal.request.search(f"{method} {target}"):
                    self.refusals.remove(refusal)
                    return refusal.status, {"kind": "Status", "reason": refusal.reason, "message": refusal.message}
            return self._answer(method, target, body)

    def _answer(self, method: str, target: str, body: Any) -> tuple[int, Values]:
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        match = _PATH.fullmatch(parts.path)
        assert match, target
        if match["plural"] is None:
            return self._discovered(match["version"])
        if match["name"] is None and method != "POST":
            return 200, {"metadata": {}, "items": self._listed(match, query)}
        return self._one(method, parts.path, body, query)

    def _discovered(self, version: str) -> tuple[int, Values]:
        if version not in self.kinds:
            return 404, {"reason": "NotFound", "message": "no such group"}
        served = self.kinds[version].items()
        return 200, {"resources": [{"kind": kind, "name": it[0], "namespaced": it[1]} for kind, it in served]}

    def _one(self, method: str, path: str, body: Any, query: dict[str, str]) -> tuple[int, Values]:
        if method == "POST":
            return 201, self._kept(f"{path}/{body['metadata']['name']}", body)
        if method == "PATCH":
            made = self._kept(path, body, dry=bool(query.get("dryRun")))
            return 200, made
        if path not in self.objects:
            return 404, {"reason": "NotFound", "message": f"no {path}"}
        if method == "GET":
            return 200, self.objects[path]
        if not self.objects[path]["metadata"].get("finalizers"):
            return 200, self.objects.pop(path)
        return 200, self.objects[path]

    def _kept(self, path: str, manifest: Values, *, dry: bool = False) -> Values:
        before = self.objects.get(path, {})
        self.count += 1
        merged = _merged(before, manifest)
        held = before.get("metadata", {})
        metadata = merged["metadata"]
        match = _PATH.fullmatch(path)
        if match and match["namespace"]:
            metadata.setdefault("namespace", match["namespace"])
        metadata["uid"] = held.get("uid") or f"uid-{self.count}"
        metadata["resourceVersion"] = str(self.count)
        metadata["generation"] = held.get("generation", 0) + (before.get("spec") != merged.get("spec"))
        metadata["managedFields"] = [{"manager": "somebody"}]
        if manifest["kind"] in self.statuses and "status" not in manifest:
            observed = {"observedGeneration": metadata["generation"]}
            merged["status"] = {**observed, **self.statuses[manifest["kind"]]}
        if not dry:
            self.objects[path] = merged
        return copy.deepcopy(merged)

    def _listed(self, match: re.Match[str], query: dict[str, str]) -> list[Values]:
        found = [
            it
            for path, it in self.objects.items()
            if (place := _PATH.fullmatch(path))
            and (place["version"], place["plural"]) == (match["version"], match["plural"])
            and match["namespace"] in (None, place["namespace"])
        ]
        labels = dict(it.split("=") for it in query.get("labelSelector", "").split(",") if it)
        found = [it for it in found if labels.items() <= it["metadata"].get("labels", {}).items()]
        fields = dict(it.split("=") for it in query.get("fieldSelector", "").split(",") if it)
        return [it for it in found if all(_at(it, path) == value for path, value in fields.items())]


def _at(found: Any, path: str) -> Any:
    for name in path.split("."):
        found = found.get(name, {})
    return found


def _merged(before: Values, manifest: Values) -> Values:
    merged = copy.deepcopy(before)
    for name, value in manifest.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = _merged(merged[name], cast("Values", value)) if both else copy.deepcopy(cast("Any", value))
    return merged


def _handler(cluster: FakeCluster) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers one connection."""

        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            """Answer from the cluster."""
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = cluster.answer(self.command, self.path, json.loads(sent) if sent else None)
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    for method in ("GET", "POST", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.handle_one)
    return Handler


@pytest.fixture
def cluster() -> Iterator[FakeCluster]:
    """A cluster with nothing in it."""
    fake = FakeCluster()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    http.daemon_threads = True
    fake.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    http.shutdown()
    thread.join()
    http.server_close()


def kubeconfig(server: str) -> str:
    """A kubeconfig as the program gives it."""
    return json.dumps(
        {
            "current-context": "here",
            "contexts": [{"name": "here", "context": {"cluster": "one", "user": "me"}}],
            "clusters": [{"name": "one", "cluster": {"server": server}}],
            "users": [{"name": "me", "user": {"token": "hush"}}],
        }
    )


class Warnings(Engine):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__("")
        self.told: list[str] = []

    def warn(self, urn: str, text: str) -> None:
        """Keep it."""
        assert urn.startswith("urn:pulumi:")
        self.told.append(text)


class Driver:
    """Asks a provider what the engine would ask, in plain values."""

    def __init__(self, creations: Creations | None = None) -> None:
        self.warnings = Warnings()
        self.provider = KubernetesProvider(creations or Creations(None), self.warnings)

    def run(self, answer: Any) -> Any:
        return asyncio.run(answer)

    def token(self, manifest: Values) -> str:
        version: str = manifest["apiVersion"]
        return f"kubernetes:{version if '/' in version else f'core/{version}'}:{manifest['kind']}"

    def urn(self, token: str, name: str = "it") -> str:
        return f"urn:pulumi:test::seatrial::seatrial:index:Tenancy${token}::{name}"

    def configure(self, **arguments: Any) -> "Driver":
        request = protocol.ConfigureRequest({}, property_values(arguments), accept_secrets=True, accept_resources=True)
        assert self.run(self.provider.configure(request)).supports_preview
        return self

    def check(
        self, token: str, inputs: Values, old: Values | None = None, secret: tuple[str, ...] = ()
    ) -> tuple[Values, list[str]]:
        request = protocol.CheckRequest(
            self.urn(token), property_values(old or {}), property_values(inputs, secret), b""
        )
        answer = self.run(self.provider.check(request))
        return plain_values(answer.inputs), [failure.reason for failure in answer.failures]

    def create(
        self, inputs: Values, *, token: str = "", seconds: float = 5, preview: bool = False
    ) -> tuple[str, Values]:
        token = token or self.token(inputs)
        named, failures = self.check(token, inputs)
        assert not failures
        request = protocol.CreateRequest(self.urn(token), property_values(named), seconds, preview)
        answer = self.run(self.provider.create(request))
        return answer.resource_id, plain_values(answer.properties)

    def read(
        self, token: str, identity: str, state: Values | None = None, inputs: Values | None = None
    ) -> tuple[Values, Values] | None:
        old, known = property_values(state or {}), property_values(inputs or {})
        answer = self.run(self.provider.read(protocol.ReadRequest(self.urn(token), identity, old, known)))
        if not answer.resource_id:
            return None
        assert answer.resource_id == identity
        return plain_values(answer.properties), plain_values(answer.inputs)

    def diff(
        self, state: Values, inputs: Values, *, token: str = "", ignored: tuple[str, ...] = ()
    ) -> protocol.DiffResponse:
        urn = self.urn(token or self.token(inputs))
        old, new = property_values(state), property_values(inputs)
        answer = self.run(self.provider.diff(protocol.DiffRequest(urn, "x", old, new, list(ignored))))
        assert answer.changes is bool(answer.detailed_diff)
        return answer

    def changes(self, state: Values, inputs: Values, *, token: str = "") -> dict[str, str]:
        answer = self.diff(state, inputs, token=token)
        return {path: change.kind.name for path, change in answer.detailed_diff.items()}

    def update(
        self, state: Values, inputs: Values, *, token: str = "", seconds: float = 5, preview: bool = False
    ) -> Values:
        urn = self.urn(token or self.token(inputs))
        old, new = property_values(state), property_values(inputs)
        request = protocol.UpdateRequest(urn, "x", old, new, seconds, [], preview)
        return plain_values(self.run(self.provider.update(request)).properties)

    def delete(self, token: str, identity: str, state: Values | None = None, *, seconds: float = 5) -> None:
        request = protocol.DeleteRequest(self.urn(token), identity, property_values(state or {}), seconds)
        self.run(self.provider.delete(request))

    def secret_inputs(self, inputs: Values, secret: tuple[str, ...] = ()) -> set[str]:
        """The names of inputs that are secret, once checked."""
        request = protocol.CheckRequest(self.urn(self.token(inputs)), {}, property_values(inputs, secret), b"")
        checked: dict[str, PropertyValue] = self.run(self.provider.check(request)).inputs
        return {name for name, value in checked.items() if value.is_secret}

    def secret_outputs(self, inputs: Values, secret: tuple[str, ...] = (), *, token: str = "") -> set[str]:
        """The names of outputs that are secret when these inputs are."""
        urn = self.urn(token or self.token(inputs))
        request = protocol.CreateRequest(urn, property_values(inputs, secret), 5, preview=False)
        properties: dict[str, PropertyValue] = self.run(self.provider.create(request)).properties
        return {name for name, value in properties.items() if value.is_secret}


MakeDriver = Callable[..., Driver]


@pytest.fixture
def make_driver(cluster: FakeCluster) -> MakeDriver:
    """Makes a provider of one's own over the cluster, with the arguments of a provider resource."""

    def make(creations: Creations | None = None, **arguments: Any) -> Driver:
        usual = {"kubeconfig": kubeconfig(cluster.url), "upsertExistingObjects": "true"}
        return Driver(creations).configure(**{**usual, **arguments})

    return make


@pytest.fixture
def driver(make_driver: MakeDriver) -> Driver:
    """A provider over the cluster."""
    return make_driver()


FreshDriver = type[Driver]


@pytest.fixture
def fresh_driver() -> FreshDriver:
    """Makes providers that aren't configured yet."""
    return Driver
