"""POD-07: no secret reaches a container by its environment."""

from collections.abc import Iterator

from seatrial.plan import Secret
from seatrial.rules.containers import Fault, judge_containers
from seatrial.rules.facts.credentials import secrets
from seatrial.rules.facts.pods import Container
from seatrial.rules.facts.values import items, properties, text, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    yield from judge_containers(view, _faults, "no secret in its environment")


def _faults(container: Container) -> Iterator[Fault]:
    raw = container.values.get("env")
    if isinstance(raw, Secret):
        yield "env", "all of it is secret"
    for index, each in enumerate(raw if isinstance(raw, tuple) else ()):
        values = properties(each)
        path = f"env[{index}]"
        if within(values, "valueFrom.secretKeyRef") is not None:
            yield f"{path}.valueFrom.secretKeyRef", f"{text(values.get('name'))} is of a Secret"
        elif isinstance(values.get("value"), Secret):
            yield f"{path}.value", f"{text(values.get('name'))} is secret"
        elif found := secrets(f"{text(values.get('name'))}={text(values.get('value'))}"):
            yield f"{path}.value", f"{text(values.get('name'))} is {', '.join(found)}"
    for index, each in enumerate(items(container.values.get("envFrom"))):
        if properties(each).get("secretRef") is not None:
            yield f"envFrom[{index}].secretRef", "all of a Secret"


RULE = Rule(
    id="POD-07",
    severity=Severity.MEDIUM,
    title="No secret is in the environment of a container",
    needs="a pod or a workload",
    why="The environment shows in crash reports, in describe and in child processes, and outlives a rotation.",
    allowed="no secretKeyRef, no secretRef and no secret value",
    remedy="mount the Secret as a file, or read it from Secrets Manager with the service account's role",
    sources=(
        *cited(Framework.CIS_EKS, "4.4.1", "4.4.2"),
        *cited(Framework.CHECKOV, "CKV_K8S_35"),
    ),
    examine=_examine,
)
