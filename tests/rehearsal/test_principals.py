"""Stand-ins for the principals that a description names."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from seatrial.config import Platform, parse_platform
from seatrial.rehearsal import credentials, principals
from seatrial.rehearsal.account import client
from seatrial.rehearsal.account.endpoint import Endpoint

OWN, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{OWN}:role/people/ops"
USER = f"arn:aws:iam::{OWN}:user/alice"
FOREIGN = f"arn:aws:iam::{OTHER}:role/partner"
TEAM = f"arn:aws:iam::{OWN}:role/team"
STRANGER = f"arn:aws:iam::{OWN}:role/seatrial/stranger"


def _platform(*arns: str, enabled: bool = False, deploy_as: str | None = None, **more: Any) -> Platform:
    return parse_platform(
        {
            **more,
            "environment": "dev",
            "environmentSuffix": "dev",
            "owner": "team",
            "costCenter": "cc",
            "kubernetes": {"enabled": enabled, **({"deployAs": deploy_as} if deploy_as else {})},
            "cluster": {"admins": {f"admin-{number}": arn for number, arn in enumerate(arns)}},
        }
    )


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Generator[Endpoint]:
    folder: Path = tmp_path_factory.mktemp("account")
    yield client.start(folder, "us-east-2", OWN)
    client.stop(folder)


def _principals(account: Endpoint) -> set[str]:
    iam: Any = credentials.client("iam", account, credentials.ROOT)
    return {item["Arn"] for item in (*iam.list_roles()["Roles"], *iam.list_users()["Users"])}


@pytest.mark.parametrize(
    ("arns", "account_id"),
    [((), ""), ((ROLE,), OWN), ((FOREIGN, ROLE, USER), OWN)],
    ids=["nobody", "one", "most of them"],
)
def test_the_account_is_that_of_most_principals(arns: tuple[str, ...], account_id: str) -> None:
    assert principals.account_id(_platform(*arns)) == account_id


def test_the_account_is_that_of_whom_the_cluster_is_entered_as() -> None:
    entered = _platform(ROLE, FOREIGN, USER, enabled=True, deploy_as="admin-1")

    assert principals.account_id(entered) == OTHER


def test_stand_ins_are_made_once_and_removed(account: Endpoint) -> None:
    iam: Any = credentials.client("iam", account, credentials.ROOT)
    iam.create_user(UserName="somebody")

    principals.ensure(account, _platform(ROLE, USER, FOREIGN))
    principals.ensure(account, _platform(ROLE, USER, FOREIGN))

    assert _principals(account) == {ROLE, USER, STRANGER, f"arn:aws:iam::{OWN}:user/somebody"}

    principals.remove(account)

    assert _principals(account) == {f"arn:aws:iam::{OWN}:user/somebody"}


def test_only_the_account_itself_may_be_a_role_that_stands_in(account: Endpoint) -> None:
    principals.ensure(account, _platform(ROLE))

    iam: Any = credentials.client("iam", account, credentials.ROOT)
    (statement,) = iam.get_role(RoleName="ops")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{OWN}:root"}
    principals.remove(account)


def test_administrators_tenants_and_a_stranger_have_names(account: Endpoint) -> None:
    tenants = {"dev": {"principal": TEAM}, "prod": {}}

    named = principals.named(account, _platform(ROLE, FOREIGN, tenants=tenants))

    assert named == {"admin-0": ROLE, "dev": TEAM, "stranger": STRANGER}


@pytest.mark.parametrize(("arn", "caller"), [(ROLE, "assumed-role/ops/rehearsal"), (USER, "user/alice")])
def test_a_person_can_be_a_stand_in_again_and_again(account: Endpoint, arn: str, caller: str) -> None:
    principals.ensure(account, _platform(ROLE, USER))
    try:
        key = [principals.key(account, arn) for _ in range(3)][-1]

        who: Any = credentials.client("sts", account, key).get_caller_identity()
        assert who["Arn"].endswith(caller)
        assert credentials.client("eks", account, key).list_clusters()["clusters"] == []
        with pytest.raises(ClientError, match="not authorized"):
            credentials.client("iam", account, key).list_roles()
    finally:
        principals.remove(account)
