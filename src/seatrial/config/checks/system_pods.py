"""Whether the nodes at the start hold the platform's own pods: until they run, nothing starts more nodes."""

from collections.abc import Iterator

from seatrial import instances
from seatrial.config.checks.check import GROUPS, Check, Context
from seatrial.config.checks.instance_types import LEAST_PODS
from seatrial.config.checks.node_groups import repels
from seatrial.config.location import path
from seatrial.config.model import Platform
from seatrial.config.node_groups import NodeGroup
from seatrial.errors import Fault

_ADDONS = ("addons",)
_KUBERNETES = ("kubernetes",)

_COPIES = 2
"""Pods of the EBS driver's controller, of metrics-server and of the snapshot controller each, as EKS installs them."""


def _room(context: Context) -> Iterator[Fault]:
    platform = context.platform
    groups = [group for group in platform.node_groups.values() if not repels(group)]
    sizes = [(group.desired_size, _pods_of_node(platform, group)) for group in groups]
    nodes, room = sum(number for number, _ in sizes), sum(number * pods for number, pods in sizes)
    needed, taken = _pods(platform), nodes * _daemons(platform)
    # Without nodes, or with nodes that are too small for any purpose, that is said already.
    if nodes and needed + taken > room and all(pods >= LEAST_PODS for _, pods in sizes):
        yield Fault(
            path(GROUPS),
            f"room for {room} pods at desiredSize",
            f"groups without taints that hold {needed + taken}",
            f"add-ons and controllers run {needed} pods, and {_daemons(platform)} on every node; until they run, the "
            "deployment waits, and no autoscaler starts more nodes",
        )


def _pods_of_node(platform: Platform, group: NodeGroup) -> int:
    """Count the pods of the group's smallest node."""
    prefixes = platform.addons.vpc_cni.prefix_delegation
    types = filter(None, map(instances.find, group.instance_types))
    return min(known.max_pods(prefix_delegation=prefixes) for known in types)


def _daemons(platform: Platform) -> int:
    """Count the pods that every node runs."""
    addons, kubernetes = platform.addons, platform.kubernetes
    outside = (addons.vpc_cni, addons.kube_proxy, addons.pod_identity_agent, addons.ebs_csi)
    inside = (kubernetes.node_termination_handler, kubernetes.node_local_dns) if kubernetes.enabled else ()
    return sum(each.enabled for each in (*outside, *inside))


def _pods(platform: Platform) -> int:
    """Count the pods of Deployments that the deployment waits for."""
    addons, kubernetes = platform.addons, platform.kubernetes
    several = (addons.ebs_csi, addons.metrics_server, addons.snapshot_controller)
    controllers = (kubernetes.load_balancer_controller, kubernetes.cluster_autoscaler)
    outside = addons.coredns.replicas + _COPIES * sum(addon.enabled for addon in several)
    inside = sum(each.replicas for each in controllers if each.enabled) if kubernetes.enabled else 0
    return outside + inside


CHECKS = (Check(reads=(GROUPS, _ADDONS, _KUBERNETES), run=_room),)
