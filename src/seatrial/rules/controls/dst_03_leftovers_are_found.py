"""DST-03: what a cluster leaves behind carries the marks by which ``seatrial sweep`` finds it."""

from collections.abc import Iterator

from seatrial.ownership import attached, balanced, owned
from seatrial.plan import Resource
from seatrial.rules.facts.addons import configured
from seatrial.rules.facts.types import ADDON, CLUSTER, NODE_GROUP
from seatrial.rules.facts.values import at, is_unknown, text, within, words
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, unknown, weighed
from seatrial.rules.precedence import cluster_of
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_CNI, _CNI_NAME = "vpc-cni", "env.CLUSTER_NAME"
_EBS, _EBS_NAME = "aws-ebs-csi-driver", "controller.k8sTagClusterId"
_LBC = "aws-load-balancer-controller"
"""What makes things in AWS, and where its configuration can change the cluster's name in its marks.

The managed add-ons set their two names themselves (EKS user guide; aws-ebs-csi-driver#2918).
"""

_VALUES = "configurationValues"


def _examine(view: View) -> Iterator[Observation]:
    clusters = view.of_type(CLUSTER)
    for cluster in clusters:
        yield from _interfaces(view, cluster)
        yield from _volumes(view, cluster)
    yield from _balancers(view, clusters)


def _interfaces(view: View, cluster: Resource) -> Iterator[Observation]:
    """Judge the network plugin: node groups without the managed one have interfaces that nothing need name."""
    name = _name(cluster)
    plugins = _addons(view, cluster, _CNI)
    for plugin in plugins:
        yield _left(plugin, _CNI_NAME, name, f"interfaces tagged {attached(name)}")
    if not plugins:
        for group in view.of_type(NODE_GROUP):
            if cluster_of(view, group) == cluster:
                yield broken(group, "", f"nodes of {name}, and no add-on {_CNI} that tags their interfaces")


def _volumes(view: View, cluster: Resource) -> Iterator[Observation]:
    name = _name(cluster)
    for driver in _addons(view, cluster, _EBS):
        yield _left(driver, _EBS_NAME, name, f"volumes tagged {owned(name)}")


def _balancers(view: View, clusters: tuple[Resource, ...]) -> Iterator[Observation]:
    path = "values.clusterName"
    for chart in view.charts:
        if chart.name == _LBC and clusters:
            meant = view.references.of(chart.resource, path, CLUSTER)
            allowed = f"load balancers tagged {' or '.join(str(balanced(_name(each))) for each in clusters)}"
            if meant.is_unknown:
                yield unknown(chart.resource, path, allowed=allowed)
            else:
                found = words(chart.value("clusterName"))
                yield weighed(chart.resource, path, is_met=meant.one is not None, found=found, allowed=allowed)


def _left(addon: Resource, path: str, name: str, allowed: str) -> Observation:
    """Judge whether an add-on's configuration leaves the cluster's name as it is."""
    if is_unknown(at(addon, _VALUES)):
        return unknown(addon, _VALUES, allowed=allowed)
    said = within(configured(at(addon, _VALUES)), path)
    found = f"{path} left to the add-on" if said is None else f"{path} {words(said)}"
    return weighed(addon, _VALUES, is_met=said is None or said == name, found=found, allowed=allowed)


def _addons(view: View, cluster: Resource, name: str) -> list[Resource]:
    named = [addon for addon in view.of_type(ADDON) if at(addon, "addonName") == name]
    return [addon for addon in named if cluster_of(view, addon) == cluster]


def _name(cluster: Resource) -> str:
    return text(at(cluster, "name"))


RULE = Rule(
    id="DST-03",
    severity=Severity.MEDIUM,
    title="What a cluster leaves in the account can be found and swept",
    needs="a cluster with node groups, a volume driver or a load balancer controller",
    why=(
        "An interface, load balancer or volume that outlives its cluster keeps subnets and groups from being deleted, "
        "or costs for ever; only the cluster's name in its tags tells whose it is."
    ),
    allowed="managed vpc-cni and EBS add-ons and the load balancer controller, all with the cluster's own name",
    remedy="keep `addons.vpcCni.enabled` true and leave CLUSTER_NAME, k8sTagClusterId and clusterName to the platform",
    sources=cited(Framework.ISSUE, "aws/amazon-vpc-cni-k8s#608", "pulumi/pulumi-eks#1226"),
    examine=_examine,
)
