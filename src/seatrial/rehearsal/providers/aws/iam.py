"""IAM: roles, their policies, and identity providers."""

from collections.abc import Mapping
from typing import Any

from .cloud import Cloud
from .documents import same_policy, text
from .identities import split
from .resource_type import Part, Request, ResourceType, Traits
from .shapes import parameters, properties
from .tags import TagApi, from_pairs, pairs
from .values import Value, Values

_VERSIONS = 5
"""How many versions a managed policy may have."""


def _tag_api(subject: str, parameter: str, target: str = "arn") -> TagApi:
    def tag(cloud: Cloud, identity: str, tags: Mapping[str, str]) -> None:
        cloud.call("iam", f"Tag{subject}", **{parameter: identity, "Tags": pairs(tags)})

    def untag(cloud: Cloud, identity: str, keys: list[str]) -> None:
        cloud.call("iam", f"Untag{subject}", **{parameter: identity, "TagKeys": keys})

    return TagApi(tag=tag, untag=untag, target=target)


def _wanted(request: Request, cloud: Cloud, inputs: Values) -> dict[str, Any]:
    tags = cloud.tags(inputs)
    return parameters(request, inputs) | ({"Tags": pairs(tags)} if tags else {})


def _told(resource: ResourceType, item: Mapping[str, Any], names: Mapping[str, str]) -> Values:
    return properties(resource.schema.outputs, item, names) | {"tagsAll": from_pairs(item.get("Tags"))}


_ROLE_REQUEST = Request(
    service="iam",
    operation="CreateRole",
    members={"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"},
)


def _create_role(cloud: Cloud, inputs: Values) -> str:
    cloud.call("iam", "CreateRole", **_wanted(_ROLE_REQUEST, cloud, inputs))
    _attach(cloud, inputs["name"], {}, inputs)
    _embed(cloud, inputs["name"], {}, inputs)
    return inputs["name"]


def _read_role(cloud: Cloud, identity: str, _: Values) -> Values:
    role = cloud.call("iam", "GetRole", RoleName=identity)["Role"]
    names = {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument", "uniqueId": "RoleId"}
    return _told(_ROLE, role, names) | {
        "assumeRolePolicy": text(role["AssumeRolePolicyDocument"]),
        "description": role.get("Description", ""),
        "managedPolicyArns": sorted(_attached(cloud, identity)),
        "inlinePolicies": [
            {"name": name, "policy": _embedded(cloud, identity, name)} for name in _names(cloud, identity)
        ],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    }


def _attached(cloud: Cloud, role: str) -> list[str]:
    listed = cloud.call("iam", "ListAttachedRolePolicies", RoleName=role)["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in listed]


def _names(cloud: Cloud, role: str) -> list[str]:
    return sorted(cloud.call("iam", "ListRolePolicies", RoleName=role)["PolicyNames"])


def _embedded(cloud: Cloud, role: str, name: str) -> str:
    return text(cloud.call("iam", "GetRolePolicy", RoleName=role, PolicyName=name)["PolicyDocument"])


def _trust(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    document = text(inputs["assumeRolePolicy"])
    cloud.call("iam", "UpdateAssumeRolePolicy", RoleName=identity, PolicyDocument=document)


def _describe(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    session = inputs.get("maxSessionDuration", _ROLE.traits.defaults["maxSessionDuration"])
    description = inputs.get("description", "")
    cloud.call("iam", "UpdateRole", RoleName=identity, Description=description, MaxSessionDuration=int(session))


def _bound(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    boundary = inputs.get("permissionsBoundary")
    if boundary:
        cloud.call("iam", "PutRolePermissionsBoundary", RoleName=identity, PermissionsBoundary=boundary)
    else:
        cloud.call("iam", "DeleteRolePermissionsBoundary", RoleName=identity)


def _attach(cloud: Cloud, identity: str, old: Values, new: Values) -> None:
    before, after = set(old.get("managedPolicyArns", ())), set(new.get("managedPolicyArns", ()))
    for policy in sorted(before - after):
        cloud.call("iam", "DetachRolePolicy", RoleName=identity, PolicyArn=policy)
    for policy in sorted(after - before):
        cloud.call("iam", "AttachRolePolicy", RoleName=identity, PolicyArn=policy)


def _embed(cloud: Cloud, identity: str, old: Values, new: Values) -> None:
    wanted = {it["name"]: it["policy"] for it in new.get("inlinePolicies", ())}
    for name in sorted({it["name"] for it in old.get("inlinePolicies", ())} - wanted.keys()):
        cloud.call("iam", "DeleteRolePolicy", RoleName=identity, PolicyName=name)
    for name, policy in sorted(wanted.items()):
        cloud.call("iam", "PutRolePolicy", RoleName=identity, PolicyName=name, PolicyDocument=text(policy))


def _delete_role(cloud: Cloud, identity: str, state: Values) -> None:
    for profile in cloud.call("iam", "ListInstanceProfilesForRole", RoleName=identity)["InstanceProfiles"]:
        name = profile["InstanceProfileName"]
        cloud.call("iam", "RemoveRoleFromInstanceProfile", RoleName=identity, InstanceProfileName=name)
    if state.get("forceDetachPolicies") or state.get("managedPolicyArns"):
        _attach(cloud, identity, {"managedPolicyArns": _attached(cloud, identity)}, {})
    if state.get("forceDetachPolicies") or state.get("inlinePolicies"):
        _embed(cloud, identity, {"inlinePolicies": [{"name": name} for name in _names(cloud, identity)]}, {})
    cloud.call("iam", "DeleteRole", RoleName=identity)


_ROLE = ResourceType(
    type_name="aws:iam/role:Role",
    request=_ROLE_REQUEST,
    create=_create_role,
    read=_read_role,
    delete=_delete_role,
    updates=(
        Part(properties=("assumeRolePolicy",), update=_trust),
        Part(properties=("description", "maxSessionDuration"), update=_describe),
        Part(properties=("permissionsBoundary",), update=_bound),
        Part(properties=("managedPolicyArns",), update=_attach),
        Part(properties=("inlinePolicies",), update=_embed),
    ),
    traits=Traits(
        replaces=frozenset({"name", "namePrefix", "path"}),
        computed=frozenset({"name", "namePrefix", "managedPolicyArns", "inlinePolicies"}),
        defaults={"maxSessionDuration": 3600, "path": "/"},
        unread=frozenset({"forceDetachPolicies", "namePrefix"}),
        same={"assumeRolePolicy": same_policy, "inlinePolicies.policy": same_policy},
        fixed_names=("name",),
        generated_name="name",
    ),
    tags=_tag_api("Role", "RoleName", "name"),
)


def _put_policy(cloud: Cloud, _: str, __: Values, inputs: Values) -> None:
    role, name = inputs["role"], inputs["name"]
    cloud.call("iam", "PutRolePolicy", RoleName=role, PolicyName=name, PolicyDocument=text(inputs["policy"]))


def _create_role_policy(cloud: Cloud, inputs: Values) -> str:
    _put_policy(cloud, "", {}, inputs)
    return f"{inputs['role']}:{inputs['name']}"


def _read_role_policy(cloud: Cloud, identity: str, _: Values) -> Values:
    role, name = split(identity, ":", "ROLE", "POLICY")
    return {"role": role, "name": name, "policy": _embedded(cloud, role, name)}


def _delete_role_policy(cloud: Cloud, identity: str, _: Values) -> None:
    role, name = split(identity, ":", "ROLE", "POLICY")
    cloud.call("iam", "DeleteRolePolicy", RoleName=role, PolicyName=name)


def _update_role_policy(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    _put_policy(cloud, identity, {}, {**inputs, "name": split(identity, ":", "ROLE", "POLICY")[1]})


_ROLE_POLICY = ResourceType(
    type_name="aws:iam/rolePolicy:RolePolicy",
    request=Request(
        service="iam",
        operation="PutRolePolicy",
        members={"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"},
    ),
    create=_create_role_policy,
    read=_read_role_policy,
    delete=_delete_role_policy,
    updates=(Part(properties=("policy",), update=_update_role_policy),),
    traits=Traits(
        replaces=frozenset({"name", "namePrefix", "role"}),
        computed=frozenset({"name", "namePrefix"}),
        unread=frozenset({"namePrefix"}),
        same={"policy": same_policy},
        fixed_names=("name", "role"),
        generated_name="name",
    ),
)


def _create_attachment(cloud: Cloud, inputs: Values) -> str:
    role, policy = inputs["role"], inputs["policyArn"]
    cloud.call("iam", "AttachRolePolicy", RoleName=role, PolicyArn=policy)
    return f"{role}/{policy}"


def _read_attachment(cloud: Cloud, identity: str, _: Values) -> Values | None:
    role, policy = split(identity, "/", "ROLE", "POLICY-ARN")
    return {"role": role, "policyArn": policy} if policy in _attached(cloud, role) else None


def _delete_attachment(cloud: Cloud, identity: str, _: Values) -> None:
    role, policy = split(identity, "/", "ROLE", "POLICY-ARN")
    cloud.call("iam", "DetachRolePolicy", RoleName=role, PolicyArn=policy)


_ROLE_POLICY_ATTACHMENT = ResourceType(
    type_name="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    request=Request(service="iam", operation="AttachRolePolicy", members={"role": "RoleName"}),
    create=_create_attachment,
    read=_read_attachment,
    delete=_delete_attachment,
    traits=Traits(replaces=frozenset({"policyArn", "role"}), fixed_names=("policyArn", "role")),
)


_POLICY_REQUEST = Request(
    service="iam", operation="CreatePolicy", members={"name": "PolicyName", "policy": "PolicyDocument"}
)


def _create_policy(cloud: Cloud, inputs: Values) -> str:
    return cloud.call("iam", "CreatePolicy", **_wanted(_POLICY_REQUEST, cloud, inputs))["Policy"]["Arn"]


def _read_policy(cloud: Cloud, identity: str, _: Values) -> Values:
    policy = cloud.call("iam", "GetPolicy", PolicyArn=identity)["Policy"]
    version = policy["DefaultVersionId"]
    document = cloud.call("iam", "GetPolicyVersion", PolicyArn=identity, VersionId=version)["PolicyVersion"]
    return _told(_POLICY, policy, {"name": "PolicyName"}) | {"policy": text(document["Document"])}


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
    tags=_tag_api("Policy", "PolicyArn"),
)


_PROVIDER_REQUEST = Request(
    service="iam",
    operation="CreateOpenIDConnectProvider",
    members={"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"},
)


def _create_provider(cloud: Cloud, inputs: Values) -> str:
    wanted = _wanted(_PROVIDER_REQUEST, cloud, inputs)
    return cloud.call("iam", "CreateOpenIDConnectProvider", **wanted)["OpenIDConnectProviderArn"]


def _read_provider(cloud: Cloud, identity: str, _: Values) -> Values:
    provider = cloud.call("iam", "GetOpenIDConnectProvider", OpenIDConnectProviderArn=identity)
    names = {"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"}
    # The API takes the URL with its scheme and tells it without.
    return _told(_PROVIDER, provider, names) | {"arn": identity, "url": provider["Url"].removeprefix("https://")}


def _set_clients(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    before, after = set(state.get("clientIdLists", ())), set(inputs["clientIdLists"])
    for operation, clients in (("Add", after - before), ("Remove", before - after)):
        preposition = "To" if operation == "Add" else "From"
        for client in sorted(clients):
            cloud.call(
                "iam",
                f"{operation}ClientID{preposition}OpenIDConnectProvider",
                OpenIDConnectProviderArn=identity,
                ClientID=client,
            )


def _set_thumbprints(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    cloud.call(
        "iam",
        "UpdateOpenIDConnectProviderThumbprint",
        OpenIDConnectProviderArn=identity,
        ThumbprintList=inputs["thumbprintLists"],
    )


def _delete_provider(cloud: Cloud, identity: str, _: Values) -> None:
    cloud.call("iam", "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=identity)


def _same_url(old: Value, new: Value) -> bool:
    return old.removeprefix("https://") == new.removeprefix("https://")


_PROVIDER = ResourceType(
    type_name="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    request=_PROVIDER_REQUEST,
    create=_create_provider,
    read=_read_provider,
    delete=_delete_provider,
    updates=(
        Part(properties=("clientIdLists",), update=_set_clients),
        Part(properties=("thumbprintLists",), update=_set_thumbprints),
    ),
    traits=Traits(
        replaces=frozenset({"url"}),
        computed=frozenset({"thumbprintLists"}),
        ordered=frozenset({"thumbprintLists"}),
        same={"url": _same_url},
        as_told=frozenset({"url"}),
        fixed_names=("url",),
    ),
    tags=_tag_api("OpenIDConnectProvider", "OpenIDConnectProviderArn"),
)

TYPES = (_ROLE, _ROLE_POLICY, _ROLE_POLICY_ATTACHMENT, _POLICY, _PROVIDER)
