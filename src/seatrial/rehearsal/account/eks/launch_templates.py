"""What EKS makes of the launch template that a node group names."""

import json
from typing import Any, cast

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import refusal
from seatrial.rehearsal.account.emulator import Record

SCALING_ROLE = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
"""Who launches nodes, and must be allowed to use the key of their volumes."""

_FORBIDDEN = {
    "IamInstanceProfile": "Launch template should not specify an instance profile. The noderole in your request will be used.",
    "InstanceMarketOptions": "Launch template should not specify the instance market options: give a capacity type instead.",
    "HibernationOptions": "Launch template should not specify hibernation options.",
    "InstanceInitiatedShutdownBehavior": "Launch template should not specify the instance initiated shutdown behavior.",
}
"""Members that a node group's template may not have (EKS user guide, "Customize managed nodes with launch templates")."""


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
            refusal.invalid(message)
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


def locked_volume(group: Record) -> str:
    """Say which volume's key the launch of nodes may not use; empty when there is none."""
    named = group.get("launchTemplate")
    found = _version(_template({"id": named["id"]}), named["version"]) if named else {"_data": {}}
    for mapping in found["_data"].get("BlockDeviceMappings", []):
        given = mapping.get("Ebs", {}).get("KmsKeyId", "")
        if given and not _usable(given):
            return f"the key {given} of volume {mapping.get('DeviceName')} does not admit {SCALING_ROLE}"
    return ""


def _usable(given: str) -> bool:
    record = emulator.store("kms", "_keys").get(given.rpartition("/")[2], {})
    policy = record.get("Policy") or record.get("_policy") or "{}"
    document = cast(Record, json.loads(policy) if isinstance(policy, str) else policy)
    return any(
        statement.get("Effect") == "Allow" and any(who.endswith(SCALING_ROLE) for who in _principals(statement))
        for statement in document.get("Statement", [])
    )


def _principals(statement: Record) -> list[str]:
    principal: Any = statement.get("Principal", {})
    named = principal.get("AWS", []) if isinstance(principal, dict) else []
    return [named] if isinstance(named, str) else cast("list[str]", named)
