"""NET-04: who talked to whom is recorded."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.types import FLOW_LOG, VPC
from seatrial.rules.model import Observation, Rule, Severity, Verdict
from seatrial.rules.observations import broken, judged, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    watched = [(log, view.references.of(log, "vpcId", VPC)) for log in view.of_type(FLOW_LOG)]
    for vpc in view.of_type(VPC):
        logs = [log for log, referred in watched if vpc in referred.resources]
        yield from _vpc(vpc, logs, loose=any(referred.is_unknown for _, referred in watched))


def _vpc(vpc: Resource, logs: list[Resource], *, loose: bool) -> Iterator[Observation]:
    # One of all traffic is enough; others may record a part of it elsewhere.
    seen = [judged(log, "trafficType", lambda value: value == "ALL") for log in logs]
    yield from [each for each in seen if each.verdict is Verdict.MET] or seen
    if not logs and loose:
        yield unknown(vpc, "")
    elif not logs:
        yield broken(vpc, "", "no flow log watches it")


RULE = Rule(
    id="NET-04",
    severity=Severity.MEDIUM,
    title="VPC flow logs record all traffic",
    needs="a VPC",
    why="Where an intruder went, and what left, can't be found out from records that were never made.",
    allowed="a flow log of all traffic",
    remedy="set `network.flowLogs.enabled` to true",
    sources=(
        *cited(Framework.FSBP, "EC2.6"),
        *cited(Framework.CHECKOV, "CKV2_AWS_11"),
        *cited(Framework.TRIVY, "AWS-0178"),
    ),
    examine=_examine,
)
