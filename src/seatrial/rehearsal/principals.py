"""The people and pipelines that a description names.

On AWS they are there before the platform: EKS refuses an access entry for a principal that doesn't exist. In an
emulated account nobody is, so it gets a stand-in for each, which its root may assume and nobody else.
"""

import json
from collections.abc import Iterator
from typing import Any

from seatrial.config import Platform
from seatrial.rehearsal import credentials
from seatrial.rehearsal.account.endpoint import Endpoint

_MARK = {"Key": "seatrial:stand-in", "Value": "true"}
"""Tells a stand-in from what the platform makes."""


def account_id(platform: Platform) -> str:
    """Give the account that the description takes itself to be in: that of the principals it names, if any."""
    accounts = [arn.split(":")[4] for _, arn in sorted(platform.cluster.admins.items())]
    return max(accounts, key=accounts.count, default="")


def ensure(endpoint: Endpoint, platform: Platform) -> None:
    """Make a stand-in for each named principal of the account that has none."""
    iam = credentials.client("iam", endpoint, credentials.ROOT)
    account = _account(endpoint)
    known = {item["Arn"] for item in (*iam.list_roles()["Roles"], *iam.list_users()["Users"])}
    for arn in sorted({*platform.cluster.admins.values()} - known):
        if arn.split(":")[4] == account:  # another account's principals are not EKS's to look up
            _make(iam, account, arn)


def remove(endpoint: Endpoint) -> None:
    """Remove every stand-in."""
    iam = credentials.client("iam", endpoint, credentials.ROOT)
    for role in _marked(iam.list_roles()["Roles"], iam.list_role_tags, "RoleName"):
        iam.delete_role(RoleName=role)
    for user in _marked(iam.list_users()["Users"], iam.list_user_tags, "UserName"):
        iam.delete_user(UserName=user)


def _make(iam: Any, account: str, arn: str) -> None:
    kind, _, path = arn.rpartition(":")[2].partition("/")
    folder, _, name = f"/{path}".rpartition("/")
    if kind == "user":
        iam.create_user(UserName=name, Path=f"{folder}/", Tags=[_MARK])
    else:
        iam.create_role(RoleName=name, Path=f"{folder}/", Tags=[_MARK], AssumeRolePolicyDocument=_trust(account))


def _trust(account: str) -> str:
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _marked(items: list[dict[str, Any]], tags: Any, key: str) -> Iterator[str]:
    for item in items:
        if _MARK in tags(**{key: item[key]})["Tags"]:
            yield item[key]


def _account(endpoint: Endpoint) -> str:
    return str(credentials.client("sts", endpoint, credentials.ROOT).get_caller_identity()["Account"])
