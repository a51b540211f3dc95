"""Launch templates: every change makes a version."""

from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, deleted, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.schema import resource
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values

_NAME = "aws:ec2/launchTemplate:LaunchTemplate"
_MEMBERS = {
    "name": "LaunchTemplateName",
    "description": "VersionDescription",
    "vpcSecurityGroupIds": "SecurityGroupIds",
    "securityGroupNames": "SecurityGroups",
    "networkInterfaces.securityGroups": "Groups",
    "networkInterfaces.ipv4AddressCount": "SecondaryPrivateIpAddressCount",
}
_REQUEST = Request(
    service="ec2",
    operation="CreateLaunchTemplate",
    members={**_MEMBERS, "tags": None, "defaultVersion": None},
    within="LaunchTemplateData",
)
_OWN = frozenset({"name", "namePrefix", "region", "tags", "defaultVersion", "updateDefaultVersion"})
"""What belongs to the template rather than to a version."""

_VERSIONED = tuple(sorted(resource(_NAME).inputs.fields.keys() - _OWN))


def _create(cloud: Cloud, inputs: Values) -> str:
    wanted = parameters(_REQUEST, inputs) | tag_specifications(cloud, "launch-template", inputs)
    return cloud.ec2("CreateLaunchTemplate", **wanted)["LaunchTemplate"]["LaunchTemplateId"]


def _template(cloud: Cloud, identity: str) -> dict[str, Any]:
    return described(cloud, "DescribeLaunchTemplates", "LaunchTemplates", LaunchTemplateIds=[identity])


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    template = _template(cloud, identity)
    latest = described(
        cloud,
        "DescribeLaunchTemplateVersions",
        "LaunchTemplateVersions",
        LaunchTemplateId=identity,
        Versions=[str(template["LatestVersionNumber"])],
    )
    told = properties(_TEMPLATE.schema.outputs, latest["LaunchTemplateData"], _MEMBERS) | tags_of(template)
    return told | arn(cloud, "launch-template", identity) | _numbers(template, latest)


def _numbers(template: dict[str, Any], latest: dict[str, Any]) -> Values:
    return {
        "name": template["LaunchTemplateName"],
        "description": latest.get("VersionDescription"),
        "defaultVersion": template["DefaultVersionNumber"],
        "latestVersion": template["LatestVersionNumber"],
    }


def _add_version(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    wanted = parameters(_REQUEST, inputs)
    wanted.pop("LaunchTemplateName", None)
    cloud.ec2("CreateLaunchTemplateVersion", LaunchTemplateId=identity, **wanted)


def _follow_latest(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    if inputs.get("updateDefaultVersion"):
        _set_default(cloud, identity, _template(cloud, identity)["LatestVersionNumber"])


def _choose_default(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    _set_default(cloud, identity, inputs["defaultVersion"])


def _set_default(cloud: Cloud, identity: str, version: int) -> None:
    cloud.ec2("ModifyLaunchTemplate", LaunchTemplateId=identity, DefaultVersion=str(version))


_TEMPLATE = ResourceType(
    type_name=_NAME,
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=deleted("DeleteLaunchTemplate", "LaunchTemplateId"),
    updates=(
        Part(properties=_VERSIONED, update=_add_version),
        Part(properties=(*_VERSIONED, "updateDefaultVersion"), update=_follow_latest),
        Part(properties=("defaultVersion",), update=_choose_default),
    ),
    traits=Traits(
        replaces=frozenset({"name", "namePrefix"}),
        computed=frozenset(
            {"defaultVersion", "metadataOptions", "name", "namePrefix", "networkPerformanceOptions"}
            | {f"blockDeviceMappings.ebs.{name}" for name in ("iops", "throughput", "volumeSize", "volumeType")}
            | {
                f"metadataOptions.{name}"
                for name in ("httpEndpoint", "httpProtocolIpv6", "httpTokens", "instanceMetadataTags")
            }
            | {"metadataOptions.httpPutResponseHopLimit"}
        ),
        ordered=frozenset({"blockDeviceMappings", "networkInterfaces", "tagSpecifications"}),
        unread=frozenset({"namePrefix", "updateDefaultVersion"}),
        volatile=frozenset({"defaultVersion", "latestVersion"}),
        fixed_names=("name",),
        generated_name="name",
    ),
    tags=TAGS,
)

TYPES = (_TEMPLATE,)
