"""The people and pipelines that a description names.

On AWS they are there before the platform: EKS refuses an access entry for a principal that doesn't exist. In an
emulated account nobody is, so it gets a stand-in for each, which the account's root may assume, and besides it only
whom a policy of the account lets. A stranger, whom no description names, is there to be refused.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.config import Platform
from seatrial.rehearsal import credentials
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.credentials import AccessKey

STRANGER = "stranger"
"""Name of the principal that the platform doesn't know."""

SESSION_SECONDS = 12 * 3600
"""How long a person may be a stand-in: the most that IAM allows, so that a day's looking around isn't cut off."""

_MARK = {"Key": "seatrial:stand-in", "Value": "true"}
"""Tells a stand-in from what the platform makes."""

_POLICY = "clusters"
"""Name of what every stand-in may do: find the cluster, as whoever uses kubectl on AWS must be able to."""

_MAY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["eks:DescribeCluster", "eks:ListClusters"], "Resource": "*"}],
    }
)


def account_id(platform: Platform) -> str:
    """Give the account that the description takes itself to be in.

    That of whom it enters its cluster as, else of most of the principals it names, if any.
    """
    if platform.enters_as:
        return platform.enters_as.split(":")[4]
    accounts = [arn.split(":")[4] for _, arn in sorted(_described(platform).items())]
    return max(accounts, key=accounts.count, default="")


def named(endpoint: Endpoint, platform: Platform) -> Mapping[str, str]:
    """Give the ARN of everybody that a person can be in the rehearsal: administrators, tenants, a stranger."""
    account = _account(endpoint)
    own = {name: arn for name, arn in _described(platform).items() if arn.split(":")[4] == account}
    return {STRANGER: f"arn:aws:iam::{account}:role/seatrial/{STRANGER}", **own}


def _described(platform: Platform) -> Mapping[str, str]:
    teams = {name: tenant.principal for name, tenant in platform.tenants.items() if tenant.principal}
    return {**teams, **platform.cluster.admins}


def ensure(endpoint: Endpoint, platform: Platform) -> None:
    """Make a stand-in for each named principal of the account that has none; another account's aren't EKS's to find."""
    iam = credentials.client("iam", endpoint, credentials.ROOT)
    known = {item["Arn"] for item in (*iam.list_roles()["Roles"], *iam.list_users()["Users"])}
    for arn in sorted({*named(endpoint, platform).values()} - known):
        _make(iam, _account(endpoint), arn)


def remove(endpoint: Endpoint) -> None:
    """Remove every stand-in."""
    iam = credentials.client("iam", endpoint, credentials.ROOT)
    for role in _marked(iam.list_roles()["Roles"], iam.list_role_tags, "RoleName"):
        iam.delete_role_policy(RoleName=role, PolicyName=_POLICY)
        iam.delete_role(RoleName=role)
    for user in _marked(iam.list_users()["Users"], iam.list_user_tags, "UserName"):
        _remove_keys(iam, user)
        iam.delete_user_policy(UserName=user, PolicyName=_POLICY)
        iam.delete_user(UserName=user)


def key(endpoint: Endpoint, arn: str) -> AccessKey:
    """Give a key with which to be a stand-in: of a session of its role, or a new one of its user."""
    name = arn.rpartition("/")[2]
    if ":user/" in arn:
        iam = credentials.client("iam", endpoint, credentials.ROOT)
        _remove_keys(iam, name)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return AccessKey(made["AccessKeyId"], made["SecretAccessKey"])
    sts = credentials.client("sts", endpoint, credentials.ROOT)
    session = sts.assume_role(RoleArn=arn, RoleSessionName="rehearsal", DurationSeconds=SESSION_SECONDS)["Credentials"]
    return AccessKey(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])


def _make(iam: Any, account: str, arn: str) -> None:
    kind, _, path = arn.rpartition(":")[2].partition("/")
    folder, _, name = f"/{path}".rpartition("/")
    if kind == "user":
        iam.create_user(UserName=name, Path=f"{folder}/", Tags=[_MARK])
        iam.put_user_policy(UserName=name, PolicyName=_POLICY, PolicyDocument=_MAY)
    else:
        iam.create_role(
            RoleName=name,
            Path=f"{folder}/",
            Tags=[_MARK],
            AssumeRolePolicyDocument=_trust(account),
            MaxSessionDuration=SESSION_SECONDS,
        )
        iam.put_role_policy(RoleName=name, PolicyName=_POLICY, PolicyDocument=_MAY)


def _trust(account: str) -> str:
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _marked(items: list[dict[str, Any]], tags: Any, name: str) -> Iterator[str]:
    for item in items:
        if _MARK in tags(**{name: item[name]})["Tags"]:
            yield item[name]


def _remove_keys(iam: Any, user: str) -> None:
    for known in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=user, AccessKeyId=known["AccessKeyId"])


def _account(endpoint: Endpoint) -> str:
    return str(credentials.client("sts", endpoint, credentials.ROOT).get_caller_identity()["Account"])
