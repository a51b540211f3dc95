"""HA-09: what the cluster needs comes before what runs on it."""

from collections.abc import Iterator, Mapping

from seatrial.rules.facts.objects import SYSTEM
from seatrial.rules.facts.values import is_unknown, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_CRITICAL = frozenset({"system-cluster-critical", "system-node-critical"})
_KEYS: Mapping[str, tuple[str, str]] = {
    "aws-load-balancer-controller": ("priorityClassName", "system-cluster-critical"),
    "aws-node-termination-handler": ("daemonsetPriorityClassName", "system-node-critical"),
    "cluster-autoscaler": ("priorityClassName", "system-cluster-critical"),
    "karpenter": ("priorityClassName", "system-cluster-critical"),
}
"""Chart to where its values have the class of its pods, and to the class when they don't say (values.yaml)."""


def _examine(view: View) -> Iterator[Observation]:
    for chart in view.charts:
        key, default = _KEYS.get(chart.name, ("priorityClassName", ""))
        if chart.namespace == SYSTEM:
            value = chart.value(key)
            path, name = f"values.{key}", text(value) or ("" if value == "" else default)
            if is_unknown(value):
                yield unknown(chart.resource, path)
            else:
                found = f"{chart.name}: {name or 'no class'}"
                yield weighed(chart.resource, path, is_met=name in _CRITICAL, found=found)
    for template in view.pods:
        if template.object.namespace == SYSTEM:
            path, name = template.place("spec.priorityClassName"), template.spec.get("priorityClassName")
            if is_unknown(name):
                yield unknown(template.resource, path)
            else:
                found = f"{template.object.title}: {text(name) or 'no class'}"
                yield weighed(template.resource, path, is_met=name in _CRITICAL, found=found)


RULE = Rule(
    id="HA-09",
    severity=Severity.MEDIUM,
    title="What the cluster needs has priority",
    needs="a chart or a pod in kube-system",
    why="On full nodes the pods of tenants keep the autoscaler out that would make room, and are never evicted for it.",
    allowed="system-cluster-critical or system-node-critical for all that runs in kube-system",
    remedy="set priorityClassName in the manifest or in the chart's values; the platform's own charts do",
    sources=(
        *cited(Framework.POLARIS, "priorityClassNotSet"),
        *cited(Framework.KUBERNETES, "Guaranteed Scheduling For Critical Add-On Pods"),
    ),
    examine=_examine,
)
