"""Managed policies."""

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.documents import same_policy, text
from seatrial.rehearsal.providers.aws.iam.resource import tag_api, told, wanted
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.values import Value, Values

_VERSIONS = 5
"""How many versions a managed policy may have."""

_POLICY_REQUEST = Request(
    service="iam", operation="CreatePolicy", members={"name": "PolicyName", "policy": "PolicyDocument"}
)


def _create_policy(cloud: Cloud, inputs: Values) -> str:
    return cloud.call("iam", "CreatePolicy", **wanted(_POLICY_REQUEST, cloud, inputs))["Policy"]["Arn"]


def _read_policy(cloud: Cloud, identity: str, _: Values) -> Values:
    policy = cloud.call("iam", "GetPolicy", PolicyArn=identity)["Policy"]
    version = policy["DefaultVersionId"]
    document = cloud.call("iam", "GetPolicyVersion", PolicyArn=identity, VersionId=version)["PolicyVersion"]
    return told(_POLICY, policy, {"name": "PolicyName"}) | {"policy": text(document["Document"])}


def _versions(cloud: Cloud, identity: str) -> list[Value]:
    """Return the versions that aren't in force, oldest first."""
    listed = cloud.call("iam", "ListPolicyVersions", PolicyArn=identity)["Versions"]
    spare = [it for it in listed if not it["IsDefaultVersion"]]
    return sorted(spare, key=lambda version: int(version["VersionId"].removeprefix("v")))


def _update_policy(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    spare = _versions(cloud, identity)
    for version in spare[: max(0, len(spare) + 2 - _VERSIONS)]:
        cloud.call("iam", "DeletePolicyVersion", PolicyArn=identity, VersionId=version["VersionId"])
    document = text(inputs["policy"])
    cloud.call("iam", "CreatePolicyVersion", PolicyArn=identity, PolicyDocument=document, SetAsDefault=True)


def _delete_policy(cloud: Cloud, identity: str, _: Values) -> None:
    for version in _versions(cloud, identity):
        cloud.call("iam", "DeletePolicyVersion", PolicyArn=identity, VersionId=version["VersionId"])
    cloud.call("iam", "DeletePolicy", PolicyArn=identity)


_POLICY = ResourceType(
    type_name="aws:iam/policy:Policy",
    request=_POLICY_REQUEST,
    create=_create_policy,
    read=_read_policy,
    delete=_delete_policy,
    updates=(Part(properties=("policy",), update=_update_policy),),
    traits=Traits(
        replaces=frozenset({"description", "name", "namePrefix", "path"}),
        computed=frozenset({"name", "namePrefix"}),
        defaults={"path": "/"},
        unread=frozenset({"delayAfterPolicyCreationInMs", "namePrefix"}),
        same={"policy": same_policy},
        fixed_names=("name",),
        generated_name="name",
    ),
    tags=tag_api("Policy", "PolicyArn"),
)

TYPES = (_POLICY,)
