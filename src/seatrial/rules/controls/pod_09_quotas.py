"""POD-09: every namespace has a quota, and a limit range that fills in what containers don't say."""

from collections.abc import Iterator

from seatrial.rules.facts.kinds import LIMIT_RANGE, NAMESPACE, QUOTA
from seatrial.rules.facts.values import at
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_LIMITS = {QUOTA: "spec.hard", LIMIT_RANGE: "spec.limits"}
"""Kind to where it says its limits: without any it limits nothing."""


def _examine(view: View) -> Iterator[Observation]:
    having = {
        kind: {each.namespace for each in view.objects.of_kind(kind) if at(each.resource, path)}
        for kind, path in _LIMITS.items()
    }
    namespaces = [(each.name, each.resource) for each in view.objects.of_kind(NAMESPACE)]
    namespaces += [(chart.namespace, chart.resource) for chart in view.charts if view.makes_namespace(chart)]
    for name, resource in namespaces:
        for kind, names in having.items():
            is_met = name in names
            yield weighed(resource, kind, is_met=is_met, found=f"{name} has {'a' if is_met else 'no'} {kind}")


RULE = Rule(
    id="POD-09",
    severity=Severity.MEDIUM,
    title="Every namespace has a quota and a limit range",
    needs="a namespace",
    why="One tenant's loop of pods takes the nodes of all; a quota stops it, and needs the requests of a limit range.",
    allowed="a ResourceQuota and a LimitRange",
    remedy="describe the namespace under `tenants`, with `quota` and `limits`: the platform makes both",
    sources=(
        *cited(Framework.TRIVY, "KSV-0039", "KSV-0040"),
        *cited(Framework.PRACTICES, "Tenant Isolation: quotas"),
    ),
    examine=_examine,
)
