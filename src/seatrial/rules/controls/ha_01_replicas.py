"""HA-01: whatever serves has two pods or more."""

from collections.abc import Iterator

from seatrial.rules.facts.replicated import Replicated, count
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import met, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_LEAST = 2


def _examine(view: View) -> Iterator[Observation]:
    for each in view.replicated:
        yield _judged(each)


def _judged(each: Replicated) -> Observation:
    replicas = count(each)
    if each.is_single_on_purpose:
        return met(each.resource, each.replicas_path, f"{each.title}: Recreate, so one at a time on purpose")
    if replicas is None:
        return unknown(each.resource, each.replicas_path)
    found = f"{each.title}: {replicas} replica{'' if replicas == 1 else 's'}"
    return weighed(each.resource, each.replicas_path, is_met=replicas >= _LEAST, found=found)


RULE = Rule(
    id="HA-01",
    severity=Severity.MEDIUM,
    title="Whatever serves has two replicas or more",
    needs="a Deployment, a StatefulSet, or a chart or an add-on of one",
    why="With one pod every drain, every update and every lost node is an outage.",
    allowed="two replicas or more, by its own number or by the least of its autoscaler; one where it says Recreate",
    remedy=(
        "set replicas in the manifest that the program adds, `kubernetes.loadBalancerController.replicas`, "
        "`kubernetes.clusterAutoscaler.replicas` or `addons.coredns.replicas`"
    ),
    sources=(
        *cited(Framework.POLARIS, "deploymentMissingReplicas"),
        *cited(Framework.KUBE_LINTER, "minimum-three-replicas"),
    ),
    examine=_examine,
)
