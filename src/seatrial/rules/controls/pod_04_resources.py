"""POD-04: containers say what they need, and how much memory at most."""

from collections.abc import Iterator

from seatrial.rules.containers import Fault, judge_containers
from seatrial.rules.facts.pods import Container
from seatrial.rules.facts.values import is_unknown, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import UNTOLD
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_WANTED = ("requests.cpu", "requests.memory", "limits.memory")


def _examine(view: View) -> Iterator[Observation]:
    yield from judge_containers(view, _faults, "requests and a limit of memory")


def _faults(container: Container) -> Iterator[Fault]:
    for each in _WANTED:
        # A request that nobody makes is the limit; what the pod has together its containers share.
        said = [each, each.replace("requests", "limits")]
        values = [
            within(of, f"resources.{path}") for of in (container.values, container.template.spec) for path in said
        ]
        value = next((found for found in values if found is not None), None)
        if value is None or is_unknown(value):
            yield f"resources.{each}", f"no {each}" if value is None else UNTOLD


RULE = Rule(
    id="POD-04",
    severity=Severity.MEDIUM,
    title="Containers request CPU and memory, and are limited in memory",
    needs="a pod or a workload",
    why="The scheduler fills nodes by requests: without them one leak takes its neighbours along, the kubelet first.",
    allowed="requests.cpu, requests.memory and limits.memory",
    remedy="set resources in the manifest that the program adds; the limit ranges of `tenants` fill in what is missing",
    sources=(
        *cited(Framework.CHECKOV, "CKV_K8S_10", "CKV_K8S_11", "CKV_K8S_12", "CKV_K8S_13"),
        *cited(Framework.TRIVY, "KSV-0011", "KSV-0015", "KSV-0016", "KSV-0018"),
    ),
    examine=_examine,
)
