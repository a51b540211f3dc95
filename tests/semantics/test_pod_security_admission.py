"""The API server's own admission decides about pods; the evaluator says the same, word for word."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from seatrial import versions
from seatrial.errors import Fault
from seatrial.rehearsal.kubernetes_api import Cluster, Refused
from seatrial.semantics import documents
from seatrial.semantics.pod_security import OLDEST, violations

pytestmark = pytest.mark.rehearsal

Object = dict[str, Any]

FOLDER: Final = Path(__file__).parents[2].parent / "shared/vectors/pod-security"
LEVELS: Final = ("baseline", "restricted")
CONFIGURED: Final = f"v{versions.DEFAULT}"
PATIENCE: Final = 60.0
PODS: Final = 240

BEFORE_ADMISSION: Final = 422
"""The API server looks whether a pod is valid before it asks whether it is allowed."""


MADE: Final = 201


def unquoted(warning: str) -> str:
    """Read an API server's warning: ``299 - "text"``."""
    return json.loads(warning.split(" ", 2)[2])


class Admission:
    """Namespaces of a real API server, one for every level and version."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._known: set[str] = set()

    def said(self, pod: Object, level: str, version: str) -> str:
        """Ask for a pod without making it; give what it violates, empty for nothing."""
        namespace = self._namespace(level, version)
        path = f"/api/v1/namespaces/{namespace}/pods"
        # Some of the test data's names are none to the API.
        metadata = {**pod["metadata"], "name": pod["metadata"]["name"].replace("_", "-"), "namespace": namespace}
        try:
            self._cluster.request("POST", path, {**pod, "metadata": metadata}, {"dryRun": "All"})
        except Refused as refused:
            head = f'pods "{metadata["name"]}" is forbidden: violates PodSecurity "{level}:{version}": '
            if not refused.message.startswith(head):
                raise
            return refused.message.removeprefix(head)
        return ""

    def warned(self, workload: Object, level: str, version: str) -> str:
        """Ask for what makes pods, without making it; give what its pods would violate, empty for nothing."""
        path = f"/apis/apps/v1/namespaces/{self._namespace(level, version)}/deployments?dryRun=All"
        connection = self._cluster._connection  # pyright: ignore[reportPrivateUsage] (it drops warnings)
        pool = connection._pool  # pyright: ignore[reportPrivateUsage] (as above)
        answer = pool.request("POST", f"{connection.server}{path}", json=workload)
        assert answer.status == MADE, answer.data
        head = f'would violate PodSecurity "{level}:{version}": '
        texts = [unquoted(each) for each in answer.headers.getlist("Warning")]
        return next((text.removeprefix(head) for text in texts if text.startswith(head)), "")

    def _namespace(self, level: str, version: str) -> str:
        name = f"{level}-{version.replace('.', '-')}"
        if name not in self._known:
            prefix = "pod-security.kubernetes.io/enforce"
            warn = prefix.replace("enforce", "warn")
            labels = {prefix: level, f"{prefix}-version": version, warn: level, f"{warn}-version": version}
            self._cluster.create(
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
            )
            self._await_account(name)
            self._known.add(name)
        return name

    def _await_account(self, namespace: str) -> None:
        """Without the account called default, pods are refused for want of it."""
        deadline = time.monotonic() + PATIENCE
        while not self._cluster.list("v1", "ServiceAccount", namespace=namespace):
            assert time.monotonic() < deadline, f"no service account in {namespace}"
            time.sleep(0.02)


@pytest.fixture(scope="module")
def admission(cluster: Cluster) -> Admission:
    return Admission(cluster)


def expected(pod: Object, level: str, version: str) -> str:
    return ", ".join(found.message for found in violations(pod, level, version))


def compared(admission: Admission, pods: Iterable[tuple[str, Object]], level: str, version: str) -> Counter[str]:
    """Compare every pod; count what came out, invalid pods by the API server's reason."""
    outcomes: Counter[str] = Counter()
    for name, pod in pods:
        try:
            said = admission.said(pod, level, version)
        except Refused as refused:
            if refused.status != BEFORE_ADMISSION:
                raise
            outcomes[f"invalid: {refused.message}"] += 1
            continue
        assert said == expected(pod, level, version), f"{name} in {level}:{version}: {pod}"
        outcomes["refused" if said else "admitted"] += 1
    return outcomes


def recorded(level: str, version: str) -> Iterator[tuple[str, Object]]:
    """Give the pods of the plugin's own test data."""
    for path in sorted((FOLDER / level / version).glob("*/*.yaml")):
        faults: list[Fault] = []
        (document,) = documents.parse(path.read_text(), path.name, faults)
        assert faults == []
        yield f"{path.parent.name}/{path.stem}", dict(document.value)


def _folders() -> list[tuple[str, str, str]]:
    """Level, version of the test data, version that is enforced: their own, and the newest ones' the configured too."""
    found = [path.parts[-2:] for path in FOLDER.glob("*/v*")]
    newest = max((int(version.rpartition(".")[2]) for _, version in found), default=0)
    own = [(level, version, version) for level, version in sorted(found)]
    return [*own, *((level, f"v1.{newest}", CONFIGURED) for level in LEVELS if found)]


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no test data of pod-security-admission in {FOLDER}")
@pytest.mark.parametrize(("level", "source", "version"), _folders())
def test_every_recorded_pod_is_decided_alike(admission: Admission, level: str, source: str, version: str) -> None:
    outcomes = compared(admission, recorded(level, source), level, version)

    print(f"{level} {source} as {version}: {dict(outcomes)}")  # noqa: T201 (what was compared)
    assert {reason for reason in outcomes if reason.startswith("invalid")} == set()
    assert min(outcomes["refused"], outcomes["admitted"]) > 10


# Pods with several violations at once, all of them such that the API takes them.


class Dice:
    """Makes pods by chance, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (no secret)
        self._seed = seed

    def pod(self) -> Object:
        one = self._random
        spec = self._windows() if one.random() < 0.1 else self._linux()
        metadata = {"name": f"p{self._seed}", **self._annotated(spec["containers"][0]["securityContext"])}
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}

    def _linux(self) -> Object:
        spec: Object = {
            "containers": [self._container(f"c{index}") for index in range(self._random.randint(1, 3))],
            "securityContext": self._any(
                appArmorProfile=self._profile(),
                runAsNonRoot=self._random.random() < 0.6,
                runAsUser=self._random.choice([0, 1000]),
                seLinuxOptions=self._se_linux(),
                seccompProfile=self._profile(),
                sysctls=self._sysctls(),
            ),
            "volumes": self._volumes(),
        }
        if self._random.random() < 0.3:
            spec["initContainers"] = [self._container("first")]
        for name in ("hostNetwork", "hostPID", "hostIPC"):
            if self._random.random() < 0.15:
                spec[name] = self._random.random() < 0.7
        # A pod that shares a namespace with the node has no user namespace of its own.
        if not any(spec.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")) and self._random.random() < 0.3:
            spec["hostUsers"] = self._random.random() < 0.2
        self._mend(spec)
        return spec

    def _mend(self, spec: Object) -> None:
        """Take out what the API refuses for other reasons."""
        for container in (*spec["containers"], *spec.get("initContainers", ())):
            security = container["securityContext"]
            if security.get("procMount") == "Unmasked" and spec.get("hostUsers", True):
                del security["procMount"]
            if spec.get("hostNetwork"):
                for port in container["ports"]:
                    port.pop("hostPort", None)
        kept = tuple(
            prefix for prefix, shared in (("net.", "hostNetwork"), ("kernel.", "hostIPC")) if not spec.get(shared)
        )
        sysctls = spec["securityContext"].get("sysctls", [])
        spec["securityContext"]["sysctls"] = [each for each in sysctls if each["name"].startswith(kept)]

    def _container(self, name: str) -> Object:
        one = self._random
        return {
            "name": name,
            "image": "registry.k8s.io/pause:3.10",
            "ports": self._ports(name),
            "securityContext": self._privileges()
            | self._any(
                appArmorProfile=self._profile(),
                capabilities=self._capabilities(),
                procMount=one.choice(["Default", "Unmasked"]),
                runAsNonRoot=one.random() < 0.6,
                runAsUser=one.choice([0, 1000]),
                seLinuxOptions=self._se_linux(),
                seccompProfile=self._profile(),
            ),
            **self._probes(name),
        }

    def _any(self, **fields: Any) -> Object:
        """Keep about every other field."""
        return {name: value for name, value in fields.items() if self._random.random() < 0.5}

    def _privileges(self) -> Object:
        one = self._random
        if one.random() < 0.2:
            return {"privileged": True}
        # Whoever is privileged, or may administer the system, can't be without more privileges.
        return self._any(privileged=False) | ({"allowPrivilegeEscalation": False} if one.random() < 0.6 else {})

    def _capabilities(self) -> Object:
        one = self._random
        known = ["ALL", "CHOWN", "KILL", "NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW", "cap_chown"]
        return self._any(add=one.sample(known, one.randint(0, 3)), drop=one.sample(["ALL", "NET_RAW", "all"], 1))

    def _profile(self) -> Object:
        kind = self._random.choice(["RuntimeDefault", "RuntimeDefault", "Localhost", "Unconfined"])
        return {"type": kind, **({"localhostProfile": "mine.json"} if kind == "Localhost" else {})}

    def _se_linux(self) -> Object:
        kinds = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t", ""]
        return {
            "type": self._random.choice(kinds),
            **({"user": "system_u"} if self._random.random() < 0.2 else {}),
            **({"role": "system_r"} if self._random.random() < 0.2 else {}),
            **({"level": "s0:c1"} if self._random.random() < 0.2 else {}),
        }

    def _sysctls(self) -> list[Object]:
        known = [
            "kernel.shm_rmid_forced",
            "kernel.msgmax",
            "net.core.somaxconn",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.ping_group_range",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_notsent_lowat",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_slow_start_after_idle",
        ]
        return [{"name": name, "value": "1"} for name in self._random.sample(known, self._random.randint(0, 3))]

    def _volumes(self) -> list[Object]:
        known: Object = {
            "awsElasticBlockStore": {"volumeID": "vol-1"},
            "configMap": {"name": "settings"},
            "csi": {"driver": "ebs.csi.aws.com"},
            "downwardAPI": {},
            "emptyDir": {},
            "ephemeral": {"volumeClaimTemplate": {"spec": self._claim()}},
            "hostPath": {"path": "/etc"},
            "image": {"reference": "registry.k8s.io/pause:3.10"},
            "iscsi": {"targetPortal": "10.0.0.1", "iqn": "iqn.2026-01.com.example:it", "lun": 0},
            "nfs": {"server": "10.0.0.1", "path": "/"},
            "persistentVolumeClaim": {"claimName": "data"},
            "projected": {"sources": []},
            "secret": {"secretName": "key"},
        }
        names = self._random.sample(sorted(known), self._random.randint(0, 4))
        empty = [{"name": "nothing"}] if self._random.random() < 0.1 else []
        return [*({"name": name.lower(), name: known[name]} for name in names), *empty]

    def _claim(self) -> Object:
        return {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}

    def _ports(self, name: str) -> list[Object]:
        one = self._random
        # No two containers on the same port of the node.
        number = {"first": 9000}.get(name, 8000 + 10 * int(name[-1]) if name[-1].isdigit() else 0)
        found = [{"containerPort": number + index} for index in range(one.randint(0, 2))]
        return [{**port, **({"hostPort": port["containerPort"]} if one.random() < 0.2 else {})} for port in found]

    def _probes(self, name: str) -> Object:
        one = self._random
        handlers: list[Object] = [
            {"httpGet": {"port": 80, "host": "example.com"}},
            {"httpGet": {"port": 80, "host": ""}},
            {"tcpSocket": {"port": 80, "host": "127.0.0.1"}},
            {"tcpSocket": {"port": 80}},
            {"exec": {"command": ["true"]}},
        ]
        if name == "first" or one.random() < 0.5:
            return {}
        hooks = {each: one.choice(handlers) for each in ("postStart", "preStop") if one.random() < 0.3}
        probes = ("livenessProbe", "readinessProbe", "startupProbe")
        return {
            **{each: one.choice(handlers) for each in probes if one.random() < 0.3},
            **({"lifecycle": hooks} if hooks else {}),
        }

    def _windows(self) -> Object:
        one = self._random
        # Processes of the node run in its network, and all containers of a pod are such ones or none.
        on_host = one.random() < 0.5
        options = {"windowsOptions": {"hostProcess": on_host}} if on_host or one.random() < 0.5 else {}
        return {
            "os": {"name": "windows"},
            "hostNetwork": on_host,
            "securityContext": {**options, **self._any(runAsNonRoot=one.random() < 0.6)},
            "containers": [{"name": "c0", "image": "i", "securityContext": self._any(runAsNonRoot=True)}],
        }

    def _annotated(self, security: Object) -> Object:
        # Where there are both, annotation and field have to say the same.
        if "appArmorProfile" in security or self._random.random() < 0.7:
            return {}
        value = self._random.choice(["unconfined", "runtime/default", "localhost/mine"])
        return {"annotations": {"container.apparmor.security.beta.kubernetes.io/c0": value}}


def _drawn(seed: int) -> tuple[str, str]:
    """Choose where a pod is tried: every other one in the configured version."""
    one = random.Random(seed)  # noqa: S311 (no secret)
    newest = int(versions.DEFAULT.rpartition(".")[2])
    return LEVELS[seed % 2], one.choice([CONFIGURED, f"v1.{one.randint(OLDEST, newest)}"])


def test_every_generated_pod_is_decided_alike(admission: Admission) -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(PODS):
        level, version = _drawn(seed)
        outcomes += compared(admission, [(f"pod {seed}", Dice(seed).pod())], level, version)

    print(f"generated: {dict(outcomes)}")  # noqa: T201 (what was compared)
    assert {reason for reason in outcomes if reason.startswith("invalid")} == set()
    assert outcomes["refused"] > PODS / 2


def test_the_warning_about_every_generated_template_is_foretold(admission: Admission) -> None:
    outcomes: Counter[bool] = Counter()
    for seed in range(0, PODS, 2):
        level, version = LEVELS[seed // 2 % 2], _drawn(seed)[1]
        workload = _deployment(Dice(seed).pod())
        said = admission.warned(workload, level, version)
        assert said == expected(workload, level, version), f"{seed} in {level}:{version}: {workload}"
        outcomes[bool(said)] += 1

    print(f"templates: {dict(outcomes)}")  # noqa: T201 (what was compared)
    assert outcomes[True] > PODS / 4


def _deployment(pod: Object) -> Object:
    labels = {"app": "it"}
    if "annotations" in pod["metadata"]:
        # In a template the annotation isn't copied to the field, and has to be what the pod's field says.
        pod["spec"]["securityContext"].pop("appArmorProfile", None)
    template = {"metadata": {**pod["metadata"], "labels": labels}, "spec": pod["spec"]}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": pod["metadata"]["name"]}, "spec": spec}
