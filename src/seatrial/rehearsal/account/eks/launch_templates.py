"""What EKS makes of the launch template that a node group names."""

from typing import Any, cast

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import refusal, roles
from seatrial.rehearsal.account.emulator import Record

SCALING_ROLE = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
"""Who launches nodes, and must be allowed to use the key of their volumes."""

_FORBIDDEN = {
    "IamInstanceProfile": "an instance profile. The noderole in your request will be used",
    "InstanceMarketOptions": "the instance market options. Give a capacity type instead",
    "HibernationOptions": "hibernation options",
    "InstanceInitiatedShutdownBehavior": "the instance initiated shutdown behavior",
}
"""Members that a node group's template may not have (EKS user guide, launch template support)."""


def resolve(parameters: Record) -> Record | None:
    """Find the template of a request: name, id, version, and its data inside; refuse what EKS refuses."""
    wanted = parameters.get("launchTemplate")
    if not wanted:
        return None
    if ("id" in wanted) == ("name" in wanted):
        refusal.invalid("Either provide launch template ID or launch template name in the request.")
    found = _version(_template(wanted), wanted.get("version", "$Default"))
    _check(found["_data"], parameters)
    return found


def _template(wanted: Record) -> Record:
    for template in emulator.store("ec2", "_launch_templates").values():
        if wanted.get("id") == template["LaunchTemplateId"] or wanted.get("name") == template["LaunchTemplateName"]:
            return template
    return refusal.invalid(
        f"You can use only existing launch templates: {wanted.get('id') or wanted.get('name')} does not exist"
    )


def _version(template: Record, wanted: str) -> Record:
    number = {"$Default": template["DefaultVersionNumber"], "$Latest": template["LatestVersionNumber"]}.get(
        wanted, wanted
    )
    for version in template["Versions"]:
        if str(version["VersionNumber"]) == str(number):
            named = {"name": template["LaunchTemplateName"], "id": template["LaunchTemplateId"]}
            return {**named, "version": str(number), "_data": version["LaunchTemplateData"]}
    return refusal.invalid(f"Version {wanted} of launch template {template['LaunchTemplateId']} does not exist")


def _check(data: Record, parameters: Record) -> None:
    for member, message in _FORBIDDEN.items():
        if data.get(member):
            refusal.invalid(f"Launch template should not specify {message}.")
    if any(interface.get("SubnetId") for interface in data.get("NetworkInterfaces", [])):
        refusal.invalid("Launch template should not specify subnets: the subnets in your request will be used.")
    if data.get("InstanceType") and parameters.get("instanceTypes"):
        refusal.invalid("Cannot specify instance types in launch template and API request")
    if "diskSize" in parameters:
        refusal.invalid("Disk size must be specified within the launch template.")
    if "remoteAccess" in parameters:
        refusal.invalid("Remote access configuration cannot be specified with a launch template.")
    if data.get("ImageId") and ("amiType" in parameters or "releaseVersion" in parameters):
        refusal.invalid("You cannot specify an AMI type or release version with an image id in the launch template")


def is_gone(group: Record) -> bool:
    """Whether the template of a group was deleted."""
    named, known = group.get("launchTemplate"), emulator.store("ec2", "_launch_templates").values()
    return named is not None and all(template["LaunchTemplateId"] != named["id"] for template in known)


def data(group: Record) -> Record:
    """Give what the template of a group says of its instances; nothing without a template, or when it is gone."""
    named = group.get("launchTemplate")
    if named is None or is_gone(group):
        return {}
    return cast(Record, _version(_template({"id": named["id"]}), named["version"])["_data"])


def locked_volume(group: Record) -> str:
    """Say which volume's key the launch of nodes may not use; empty when there is none."""
    for mapping in cast("list[Record]", data(group).get("BlockDeviceMappings", [])):
        given = mapping.get("Ebs", {}).get("KmsKeyId", "")
        if given and not _usable(given):
            return f"the key {given} of volume {mapping['DeviceName']} does not admit {SCALING_ROLE}"
    return ""


def _usable(given: str) -> bool:
    """Whether a key's own policy lets Auto Scaling use it: its role has no permission of its own."""
    record = emulator.store("kms", "_keys").get(given.rpartition("/")[2])
    allowing = roles.allowing(record["Policy"]) if record else []
    return any(who == "*" or who.endswith(SCALING_ROLE) for statement in allowing for who in _principals(statement))


def _principals(statement: Record) -> list[str]:
    principal: Any = statement["Principal"]
    named = cast(Record, principal).get("AWS", []) if isinstance(principal, dict) else principal
    return [named] if isinstance(named, str) else cast("list[str]", named)
