"""CloudWatch Logs: log groups."""

from collections.abc import Mapping

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.aws.tags import TagApi
from seatrial.rehearsal.providers.values import Values

_DAYS = (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731)
_YEARS = (1096, 1827, 2192, 2557, 2922, 3288, 3653)


def _tag(cloud: Cloud, identity: str, tags: Mapping[str, str]) -> None:
    cloud.call("logs", "TagResource", resourceArn=identity, tags=dict(tags))


def _untag(cloud: Cloud, identity: str, keys: list[str]) -> None:
    cloud.call("logs", "UntagResource", resourceArn=identity, tagKeys=keys)


_REQUEST = Request(service="logs", operation="CreateLogGroup", members={"name": "logGroupName"})


def _create(cloud: Cloud, inputs: Values) -> str:
    tags = cloud.tags(inputs)
    cloud.call("logs", "CreateLogGroup", **parameters(_REQUEST, inputs) | ({"tags": tags} if tags else {}))
    if inputs.get("retentionInDays"):
        _retain(cloud, inputs["name"], {}, inputs)
    return inputs["name"]


def _read(cloud: Cloud, identity: str, _: Values) -> Values | None:
    groups = cloud.pages("logs", "DescribeLogGroups", "logGroups", logGroupNamePrefix=identity)
    group = next((it for it in groups if it["logGroupName"] == identity), None)
    if group is None:
        return None
    arn = group["arn"].removesuffix(":*")
    tags = cloud.call("logs", "ListTagsForResource", resourceArn=arn)["tags"]
    told = properties(_LOG_GROUP.schema.outputs, group, {"name": "logGroupName"})
    return told | {"arn": arn, "tagsAll": tags, "retentionInDays": group.get("retentionInDays", 0)}


def _retain(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    days = inputs.get("retentionInDays")
    if days:
        cloud.call("logs", "PutRetentionPolicy", logGroupName=identity, retentionInDays=int(days))
    else:
        cloud.call("logs", "DeleteRetentionPolicy", logGroupName=identity)


def _encrypt(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    if inputs.get("kmsKeyId"):
        cloud.call("logs", "AssociateKmsKey", logGroupName=identity, kmsKeyId=inputs["kmsKeyId"])
    else:
        cloud.call("logs", "DisassociateKmsKey", logGroupName=identity)


def _protect(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    protected = bool(inputs.get("deletionProtectionEnabled"))
    cloud.call(
        "logs", "PutLogGroupDeletionProtection", logGroupIdentifier=identity, deletionProtectionEnabled=protected
    )


def _delete(cloud: Cloud, identity: str, state: Values) -> None:
    if not state.get("skipDestroy"):
        cloud.call("logs", "DeleteLogGroup", logGroupName=identity)


_LOG_GROUP = ResourceType(
    type_name="aws:cloudwatch/logGroup:LogGroup",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=_delete,
    updates=(
        Part(properties=("retentionInDays",), update=_retain),
        Part(properties=("kmsKeyId",), update=_encrypt),
        Part(properties=("deletionProtectionEnabled",), update=_protect),
    ),
    traits=Traits(
        replaces=frozenset({"logGroupClass", "name", "namePrefix"}),
        computed=frozenset({"deletionProtectionEnabled", "logGroupClass", "name", "namePrefix"}),
        unread=frozenset({"namePrefix", "skipDestroy"}),
        fixed_names=("name",),
        generated_name="name",
        allowed={"retentionInDays": _DAYS + _YEARS},
    ),
    tags=TagApi(tag=_tag, untag=_untag),
)

TYPES = (_LOG_GROUP,)
