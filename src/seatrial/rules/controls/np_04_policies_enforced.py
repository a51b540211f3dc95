"""NP-04: network policies are enforced, not only accepted."""

from collections.abc import Iterator

from seatrial.plan import Value
from seatrial.rules.facts.addons import configured
from seatrial.rules.facts.types import ADDON, CLUSTER
from seatrial.rules.facts.values import at
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged
from seatrial.rules.precedence import cluster_of
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    plugins = [addon for addon in view.of_type(ADDON) if at(addon, "addonName") == "vpc-cni"]
    for addon in plugins:
        yield judged(addon, "configurationValues", _enforces)
    for cluster in view.of_type(CLUSTER):
        if cluster not in [cluster_of(view, addon) for addon in plugins]:
            yield broken(cluster, "", "no vpc-cni add-on, so nothing that enforces policies", allowed="vpc-cni")


def _enforces(value: Value) -> bool:
    return str(configured(value).get("enableNetworkPolicy")).lower() == "true"


RULE = Rule(
    id="NP-04",
    severity=Severity.HIGH,
    title="The network plugin enforces network policies",
    needs="a cluster",
    why="Without it Kubernetes accepts every policy and nothing acts on it: tenants that look apart are not.",
    allowed='enableNetworkPolicy "true" in the configuration of vpc-cni',
    remedy="set `addons.vpcCni.enabled` and `addons.vpcCni.networkPolicy` to true",
    sources=(
        *cited(Framework.CIS_EKS, "4.3.1"),
        *cited(Framework.PROWLER, "eks_cluster_network_policy_enabled"),
    ),
    examine=_examine,
)
