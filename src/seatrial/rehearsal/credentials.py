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
"""Name of the IAM user that deploys; its policies begin with it."""

_PATH = "/seatrial/"
"""Path of its policies, which tells them from those that the platform makes."""


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
    """Make the deployer, or make it anew when its policies aren't what the platform needs now."""
    iam = client("iam", endpoint, ROOT)
    needed = _policies(endpoint, platform)
    known = read(state)
    if known and _attached(iam) == needed:
        return known
    remove(state, endpoint)
    return _create(iam, needed, state)


def remove(state: StateFolder, endpoint: Endpoint) -> None:
    """Remove the deployer with its policies and keys, whatever there is of them."""
    iam = client("iam", endpoint, ROOT)
    if _exists(iam):
        for key in iam.list_access_keys(UserName=DEPLOYER)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=DEPLOYER, AccessKeyId=key["AccessKeyId"])
        for policy in iam.list_attached_user_policies(UserName=DEPLOYER)["AttachedPolicies"]:
            iam.detach_user_policy(UserName=DEPLOYER, PolicyArn=policy["PolicyArn"])
        iam.delete_user(UserName=DEPLOYER)
    for policy in iam.list_policies(Scope="Local", PathPrefix=_PATH)["Policies"]:
        iam.delete_policy(PolicyArn=policy["Arn"])
    state.credentials.unlink(missing_ok=True)


def _policies(endpoint: Endpoint, platform: Platform) -> dict[str, Document]:
    identity = client("sts", endpoint, ROOT).get_caller_identity()
    account = Account(
        partition="aws", dns_suffix="amazonaws.com", account_id=identity["Account"], region=endpoint.region
    )
    parts = deployer.policies(account, platform.environment_suffix, platform.enters_as)
    return {f"{DEPLOYER}-{name}": document for name, document in parts.items()}


def _create(iam: Any, policies: dict[str, Document], state: StateFolder) -> AccessKey:
    iam.create_user(UserName=DEPLOYER)
    for name, document in policies.items():
        made = iam.create_policy(PolicyName=name, Path=_PATH, PolicyDocument=json.dumps(document))
        iam.attach_user_policy(UserName=DEPLOYER, PolicyArn=made["Policy"]["Arn"])
    made = iam.create_access_key(UserName=DEPLOYER)["AccessKey"]
    key = AccessKey(made["AccessKeyId"], made["SecretAccessKey"])
    states.write_json(state.credentials, asdict(key))
    return key


def _attached(iam: Any) -> dict[str, object]:
    if not _exists(iam):
        return {}
    attached = iam.list_attached_user_policies(UserName=DEPLOYER)["AttachedPolicies"]
    return {policy["PolicyName"]: _document(iam, policy["PolicyArn"]) for policy in attached}


def _document(iam: Any, arn: str) -> object:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _exists(iam: Any) -> bool:
    return any(user["UserName"] == DEPLOYER for user in iam.list_users()["Users"])
