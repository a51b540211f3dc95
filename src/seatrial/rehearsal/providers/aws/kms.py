"""KMS: keys and their aliases."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.documents import same_policy, text
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.aws.tags import TagApi, from_pairs, pairs
from seatrial.rehearsal.providers.values import Value, Values

_DEFAULT_WINDOW = 30
"""Days until a deleted key is gone, when the program doesn't say: AWS's default."""


def _tag(cloud: Cloud, identity: str, tags: Mapping[str, str]) -> None:
    cloud.call("kms", "TagResource", KeyId=identity, Tags=pairs(tags, "TagKey", "TagValue"))


def _untag(cloud: Cloud, identity: str, keys: list[str]) -> None:
    cloud.call("kms", "UntagResource", KeyId=identity, TagKeys=keys)


_KEY_REQUEST = Request(service="kms", operation="CreateKey", members={"customerMasterKeySpec": "KeySpec"})


def _create_key(cloud: Cloud, inputs: Values) -> str:
    tags = cloud.tags(inputs)
    tagged = {"Tags": pairs(tags, "TagKey", "TagValue")} if tags else {}
    identity = cloud.call("kms", "CreateKey", **parameters(_KEY_REQUEST, inputs), **tagged)["KeyMetadata"]["KeyId"]
    if inputs.get("enableKeyRotation"):
        _rotate(cloud, identity, {}, inputs)
    if inputs.get("isEnabled") is False:
        _enable(cloud, identity, {}, inputs)
    return identity


def _read_key(cloud: Cloud, identity: str, _: Values) -> Values | None:
    key = cloud.call("kms", "DescribeKey", KeyId=identity)["KeyMetadata"]
    if key["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
        return None
    policy = cloud.call("kms", "GetKeyPolicy", KeyId=identity, PolicyName="default")["Policy"]
    rotation = cloud.call("kms", "GetKeyRotationStatus", KeyId=identity)
    tags = cloud.pages("kms", "ListResourceTags", "Tags", KeyId=identity)
    told = properties(_KEY.schema.outputs, key, {"customerMasterKeySpec": "KeySpec", "isEnabled": "Enabled"})
    return told | {
        "policy": policy,
        "enableKeyRotation": rotation["KeyRotationEnabled"],
        "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
        "tagsAll": from_pairs(tags, "TagKey", "TagValue"),
    }


def _describe(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    cloud.call("kms", "UpdateKeyDescription", KeyId=identity, Description=inputs.get("description", ""))


def _rotate(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    if not inputs.get("enableKeyRotation"):
        cloud.call("kms", "DisableKeyRotation", KeyId=identity)
        return
    days = inputs.get("rotationPeriodInDays")
    period = {"RotationPeriodInDays": int(days)} if days else {}
    cloud.call("kms", "EnableKeyRotation", KeyId=identity, **period)


def _enable(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    cloud.call("kms", "DisableKey" if inputs.get("isEnabled") is False else "EnableKey", KeyId=identity)


def _set_policy(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    cloud.call(
        "kms",
        "PutKeyPolicy",
        KeyId=identity,
        PolicyName="default",
        Policy=text(inputs["policy"]),
        BypassPolicyLockoutSafetyCheck=bool(inputs.get("bypassPolicyLockoutSafetyCheck")),
    )


def _delete_key(cloud: Cloud, identity: str, state: Values) -> None:
    if _read_key(cloud, identity, state) is not None:
        days = int(state.get("deletionWindowInDays") or _DEFAULT_WINDOW)
        cloud.call("kms", "ScheduleKeyDeletion", KeyId=identity, PendingWindowInDays=days)


_KEY = ResourceType(
    type_name="aws:kms/key:Key",
    request=_KEY_REQUEST,
    create=_create_key,
    read=_read_key,
    delete=_delete_key,
    updates=(
        # A disabled key takes no other change.
        Part(properties=("isEnabled",), update=_enable),
        Part(properties=("description",), update=_describe),
        Part(properties=("policy",), update=_set_policy),
        Part(properties=("enableKeyRotation", "rotationPeriodInDays"), update=_rotate),
    ),
    traits=Traits(
        replaces=frozenset({"customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"}),
        computed=frozenset({"description", "multiRegion", "policy", "rotationPeriodInDays"}),
        defaults={"customerMasterKeySpec": "SYMMETRIC_DEFAULT", "isEnabled": True, "keyUsage": "ENCRYPT_DECRYPT"},
        unread=frozenset({"bypassPolicyLockoutSafetyCheck", "deletionWindowInDays", "xksKeyId"}),
        same={"policy": same_policy},
        allowed={"deletionWindowInDays": range(7, 31), "rotationPeriodInDays": range(90, 2561)},
    ),
    tags=TagApi(tag=_tag, untag=_untag, target="keyId"),
)

_ALIAS_REQUEST = Request(service="kms", operation="CreateAlias", members={"name": "AliasName"})


def _create_alias(cloud: Cloud, inputs: Values) -> str:
    cloud.call("kms", "CreateAlias", **parameters(_ALIAS_REQUEST, inputs))
    return inputs["name"]


def _read_alias(cloud: Cloud, identity: str, _: Values) -> Values | None:
    listed: list[dict[str, Any]] = cloud.pages("kms", "ListAliases", "Aliases")
    alias = next((it for it in listed if it["AliasName"] == identity), None)
    if alias is None:
        return None
    key = cloud.call("kms", "DescribeKey", KeyId=alias["TargetKeyId"])["KeyMetadata"]
    told = {"name": identity, "arn": alias["AliasArn"]}
    return {**told, "targetKeyId": alias["TargetKeyId"], "targetKeyArn": key["Arn"]}


def _update_alias(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    cloud.call("kms", "UpdateAlias", AliasName=identity, TargetKeyId=inputs["targetKeyId"])


def _delete_alias(cloud: Cloud, identity: str, _: Values) -> None:
    cloud.call("kms", "DeleteAlias", AliasName=identity)


def _same_key(old: Value, new: Value) -> bool:
    """Whether both name one key: by its id or by its ARN."""
    return old.rpartition("/")[2] == new.rpartition("/")[2]


_ALIAS = ResourceType(
    type_name="aws:kms/alias:Alias",
    request=_ALIAS_REQUEST,
    create=_create_alias,
    read=_read_alias,
    delete=_delete_alias,
    updates=(Part(properties=("targetKeyId",), update=_update_alias),),
    traits=Traits(
        replaces=frozenset({"name", "namePrefix"}),
        computed=frozenset({"name", "namePrefix"}),
        unread=frozenset({"namePrefix"}),
        same={"targetKeyId": _same_key},
        fixed_names=("name",),
        generated_name="name",
        name_start="alias/",
    ),
)

TYPES = (_KEY, _ALIAS)
