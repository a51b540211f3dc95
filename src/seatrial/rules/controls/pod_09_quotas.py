"""POD-09: every namespace has a quota, and a limit range that fills in what containers don't say."""

from collections.abc import Iterator

from seatrial.rules.facts.kinds import LIMIT_RANGE, NAMESPACE, QUOTA
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    having = {kind: {each.namespace for each in view.objects.of_kind(kind)} for kind in (QUOTA, LIMIT_RANGE)}
    for namespace in view.objects.of_kind(NAMESPACE):
        for kind, names in having.items():
            is_met = namespace.name in names
            found = f"{namespace.name} has {'a' if is_met else 'no'} {kind}"
            yield weighed(namespace.resource, kind, is_met=is_met, found=found)


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
