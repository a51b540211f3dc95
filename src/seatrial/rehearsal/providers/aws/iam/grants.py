"""What a role may do, each grant a resource of its own: inline policies and attached ones."""

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.documents import same_policy, text
from seatrial.rehearsal.providers.aws.identities import split
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.values import Values


def attached(cloud: Cloud, role: str) -> list[str]:
    """Return the ARNs of the policies that are attached to a role."""
    listed = cloud.call("iam", "ListAttachedRolePolicies", RoleName=role)["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in listed]


def embedded(cloud: Cloud, role: str, name: str) -> str:
    """Return the text of an inline policy of a role."""
    return text(cloud.call("iam", "GetRolePolicy", RoleName=role, PolicyName=name)["PolicyDocument"])


def _put_policy(cloud: Cloud, _: str, __: Values, inputs: Values) -> None:
    role, name = inputs["role"], inputs["name"]
    cloud.call("iam", "PutRolePolicy", RoleName=role, PolicyName=name, PolicyDocument=text(inputs["policy"]))


def _create_role_policy(cloud: Cloud, inputs: Values) -> str:
    _put_policy(cloud, "", {}, inputs)
    return f"{inputs['role']}:{inputs['name']}"


def _read_role_policy(cloud: Cloud, identity: str, _: Values) -> Values:
    role, name = split(identity, ":", "ROLE", "POLICY")
    return {"role": role, "name": name, "policy": embedded(cloud, role, name)}


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
    return {"role": role, "policyArn": policy} if policy in attached(cloud, role) else None


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

TYPES = (_ROLE_POLICY, _ROLE_POLICY_ATTACHMENT)
