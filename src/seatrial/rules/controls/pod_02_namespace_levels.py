"""POD-02: every namespace enforces a Pod Security level of a pinned version, audits and warns by it."""

import re
from collections.abc import Iterator

from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.values import at, is_unknown, properties, words
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_MODES = ("enforce", "audit", "warn")
_LEVELS = ("baseline", "restricted")
_VERSION = re.compile(r"v1\.[0-9]+")


def _examine(view: View) -> Iterator[Observation]:
    for namespace in view.objects.of_kind(NAMESPACE):
        yield from _namespace(namespace)
    for chart in view.charts:
        if view.makes_namespace(chart):
            found = f"it makes {chart.namespace}, without a label"
            yield broken(chart.resource, "createNamespace", found, allowed="a namespace of the plan")


def _namespace(namespace: Object) -> Iterator[Observation]:
    resource = namespace.resource
    labels = properties(at(resource, "metadata.labels"))
    wanted = [(f"pod-security.kubernetes.io/{mode}", "baseline or restricted") for mode in _MODES]
    wanted += [(f"{label}-version", "a version such as v1.36") for label, _ in wanted]
    faults = 0
    for label, allowed in wanted:
        value = labels.get(label)
        if is_unknown(value):
            faults += 1
            yield unknown(resource, f"metadata.labels.{label}", allowed=allowed)
        elif not (_VERSION.fullmatch(str(value)) if label.endswith("-version") else value in _LEVELS):
            faults += 1
            yield broken(resource, f"metadata.labels.{label}", words(value), allowed=allowed)
    if not faults:
        level = labels.get("pod-security.kubernetes.io/enforce")
        yield met(resource, "metadata.labels", f"{namespace.name} enforces {level}")


RULE = Rule(
    id="POD-02",
    severity=Severity.HIGH,
    title="Every namespace enforces a Pod Security level of a pinned version",
    needs="a namespace",
    why="Without the labels any pod starts; without a version the meaning of a level changes with the control plane.",
    allowed="the labels enforce, audit and warn of pod-security.kubernetes.io with their versions",
    remedy="describe the namespace under `tenants` with `podSecurity`: the platform sets all six labels",
    sources=(
        *cited(Framework.HARDENEKS, "ensure_namespace_psa_exist"),
        *cited(Framework.PRACTICES, "Pod Security: Pod Security Standards and Pod Security Admission"),
    ),
    examine=_examine,
)
