"""Whoever sweeps, and what he is told when AWS won't have him."""

import pytest

from seatrial import sweep
from seatrial.errors import EnvironmentFault
from seatrial.ownership import Kind
from seatrial.sweep import Account
from seatrial.sweep import account as account_module


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", f"{tmp_path}/config")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", f"{tmp_path}/credentials")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("nobody")
def test_without_credentials_one_is_told_how_to_name_them() -> None:
    with pytest.raises(EnvironmentFault, match="there are no AWS credentials") as raised:
        sweep.enter("us-east-2")

    assert "AWS_PROFILE" in raised.value.tip


@pytest.mark.usefixtures("nobody")
def test_a_profile_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nightly")

    with pytest.raises(EnvironmentFault, match="nightly"):
        sweep.enter("us-east-2")


def test_an_endpoint_that_nobody_answers_at_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr(account_module, "_ATTEMPTS", 1)

    with pytest.raises(EnvironmentFault, match=r"127\.0\.0\.1:1"):
        sweep.enter("us-east-2")


def test_one_is_told_in_whose_name_and_where_one_is(account: Account) -> None:
    assert (account.id, account.region) == ("123456789012", "us-east-2")
    assert account.caller.startswith("arn:aws:")


def test_a_refusal_is_told_with_what_permits_it(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise account.clients("eks").exceptions.ClientError(
            {"Error": {"Code": "AccessDeniedException", "Message": "not you"}}, "DescribeCluster"
        )

    monkeypatch.setattr(account.clients("eks"), "describe_cluster", refuse)

    with pytest.raises(EnvironmentFault, match="AWS refuses DescribeCluster: not you") as raised:
        sweep.look(account, "eks-cluster-dev", tuple(Kind))

    assert "deployer" in raised.value.tip
