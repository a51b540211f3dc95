"""The managed groups of nodes that run the workloads."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_aws.ec2.launch_template import LaunchTemplate
from pulumi_aws.eks.node_group import NodeGroup

from seatrial import names
from seatrial.components.environment import Environment, EnvironmentArgs, children
from seatrial.components.launch_template import disks, launch_template
from seatrial.components.role import Role
from seatrial.iam import managed, node
from seatrial.iam.document import text


class TaintArgs(TypedDict):
    """A mark that keeps pods off the nodes of a group."""

    key: str
    """Key, in the syntax of a label key."""

    value: str
    """Value, never empty: the cluster autoscaler ignores a taint without one when a group has no nodes."""

    effect: str
    """``NO_SCHEDULE``, ``PREFER_NO_SCHEDULE`` or ``NO_EXECUTE``."""


class NodeGroupArgs(TypedDict):
    """One group of like nodes."""

    capacity_type: str
    """``ON_DEMAND`` or ``SPOT``."""

    instance_types: Sequence[str]
    """EC2 instance types of equal vCPU and memory."""

    ami_type: str
    """Operating system, as EKS names it."""

    min_size: int
    """Fewest nodes."""

    desired_size: int
    """Nodes at the start."""

    max_size: int
    """Most nodes."""

    disk_size_gib: int
    """Size of the volume that holds images and logs."""

    labels: Mapping[str, str]
    """Kubernetes labels of the nodes."""

    taints: Sequence[TaintArgs]
    """Marks that keep pods off."""

    max_unavailable_percentage: int
    """Share of the nodes that an update may replace at once."""

    node_repair: bool
    """Let EKS replace nodes that stay unhealthy."""


class NodeGroupsArgs(EnvironmentArgs):
    """Inputs of :class:`NodeGroups`."""

    cluster_name: pulumi.Input[str]
    """Cluster that the nodes join."""

    kubernetes_version: pulumi.Input[str]
    """Kubernetes minor; given as the control plane's output, nodes are upgraded after it."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone to private subnet."""

    volumes_key_arn: pulumi.Input[str]
    """Key that encrypts the nodes' disks."""

    groups: Mapping[str, NodeGroupArgs]
    """Name to group. Plain: it decides what exists."""


class NodeGroups(pulumi.ComponentResource):
    """Managed node groups with a role and launch templates of their own.

    Give it ``depends_on`` the network and the add-ons that nodes need to become ready.
    """

    role_arn: pulumi.Output[str]
    """Role of the nodes."""

    group_names: Mapping[str, pulumi.Output[str]]
    """Group to its name in EKS."""

    group_statuses: Mapping[str, pulumi.Output[str]]
    """Group to its status, ``ACTIVE`` when all is well."""

    def __init__(self, name: str, args: NodeGroupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:NodeGroups", name, dict(args), opts)
        role = _role(self, args)
        ready = pulumi.ResourceOptions.merge(children(self, opts), pulumi.ResourceOptions(depends_on=[role]))
        groups = {key: _group(self, args, key, role, ready) for key in sorted(args["groups"])}
        self.role_arn = role.arn
        self.group_names = {key: group.node_group_name for key, group in groups.items()}
        self.group_statuses = {key: group.status for key, group in groups.items()}
        self.register_outputs(
            {
                "roleArn": self.role_arn,
                "groupNames": self.group_names,
                "groupStatuses": self.group_statuses,
            }
        )


def _role(parent: NodeGroups, args: NodeGroupsArgs) -> Role:
    environment = Environment.of(args)
    return Role(
        environment.name("node-role"),
        {
            **environment.pass_on(),
            "kind": "eks-node",
            "description": "EKS worker nodes",
            "trust": text(node.trust_document()),
            "managed_policies": managed.arns(environment.account, node.POLICIES),
        },
        pulumi.ResourceOptions(parent=parent),
    )


def _group(parent: NodeGroups, args: NodeGroupsArgs, key: str, role: Role, ready: pulumi.ResourceOptions) -> NodeGroup:
    environment = Environment.of(args)
    group = args["groups"][key]
    kind = key.replace("-", "")
    devices = disks(group["ami_type"], int(group["disk_size_gib"]))
    template = launch_template(parent, environment, kind, devices, args["volumes_key_arn"])
    name = names.node_group(key, environment.suffix)
    return NodeGroup(
        name,
        node_group_name=name,
        cluster_name=args["cluster_name"],
        version=args["kubernetes_version"],
        node_role_arn=role.arn,
        subnet_ids=[args["subnet_ids"][zone] for zone in sorted(args["subnet_ids"])],
        launch_template={"id": template.id, "version": _version(template)},
        ami_type=group["ami_type"],
        capacity_type=group["capacity_type"],
        instance_types=list(group["instance_types"]),
        scaling_config={
            "min_size": int(group["min_size"]),
            "desired_size": int(group["desired_size"]),
            "max_size": int(group["max_size"]),
        },
        update_config={"max_unavailable_percentage": int(group["max_unavailable_percentage"])},
        node_repair_config={"enabled": group["node_repair"]},
        labels=dict(group["labels"]),
        taints=[{"key": taint["key"], "value": taint["value"], "effect": taint["effect"]} for taint in group["taints"]],
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions.merge(ready, _OPTIONS),
    )


_OPTIONS = pulumi.ResourceOptions(
    # The cluster autoscaler owns the number of nodes once the group exists.
    ignore_changes=["scalingConfig.desiredSize"],
    # The name is fixed, so a replacement can't exist beside what it replaces.
    delete_before_replace=True,
)


def _version(template: LaunchTemplate) -> pulumi.Output[str]:
    """Name the version by number: EKS turns ``$Latest`` into one and would show a difference for ever."""
    return template.latest_version.apply(str)
