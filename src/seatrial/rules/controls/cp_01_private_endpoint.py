"""CP-01: the Kubernetes API is reached from inside, and from outside at most by whom the description names."""

from collections.abc import Iterator
from ipaddress import ip_network

from seatrial.plan import Resource, Value
from seatrial.rules.facts.types import CLUSTER
from seatrial.rules.facts.values import at, is_unknown, items, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_WIDEST = 16
"""Shortest prefix that still restricts: 65,536 addresses."""

_RANGES = "vpcConfig.publicAccessCidrs"


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        yield judged(cluster, "vpcConfig.endpointPrivateAccess", lambda value: value is True)
        public = judged(cluster, "vpcConfig.endpointPublicAccess", lambda value: value is False)
        if at(cluster, "vpcConfig.endpointPublicAccess") is True:
            yield from _ranges(cluster)
        else:
            yield public


def _ranges(cluster: Resource) -> Iterator[Observation]:
    ranges = at(cluster, _RANGES)
    if not is_unknown(ranges) and not items(ranges):
        yield broken(cluster, _RANGES, "a public endpoint without ranges, which is open to the world")
    for index in range(len(items(ranges))):
        yield judged(cluster, f"{_RANGES}[{index}]", _is_narrow)


def _is_narrow(value: Value) -> bool:
    try:
        network = ip_network(text(value), strict=False)
    except ValueError:
        return False
    return network.prefixlen >= _WIDEST


RULE = Rule(
    id="CP-01",
    severity=Severity.CRITICAL,
    title="The Kubernetes API is private, or public for named ranges only",
    needs="a cluster",
    why=(
        "An API that the internet reaches is attacked the day that a flaw in authentication, or a leaked token, is "
        "known. Without the private endpoint nodes would talk to it through the internet."
    ),
    allowed="the private endpoint on; the public one off, or limited to ranges of /16 or smaller",
    remedy="set `cluster.endpoint.public` to false, or list your own ranges in `cluster.endpoint.publicAccessCidrs`",
    sources=(
        *cited(Framework.CIS_EKS, "5.4.1", "5.4.2"),
        *cited(Framework.FSBP, "EKS.1"),
        *cited(Framework.PCI, "1.3.1", "1.4.2"),
        *cited(Framework.KUBESCAPE, "C-0227", "C-0228"),
        *cited(Framework.CHECKOV, "CKV_AWS_38", "CKV_AWS_39"),
        *cited(Framework.TRIVY, "AWS-0040", "AWS-0041"),
        *cited(Framework.PROWLER, "eks_cluster_not_publicly_accessible"),
    ),
    examine=_examine,
)
