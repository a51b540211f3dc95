"""POD-05: containers that keep running have probes, which ask a port that they have."""

from collections.abc import Iterator

from seatrial.plan import Properties, Value
from seatrial.rules.containers import Fault, judge_containers
from seatrial.rules.facts.pods import Container
from seatrial.rules.facts.values import is_unknown, items, properties, within, words
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_SERVING = frozenset({"DaemonSet", "Deployment", "StatefulSet"})
_NEEDED = ("livenessProbe", "readinessProbe")
_PROBES = (*_NEEDED, "startupProbe")
_PORTS = ("grpc.port", "httpGet.port", "tcpSocket.port")


def _examine(view: View) -> Iterator[Observation]:
    yield from judge_containers(view, _faults, "probes of ports that it has")


def _faults(container: Container) -> Iterator[Fault]:
    if container.is_init or container.template.object.kind not in _SERVING:
        return
    for probe in _NEEDED:
        if container.values.get(probe) is None:
            yield probe, f"no {probe}"
    declared = [port for each in items(container.values.get("ports")) for port in _names(properties(each))]
    for probe in _PROBES:
        for path in _PORTS:
            port = within(container.values, f"{probe}.{path}")
            # By its number a port is found that nobody declares, by name it isn't.
            is_sought = bool(declared) or isinstance(port, str)
            if port is not None and not is_unknown(port) and is_sought and port not in declared:
                yield f"{probe}.{path}", f"{words(port)}, which is no port of it"


def _names(port: Properties) -> tuple[Value, ...]:
    return port.get("containerPort"), port.get("name")


RULE = Rule(
    id="POD-05",
    severity=Severity.MEDIUM,
    title="Containers that serve have probes that can succeed",
    needs="a pod or a workload",
    why="Without a readiness probe a pod gets traffic before it can answer; one of a wrong port never succeeds.",
    allowed="livenessProbe and readinessProbe, of a port that the container has",
    remedy="add the probes to the manifest that the program adds, with the name or number of one of its ports",
    sources=(
        *cited(Framework.CHECKOV, "CKV_K8S_8", "CKV_K8S_9"),
        *cited(Framework.KUBE_LINTER, "liveness-port"),
    ),
    examine=_examine,
)
