"""CP-03: the control plane's logs go to a log group of ours: kept, encrypted, there before the cluster."""

from collections.abc import Iterator

from seatrial.plan import Resource, Value
from seatrial.rules.facts.order import arrows
from seatrial.rules.facts.types import CLUSTER, KEY, LOG_GROUP
from seatrial.rules.facts.values import at, is_unknown, number, seen, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_PRODUCTION_DAYS = 90
"""The weeks in which most intrusions are found."""


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        expected = f"/aws/eks/{text(at(cluster, 'name'))}/cluster"
        groups = [group for group in view.of_type(LOG_GROUP) if at(group, "name") == expected]
        for group in groups:
            yield from _group(view, cluster, group)
        if not groups and is_unknown(at(cluster, "name")):
            yield unknown(cluster, "name")
        elif not groups:
            yield broken(cluster, "enabledClusterLogTypes", f"no log group named {expected} in the plan")


def _group(view: View, cluster: Resource, group: Resource) -> Iterator[Observation]:
    least = _PRODUCTION_DAYS if view.is_production else 1

    def is_kept(value: Value) -> bool:
        days = number(value)
        return days is not None and days >= least

    yield judged(group, "retentionInDays", is_kept, f"{least} days or more, and an end")
    key = view.references.of(group, "kmsKeyId", KEY)
    if key.is_unknown:
        yield unknown(group, "kmsKeyId")
    else:
        yield weighed(group, "kmsKeyId", is_met=key.one is not None, found=seen(group, "kmsKeyId"), allowed=_OWN_KEY)
    yield _order(view, cluster, group)


def _order(view: View, cluster: Resource, group: Resource) -> Observation:
    way = view.order.path(cluster, group)
    found = arrows(way) if way else f"EKS may make the group first: {view.order.counterexample(cluster, group)}"
    return weighed(cluster, "", is_met=bool(way), found=found, allowed="the cluster depends on the log group")


_OWN_KEY = "a customer-managed key of the plan"

RULE = Rule(
    id="CP-03",
    severity=Severity.HIGH,
    title="The audit log group is made before the cluster, kept and encrypted",
    needs="a cluster",
    why=(
        "A log group that EKS makes by itself keeps everything for ever, under no key of yours, and stays behind when "
        "the cluster is deleted; the next cluster of that name then can't be made."
    ),
    allowed="a log group /aws/eks/<cluster>/cluster with retention and a key, which the cluster depends on",
    remedy="set `cluster.logRetentionDays`, to 90 or more in production; key and order are the platform's own",
    sources=(
        *cited(Framework.CIS_EKS, "2.1.2"),
        *cited(Framework.CHECKOV, "CKV_AWS_66", "CKV_AWS_158", "CKV_AWS_338"),
        *cited(Framework.TRIVY, "AWS-0017"),
        *cited(Framework.ISSUE, "terraform-aws-modules/terraform-aws-eks#920"),
    ),
    examine=_examine,
)
