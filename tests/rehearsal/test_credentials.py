"""The deployer, in a real emulated account."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from seatrial.config import Platform, parse_platform
from seatrial.rehearsal import credentials, principals
from seatrial.rehearsal.account import client
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.state import StateFolder, folder_of

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


ALICE = "arn:aws:iam::000000000000:user/people/alice"


def _platform(suffix: str = "dev", enters_as: str = "") -> Platform:
    needed = {"environment": "dev", "environmentSuffix": suffix, "owner": "team", "costCenter": "cc"}
    admins = {"ops": enters_as} if enters_as else {}
    return parse_platform({**needed, "kubernetes": {"enabled": bool(enters_as)}, "cluster": {"admins": admins}})


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = folder_of(tmp_path, "dev")
    folder.make()
    return folder


@pytest.fixture
def endpoint(state: StateFolder) -> Generator[Endpoint]:
    yield client.start(state.account, "us-east-2")
    client.stop(state.account)


def _iam(endpoint: Endpoint) -> Any:
    return credentials.client("iam", endpoint, credentials.ROOT)


def test_the_deployer_may_deploy_and_nothing_else(state: StateFolder, endpoint: Endpoint) -> None:
    key = credentials.ensure(state, endpoint, _platform())

    who = credentials.client("sts", endpoint, key).get_caller_identity()["Arn"]
    with pytest.raises(ClientError, match="not authorized"):
        credentials.client("iam", endpoint, key).create_user(UserName="another")

    assert who.endswith(":user/seatrial-deployer")
    assert credentials.client("ec2", endpoint, key).describe_vpcs()["Vpcs"] == []


def test_the_deployer_stays_the_same_while_its_policies_do(state: StateFolder, endpoint: Endpoint) -> None:
    first = credentials.ensure(state, endpoint, _platform())
    second = credentials.ensure(state, endpoint, _platform())

    other = credentials.ensure(state, endpoint, _platform("blue"))

    assert first == second != other
    (user,) = _iam(endpoint).list_users()["Users"]
    assert user["UserName"] == "seatrial-deployer"


def test_who_enters_the_cluster_as_a_user_deploys_as_himself(state: StateFolder, endpoint: Endpoint) -> None:
    first = credentials.ensure(state, endpoint, _platform(enters_as=ALICE))
    second = credentials.ensure(state, endpoint, _platform(enters_as=ALICE))
    principals.ensure(endpoint, _platform(enters_as=ALICE))

    assert first == second
    assert credentials.client("sts", endpoint, first).get_caller_identity()["Arn"] == ALICE
    assert [user["Arn"] for user in _iam(endpoint).list_users()["Users"]] == [ALICE]


def test_a_stand_in_that_becomes_the_deployer_stays_the_same_user(state: StateFolder, endpoint: Endpoint) -> None:
    principals.ensure(endpoint, _platform(enters_as=ALICE))

    key = credentials.ensure(state, endpoint, _platform(enters_as=ALICE))

    assert credentials.client("sts", endpoint, key).get_caller_identity()["Arn"] == ALICE
    credentials.ensure(state, endpoint, _platform())
    (user,) = _iam(endpoint).list_users()["Users"]
    assert user["UserName"] == "seatrial-deployer"


def test_a_deployer_that_was_lost_is_made_anew(state: StateFolder, endpoint: Endpoint) -> None:
    credentials.ensure(state, endpoint, _platform())
    kept = state.credentials.read_bytes()
    credentials.remove(state, endpoint)
    state.credentials.write_bytes(kept)

    key = credentials.ensure(state, endpoint, _platform())

    assert credentials.client("sts", endpoint, key).get_caller_identity()["Account"]


def test_removed_it_leaves_nothing(state: StateFolder, endpoint: Endpoint) -> None:
    credentials.ensure(state, endpoint, _platform())

    credentials.remove(state, endpoint)

    iam = _iam(endpoint)
    assert (iam.list_users()["Users"], iam.list_policies(Scope="Local")["Policies"]) == ([], [])
    assert credentials.read(state) is None
