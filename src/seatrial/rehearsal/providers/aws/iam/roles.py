"""Roles."""

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.documents import same_policy, text
from seatrial.rehearsal.providers.aws.iam.grants import attached, embedded
from seatrial.rehearsal.providers.aws.iam.resource import tag_api, told, wanted
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.values import Values

_ROLE_REQUEST = Request(
    service="iam",
    operation="CreateRole",
    members={"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"},
)


def _create_role(cloud: Cloud, inputs: Values) -> str:
    cloud.call("iam", "CreateRole", **wanted(_ROLE_REQUEST, cloud, inputs))
    _attach(cloud, inputs["name"], {}, inputs)
    _embed(cloud, inputs["name"], {}, inputs)
    return inputs["name"]


def _read_role(cloud: Cloud, identity: str, _: Values) -> Values:
    role = cloud.call("iam", "GetRole", RoleName=identity)["Role"]
    names = {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument", "uniqueId": "RoleId"}
    return told(_ROLE, role, names) | {
        "assumeRolePolicy": text(role["AssumeRolePolicyDocument"]),
        "description": role.get("Description", ""),
        "managedPolicyArns": sorted(attached(cloud, identity)),
        "inlinePolicies": [
            {"name": name, "policy": embedded(cloud, identity, name)} for name in _names(cloud, identity)
        ],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    }


def _names(cloud: Cloud, role: str) -> list[str]:
    return sorted(cloud.call("iam", "ListRolePolicies", RoleName=role)["PolicyNames"])


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
        _attach(cloud, identity, {"managedPolicyArns": attached(cloud, identity)}, {})
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
    tags=tag_api("Role", "RoleName", "name"),
)

TYPES = (_ROLE,)
