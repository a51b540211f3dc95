"""POD-08: nothing is put into the namespace called default."""

from collections.abc import Iterator

from seatrial.rules.facts.values import at, is_unknown
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_DEFAULT = "default"


def _examine(view: View) -> Iterator[Observation]:
    for each in view.objects.every:
        path = "metadata.namespace"
        if is_unknown(at(each.resource, path)):
            yield unknown(each.resource, path)
        elif each.namespace:
            yield weighed(each.resource, path, is_met=each.namespace != _DEFAULT, found=each.namespace)
    for chart in view.charts:
        yield weighed(chart.resource, "namespace", is_met=chart.namespace != _DEFAULT, found=chart.namespace)


RULE = Rule(
    id="POD-08",
    severity=Severity.LOW,
    title="Nothing is in the namespace called default",
    needs="an object in a namespace",
    why="It has no quota, no Pod Security level and no network policy, and takes everything that names no namespace.",
    allowed="a namespace with a purpose",
    remedy="name a namespace of `tenants` in the manifest that the program adds",
    sources=(
        *cited(Framework.CIS_EKS, "4.5.2"),
        *cited(Framework.CHECKOV, "CKV_K8S_21"),
        *cited(Framework.TRIVY, "KSV-0110"),
    ),
    examine=_examine,
)
