"""The nodes of a plan as the scheduler sees them, and the pods of the system that run on them.

What charts and add-ons run is rendered by the deployment. Those that the platform knows stand here as far as the
scheduler looks: number, requests, spread, budget, by the values that they are given and by their defaults otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from seatrial import instances
from seatrial.instances import InstanceType
from seatrial.plan import Resource, Value
from seatrial.rules.facts.addons import configuration
from seatrial.rules.facts.charts import Chart
from seatrial.rules.facts.manifests import thawed
from seatrial.rules.facts.references import References
from seatrial.rules.facts.types import SUBNET
from seatrial.rules.facts.values import at, entries, is_unknown, number, properties, text, texts, within
from seatrial.rules.facts.zones import zones
from seatrial.semantics.scheduling import Node, NodeGroup, Taint

_EFFECTS: Final = {"NO_EXECUTE": "NoExecute", "NO_SCHEDULE": "NoSchedule", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
_CPU_RESERVED: Final = ((0, 1000, 600), (1000, 2000, 100), (2000, 4000, 50), (4000, 1_000_000, 25))
"""Thousandths of a processor from, to, and how many ten-thousandths of these EKS reserves (awslabs/amazon-eks-ami)."""

_CHOSEN: Final = "t3.medium"
"""Instance type of groups that name none (CreateNodegroup, EKS API reference)."""

_EVICTION_MIB: Final = 100
"""Memory that kubelet keeps free."""

_MIB: Final = 1024 * 1024


def groups(
    resources: Iterable[Resource], references: References, *, autoscaled: bool, prefixes: bool
) -> tuple[NodeGroup, ...]:
    """Read the node groups of which a plan can tell what their nodes are like.

    Without autoscaler none grows; ``prefixes``: pods get addresses by the block, so that more of them fit on a node.
    """
    found = (_group(resource, references, autoscaled=autoscaled, prefixes=prefixes) for resource in resources)
    return tuple(filter(None, found))


def hands_out_prefixes(addons: Iterable[Resource]) -> bool:
    """Tell whether the network plugin is told to hand out addresses by the block."""
    plugins = (addon for addon in addons if text(at(addon, "addonName")) == "vpc-cni")
    return any(text(within(configuration(each), "env.ENABLE_PREFIX_DELEGATION")) == "true" for each in plugins)


def instance_types(group: Resource, references: References) -> tuple[str, ...]:
    """Return the instance types of a node group: its own, its launch template's, or else EKS's choice."""
    said = [group.inputs.get("instanceTypes")]
    said += [at(each, "instanceType") for each in references.launch_template(group).resources]
    return next((texts(each) for each in said if each is not None), (_CHOSEN,))


def _group(resource: Resource, references: References, *, autoscaled: bool, prefixes: bool) -> NodeGroup | None:
    kinds = [kind for name in instance_types(resource, references) if (kind := instances.find(name))]
    known = zones(references.of(resource, "subnetIds", SUBNET).resources)
    desired, most = (number(at(resource, f"scalingConfig.{key}")) for key in ("desiredSize", "maxSize"))
    if not kinds or not known or desired is None or most is None or is_unknown(at(resource, "taints")):
        return None
    return NodeGroup(
        model=_node(resource, min(kinds, key=lambda kind: kind.shape), prefixes=prefixes),
        zones=known,
        desired=desired,
        maximum=most if autoscaled else desired,
    )


def _node(resource: Resource, kind: InstanceType, *, prefixes: bool) -> Node:
    labels = {key: text(value) for key, value in properties(at(resource, "labels")).items()}
    capacity = text(at(resource, "capacityType")) or "ON_DEMAND"
    pods = kind.max_pods(prefix_delegation=prefixes)
    return Node(
        name=resource.name,
        labels={"kubernetes.io/os": "linux", "eks.amazonaws.com/capacityType": capacity, **labels},
        cpu=kind.vcpus * 1000 - _reserved_cpu(kind.vcpus * 1000),
        memory=(kind.memory_mib - 11 * pods - 255 - _EVICTION_MIB) * _MIB,
        pods=pods,
        taints=tuple(_taint(taint) for _, taint in entries(resource, "taints")),
    )


def _reserved_cpu(total: int) -> int:
    return sum(max(min(total, end) - start, 0) * share // 10_000 for start, end, share in _CPU_RESERVED)


def _taint(taint: Mapping[str, Value]) -> Taint:
    effect = text(taint.get("effect"))
    return Taint(key=text(taint.get("key")), value=text(taint.get("value")), effect=_EFFECTS.get(effect, effect))


@dataclass(frozen=True, slots=True)
class _Known:
    """A Deployment of the system."""

    labels: Mapping[str, str]
    replicas: str
    """Path of the number in its values; empty where nobody sets it."""

    default: int
    cpu: str
    memory: str
    has_budget: bool = False
    """Whether it has a budget of one when nobody says."""


_INSTANCE: Final = "app.kubernetes.io/instance"
_NAME: Final = "app.kubernetes.io/name"
_CHARTS: Final[Mapping[str, _Known]] = {
    "aws-load-balancer-controller": _Known({_NAME: "aws-load-balancer-controller"}, "replicaCount", 2, "0", "0"),
    "cluster-autoscaler": _Known({_INSTANCE: "cluster-autoscaler"}, "replicaCount", 1, "0", "0"),
}
"""By their values.yaml."""

_ADDONS: Final[Mapping[str, _Known]] = {
    "aws-ebs-csi-driver": _Known(
        {"app": "ebs-csi-controller"}, "controller.replicaCount", 2, "60m", "240Mi", has_budget=True
    ),
    "coredns": _Known({"k8s-app": "kube-dns"}, "replicaCount", 2, "100m", "70Mi", has_budget=True),
    "metrics-server": _Known({_NAME: "metrics-server"}, "replicas", 2, "100m", "200Mi", has_budget=True),
}
"""As EKS installs them."""


def system(charts: Iterable[Chart], addons: Iterable[Resource]) -> Iterator[dict[str, object]]:
    """Give the Deployments and budgets of charts and add-ons, as manifests."""
    for chart in charts:
        known = _CHARTS.get(chart.name)
        if known:
            yield from _manifests(chart.name, known, properties(at(chart.resource, "values")))
    for addon in addons:
        name = text(at(addon, "addonName"))
        if name in _ADDONS:
            yield from _manifests(name, _ADDONS[name], configuration(addon))


def _manifests(name: str, known: _Known, values: Mapping[str, Value]) -> Iterator[dict[str, object]]:
    least = number(within(values, "autoScaling.minReplicas")) or number(within(values, known.replicas))
    metadata = {"name": name, "namespace": "kube-system"}
    yield {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {
            "replicas": known.default if least is None else least,
            "selector": {"matchLabels": known.labels},
            "template": {"metadata": {"labels": known.labels}, "spec": _pod(known, values)},
        },
    }
    given = {"maxUnavailable": 1} if known.has_budget else properties(values.get("podDisruptionBudget"))
    if given:
        spec = {"selector": {"matchLabels": known.labels}, **{key: thawed(each) for key, each in given.items()}}
        yield {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata, "spec": spec}


def _pod(known: _Known, values: Mapping[str, Value]) -> dict[str, object]:
    resources = thawed(values.get("resources")) or {"requests": {"cpu": known.cpu, "memory": known.memory}}
    said = ("affinity", "nodeSelector", "tolerations", "topologySpreadConstraints")
    return {
        "containers": [{"name": "main", "resources": resources}],
        "priorityClassName": "system-cluster-critical",
        **{key: thawed(values[key]) for key in said if values.get(key) is not None},
    }
