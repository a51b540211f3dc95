"""CP-07: a cluster that others rely on can't be deleted by mistake."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        yield judged(cluster, "deletionProtection", lambda value: value is True)


RULE = Rule(
    id="CP-07",
    severity=Severity.HIGH,
    title="Production clusters are protected against deletion",
    needs="a cluster",
    why="One command in the wrong terminal ends production; with protection it takes two, and a change to the plan.",
    allowed="true",
    remedy="set `cluster.deletionProtection` to true; a rehearsal's down turns it off first by itself",
    sources=cited(Framework.PROWLER, "eks_cluster_deletion_protection_enabled"),
    examine=_examine,
    production_only=True,
)
