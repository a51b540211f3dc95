"""POD-03: containers run as somebody without power, on a file system that they can't change."""

from collections.abc import Iterator

from seatrial.plan import Value
from seatrial.rules.containers import Fault, judge_containers
from seatrial.rules.facts.pods import Container
from seatrial.rules.facts.values import is_true, is_unknown, texts, within, words
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import UNTOLD
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_CONTEXT = "securityContext"


def _examine(view: View) -> Iterator[Observation]:
    yield from judge_containers(view, _faults, "no power to lose", exempts=True)


def _faults(container: Container) -> Iterator[Fault]:
    values = container.values
    if not is_true(within(values, f"{_CONTEXT}.readOnlyRootFilesystem")):
        yield _fault(f"{_CONTEXT}.readOnlyRootFilesystem", within(values, f"{_CONTEXT}.readOnlyRootFilesystem"))
    if within(values, f"{_CONTEXT}.allowPrivilegeEscalation") is not False:
        yield _fault(f"{_CONTEXT}.allowPrivilegeEscalation", within(values, f"{_CONTEXT}.allowPrivilegeEscalation"))
    if "ALL" not in texts(within(values, f"{_CONTEXT}.capabilities.drop")):
        yield _fault(f"{_CONTEXT}.capabilities.drop", within(values, f"{_CONTEXT}.capabilities.drop"))
    for path, accepts in (("runAsNonRoot", (True,)), ("seccompProfile.type", ("RuntimeDefault", "Localhost"))):
        value = _inherited(container, path)
        if value not in accepts:
            yield _fault(f"{_CONTEXT}.{path}", value)


def _inherited(container: Container, path: str) -> Value:
    """Return what the container's security context says, or else the pod's."""
    own = within(container.values, f"{_CONTEXT}.{path}")
    return own if own is not None else within(container.template.spec, f"{_CONTEXT}.{path}")


def _fault(path: str, value: Value) -> Fault:
    return path, UNTOLD if is_unknown(value) else f"{path.rpartition('.')[2]} is {words(value)}"


RULE = Rule(
    id="POD-03",
    severity=Severity.MEDIUM,
    title="Containers run without root, capabilities and a writable root",
    needs="a pod or a workload",
    why="Whoever breaks into a container writes his tools to its file system, and as root to the node's.",
    allowed=(
        "readOnlyRootFilesystem, runAsNonRoot, allowPrivilegeEscalation false, drop ALL, seccompProfile RuntimeDefault"
    ),
    remedy="set the security context of container or pod in the manifest that the program adds; the platform's own do",
    sources=(
        *cited(Framework.CHECKOV, "CKV_K8S_22", "CKV_K8S_23", "CKV_K8S_31", "CKV_K8S_37"),
        *cited(Framework.TRIVY, "KSV-0003", "KSV-0012", "KSV-0014", "KSV-0030"),
    ),
    examine=_examine,
)
