"""The identities in the emulated account: root, and the deployer with its documented least privilege."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, cast

from seatrial.config import Platform
from seatrial.iam import deployer
from seatrial.iam.account import Account
from seatrial.iam.document import Document
from seatrial.rehearsal import state as states
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.state import StateFolder

DEPLOYER = "seatrial-deployer"
"""Name of the IAM user that deploys, unless the description enters its cluster as a user: that one deploys then.

The names of its policies begin with it, whoever it is.
"""

_PATH = "/seatrial/"
"""Path of its policies, which tells them from those that the platform makes."""

_MARK = {"Key": "seatrial:deployer", "Value": "true"}
"""Tells it from other users."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """What a principal signs its requests with."""

    id: str
    """``AWS_ACCESS_KEY_ID``."""

    secret: str
    """``AWS_SECRET_ACCESS_KEY``."""

    token: str = ""
    """``AWS_SESSION_TOKEN``; empty for a key that isn't a session's."""


ROOT = AccessKey("test", "test")
"""The emulated account's root: makes and removes the deployer, looks at what is left; deploys nothing."""


def client(service: str, endpoint: Endpoint, key: AccessKey) -> Any:
    """Make a client of an AWS service, as a principal of the account."""
    import boto3  # noqa: PLC0415 (300 ms that `rehearse status` needn't wait for)

    # The types of boto3.client need a package of stubs per service.
    make = cast("Callable[..., Any]", getattr(boto3, "client"))  # noqa: B009 (an attribute of unknown type)
    return make(
        service,
        region_name=endpoint.region,
        endpoint_url=endpoint.url,
        verify=endpoint.ca,
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        aws_session_token=key.token or None,
    )


def read(state: StateFolder) -> AccessKey | None:
    """Read the deployer's access key; nothing where there is no deployer."""
    stored = states.read_json(state.credentials)
    return AccessKey(**cast("dict[str, str]", stored)) if stored else None


def ensure(state: StateFolder, endpoint: Endpoint, platform: Platform) -> AccessKey:
    """Make the deployer, or make it anew when it or its policies aren't what the platform needs now."""
    iam = client("iam", endpoint, ROOT)
    needed, name = _policies(endpoint, platform), _path_and_name(platform)[1]
    known = read(state)
    if known and _deployers(iam) == [name] and _attached(iam, name) == needed:
        return known
    remove(state, endpoint)
    return _create(iam, _path_and_name(platform), needed, state)


def remove(state: StateFolder, endpoint: Endpoint) -> None:
    """Remove the deployer with its policies and keys, whatever there is of them."""
    iam = client("iam", endpoint, ROOT)
    for user in _deployers(iam):
        for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
        for policy in iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]:
            iam.detach_user_policy(UserName=user, PolicyArn=policy["PolicyArn"])
        for name in iam.list_user_policies(UserName=user)["PolicyNames"]:
            iam.delete_user_policy(UserName=user, PolicyName=name)
        iam.delete_user(UserName=user)
    for policy in iam.list_policies(Scope="Local", PathPrefix=_PATH)["Policies"]:
        iam.delete_policy(PolicyArn=policy["Arn"])
    state.credentials.unlink(missing_ok=True)


def _path_and_name(platform: Platform) -> tuple[str, str]:
    """Give the path and the name of who deploys: whoever enters the cluster as a user enters as himself."""
    _, is_user, path = platform.enters_as.partition(":user/")
    folder, _, name = f"/{path}".rpartition("/")
    return (f"{folder}/", name) if is_user else ("/", DEPLOYER)


def _policies(endpoint: Endpoint, platform: Platform) -> dict[str, Document]:
    identity = client("sts", endpoint, ROOT).get_caller_identity()
    account = Account(
        partition="aws", dns_suffix="amazonaws.com", account_id=identity["Account"], region=endpoint.region
    )
    parts = deployer.policies(account, platform.environment_suffix, platform.enters_as)
    return {f"{DEPLOYER}-{name}": document for name, document in parts.items()}


def _create(iam: Any, path_and_name: tuple[str, str], policies: dict[str, Document], state: StateFolder) -> AccessKey:
    path, user = path_and_name
    if any(known["UserName"] == user for known in iam.list_users()["Users"]):
        iam.tag_user(UserName=user, Tags=[_MARK])
    else:
        iam.create_user(UserName=user, Path=path, Tags=[_MARK])
    for name, document in policies.items():
        made = iam.create_policy(PolicyName=name, Path=_PATH, PolicyDocument=json.dumps(document))
        iam.attach_user_policy(UserName=user, PolicyArn=made["Policy"]["Arn"])
    made = iam.create_access_key(UserName=user)["AccessKey"]
    key = AccessKey(made["AccessKeyId"], made["SecretAccessKey"])
    states.write_json(state.credentials, asdict(key))
    return key


def _attached(iam: Any, user: str) -> dict[str, object]:
    attached = iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]
    return {policy["PolicyName"]: _document(iam, policy["PolicyArn"]) for policy in attached}


def _document(iam: Any, arn: str) -> object:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _deployers(iam: Any) -> list[str]:
    users = [user["UserName"] for user in iam.list_users()["Users"]]
    return [user for user in users if _MARK in iam.list_user_tags(UserName=user)["Tags"]]
