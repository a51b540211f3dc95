"""How a node is started: metadata service, disks, tags."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws.ec2.launch_template import LaunchTemplate

from seatrial.components.environment import Environment

if TYPE_CHECKING:
    from pulumi_aws.ec2 import LaunchTemplateBlockDeviceMappingArgsDict, LaunchTemplateBlockDeviceMappingEbsArgsDict

_TAGGED = ("instance", "network-interface", "volume")


def launch_template(
    parent: pulumi.Resource,
    environment: Environment,
    group: str,
    disks: Mapping[str, int | None],
    key_arn: pulumi.Input[str],
) -> LaunchTemplate:
    """Make the launch template of a node group.

    ``disks`` maps devices to their sizes in GiB; none takes the image's. It names no image, so that EKS keeps choosing
    the newest of the group's type, and no security group, so that EKS attaches the cluster's.
    """
    name = environment.name(f"eks-{group}-lt")
    node_tags = environment.tags(environment.name(f"eks-{group}-node"))
    return LaunchTemplate(
        name,
        name=name,
        description=f"Nodes of the group {group}",
        # Hop limit 1: the metadata service answers the node, and not the pods on it, which have roles of their own.
        metadata_options={"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
        block_device_mappings=[_disk(device, size, key_arn) for device, size in disks.items()],
        # The tags of a node group reach neither its instances nor their disks.
        tag_specifications=[{"resource_type": kind, "tags": node_tags} for kind in _TAGGED],
        update_default_version=True,
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _disk(device: str, size_gib: int | None, key_arn: pulumi.Input[str]) -> "LaunchTemplateBlockDeviceMappingArgsDict":
    volume: LaunchTemplateBlockDeviceMappingEbsArgsDict = {
        "volume_type": "gp3",
        "encrypted": "true",
        "kms_key_id": key_arn,
        "delete_on_termination": "true",
    }
    if size_gib is not None:
        volume["volume_size"] = size_gib
    return {"device_name": device, "ebs": volume}


def disks(ami_type: str, size_gib: int) -> dict[str, int | None]:
    """Return the devices of an image: Bottlerocket keeps containers and logs on a second one."""
    if ami_type.startswith("BOTTLEROCKET"):
        return {"/dev/xvda": None, "/dev/xvdb": size_gib}
    return {"/dev/xvda": size_gib}
