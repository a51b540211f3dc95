"""IAM: roles, users, policies and identity providers by ARN, with path and tags."""

from collections.abc import Iterator

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.authorization.checks import Check, Context, carried, pairs, requested
from seatrial.rehearsal.account.calls import Call, Params

_NAMED = {
    "RoleName": ("_roles", "role"),
    "UserName": ("_users", "user"),
    "InstanceProfileName": ("_instance_profiles", "instance-profile"),
    "PolicyName": ("_policies", "policy"),
}
"""Parameter to the store of what it names, and its type."""

_TAGGING = {
    "CreateRole": "iam:TagRole",
    "CreateUser": "iam:TagUser",
    "CreatePolicy": "iam:TagPolicy",
    "CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider",
}
"""Operation to the action that tags on creation are judged by."""


def checks(call: Call) -> Iterator[Check]:
    """Give every question that a call to IAM raises."""
    params = call.request.query
    resource, own = _resource(call.operation, params)
    tags = requested(_tags(params), _keys(params))
    context = {**own, **tags, **_special(params)}
    yield Check(f"iam:{call.operation}", resource, context)
    if tags and call.operation in _TAGGING:
        yield Check(_TAGGING[call.operation], resource, tags)


def _resource(operation: str, params: Params) -> tuple[str, Context]:
    account = f"arn:aws:iam::{emulator.account()}"
    provider = params.get("OpenIDConnectProviderArn", [""])[0]
    if provider:
        return provider, _carried("_oidc_providers", provider)
    if operation == "CreateOpenIDConnectProvider":
        return f"{account}:oidc-provider/{params['Url'][0].removeprefix('https://')}", {}
    for member, (store, kind) in _NAMED.items():
        if member in params:
            name, path = params[member][0], params.get("Path", ["/"])[0]
            record = emulator.store("iam", store).get(name, {})
            return record.get("Arn", f"{account}:{kind}{path}{name}"), carried(pairs(record.get("Tags", [])), "iam")
    return params.get("PolicyArn", ["*"])[0], {}


def _carried(store: str, arn: str) -> Context:
    return carried(pairs(emulator.store("iam", store).get(arn, {}).get("Tags", [])))


def _tags(params: Params) -> dict[str, str]:
    keys = [name for name in params if name.startswith("Tags.member.") and name.endswith(".Key")]
    return {params[name][0]: params.get(f"{name.removesuffix('Key')}Value", [""])[0] for name in keys}


def _keys(params: Params) -> list[str]:
    return [params[name][0] for name in params if name.startswith("TagKeys.member.")]


def _special(params: Params) -> Context:
    keys = {"PolicyArn": "iam:policyarn", "AWSServiceName": "iam:awsservicename"}
    boundary = {"PermissionsBoundary": "iam:permissionsboundary"}
    return {key: params[name][0] for name, key in (keys | boundary).items() if name in params}
