"""The Auto Scaling group behind a managed node group."""

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import network
from seatrial.rehearsal.account.emulator import Record


def create(group: Record) -> None:
    """Make the group, with the tags by which the Cluster Autoscaler finds it."""
    zones = sorted({subnet["AvailabilityZone"] for subnet in network.subnets(group["subnets"])})
    template = group.get("launchTemplate", {})
    parameters = {
        "AutoScalingGroupName": name(group),
        "VPCZoneIdentifier": ",".join(group["subnets"]),
        "LaunchTemplate.LaunchTemplateId": template.get("id", ""),
        "LaunchTemplate.Version": template.get("version", ""),
        **_sizes(group),
        **{f"AvailabilityZones.member.{number}": zone for number, zone in enumerate(zones, 1)},
        **_tags(group),
    }
    _call("_create_asg", parameters)


def name(group: Record) -> str:
    """Give the name of the group behind a node group."""
    return group["resources"]["autoScalingGroups"][0]["name"]


def _sizes(group: Record) -> dict[str, str]:
    return {wire: str(group["scalingConfig"][member]) for wire, member in _MEMBERS.items()}


_MEMBERS = {"MinSize": "minSize", "MaxSize": "maxSize", "DesiredCapacity": "desiredSize"}
"""Auto Scaling's names of sizes to those of EKS."""


def _tags(group: Record) -> dict[str, str]:
    cluster = group["clusterName"]
    tags = {
        "eks:cluster-name": cluster,
        "eks:nodegroup-name": group["nodegroupName"],
        "k8s.io/cluster-autoscaler/enabled": "true",
        f"k8s.io/cluster-autoscaler/{cluster}": "owned",
        f"kubernetes.io/cluster/{cluster}": "owned",
    }
    return {
        f"Tags.member.{number}.{part}": value
        for number, (key, text) in enumerate(tags.items(), 1)
        for part, value in (("Key", key), ("Value", text), ("PropagateAtLaunch", "true"))
    }


def resize(group: Record) -> None:
    """Bring the group to the node group's sizes."""
    _call("_update_asg", {"AutoScalingGroupName": name(group), **_sizes(group)})


def replace(group: Record) -> None:
    """Launch other instances in the place of those that there are."""
    _found(group)["Instances"] = []
    resize(group)


def delete(group: Record) -> None:
    """Remove the group."""
    _call("_delete_asg", {"AutoScalingGroupName": name(group), "ForceDelete": "true"})


def members(group: Record) -> list[str]:
    """Give the ids of the group's instances, which EC2 doesn't show."""
    return list(zones(group))


def zones(group: Record) -> dict[str, str]:
    """Give the ids of the group's instances, and the zone of each."""
    instances = _found(group).get("Instances", [])
    return {instance["InstanceId"]: instance["AvailabilityZone"] for instance in instances}


def sizes(group: Record) -> dict[str, int]:
    """Give the sizes that the group has, whoever has set them, as EKS shows them."""
    found = _found(group)
    return {member: found[wire] for wire, member in _MEMBERS.items() if wire in found}


def _found(group: Record) -> Record:
    return emulator.store("autoscaling", "_asgs").get(name(group), {})


def _call(function: str, parameters: dict[str, str]) -> None:
    wire = {member: [value] for member, value in parameters.items() if value}
    emulator.member(emulator.service("autoscaling"), function)(wire)
