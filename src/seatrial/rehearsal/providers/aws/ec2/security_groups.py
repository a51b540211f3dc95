"""Security groups: a VPC's default one, and others."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.ec2.permissions import revoke_all, set_rules, told_rules
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values

_REQUEST = Request(
    service="ec2",
    operation="CreateSecurityGroup",
    members={"name": "GroupName", "ingress": None, "egress": None},
)
_DESCRIPTION = "Managed by Pulumi"
"""What the published provider writes when there is no description, which AWS requires."""


def _group(cloud: Cloud, identity: str) -> Mapping[str, Any]:
    return described(cloud, "DescribeSecurityGroups", "SecurityGroups", GroupIds=[identity])


def _create(cloud: Cloud, inputs: Values) -> str:
    wanted = parameters(_REQUEST, {"description": _DESCRIPTION, **inputs})
    tags = tag_specifications(cloud, "security-group", inputs)
    identity = cloud.ec2("CreateSecurityGroup", **wanted, **tags)["GroupId"]
    revoke_all(cloud, _group(cloud, identity))
    set_rules(cloud, identity, {}, inputs)
    return identity


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    group = _group(cloud, identity)
    told = properties(_SECURITY_GROUP.schema.outputs, group, {"name": "GroupName"}) | tags_of(group)
    return told | told_rules(group) | arn(cloud, "security-group", identity)


def _delete(cloud: Cloud, identity: str, state: Values) -> None:
    if state.get("revokeRulesOnDelete"):
        revoke_all(cloud, _group(cloud, identity))
    cloud.ec2("DeleteSecurityGroup", GroupId=identity)


_SECURITY_GROUP = ResourceType(
    type_name="aws:ec2/securityGroup:SecurityGroup",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=_delete,
    updates=(Part(properties=("ingress", "egress"), update=set_rules),),
    traits=Traits(
        replaces=frozenset({"description", "name", "namePrefix", "vpcId"}),
        computed=frozenset({"egress", "ingress", "name", "namePrefix", "vpcId"}),
        defaults={"description": _DESCRIPTION},
        unread=frozenset({"namePrefix", "revokeRulesOnDelete"}),
        fixed_names=("name", "vpcId"),
        generated_name="name",
    ),
    tags=TAGS,
)


def _adopt(cloud: Cloud, inputs: Values) -> str:
    filters = [{"Name": "group-name", "Values": ["default"]}]
    if inputs.get("vpcId"):
        filters.append({"Name": "vpc-id", "Values": [inputs["vpcId"]]})
    group = described(cloud, "DescribeSecurityGroups", "SecurityGroups", Filters=filters)
    identity = group["GroupId"]
    revoke_all(cloud, group)
    set_rules(cloud, identity, {}, inputs)
    if tags := cloud.tags(inputs):
        TAGS.tag(cloud, identity, tags)
    return identity


def _forget(_: Cloud, __: str, ___: Values) -> None:
    """Leave it: AWS removes it with its VPC."""


_DEFAULT_SECURITY_GROUP = ResourceType(
    type_name="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    request=Request(service="ec2", operation="CreateSecurityGroup", members={"ingress": None, "egress": None}),
    create=_adopt,
    read=_read,
    delete=_forget,
    updates=(Part(properties=("ingress", "egress"), update=set_rules),),
    traits=Traits(
        replaces=frozenset({"vpcId"}),
        computed=frozenset({"egress", "ingress", "vpcId"}),
        unread=frozenset({"revokeRulesOnDelete"}),
    ),
    tags=TAGS,
)

TYPES = (_SECURITY_GROUP, _DEFAULT_SECURITY_GROUP)
