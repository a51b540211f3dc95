"""The record of calls, the account's own pages, and answers that are given again."""

import json
from pathlib import Path
from typing import Any

import pytest

from seatrial.rehearsal.account import calls


def test_a_call_is_recorded_with_its_caller_and_its_end(account: Any) -> None:
    user = account.user({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})
    account.client("ec2", user).describe_vpcs()
    account.refusal("kms", "list_keys", user)

    seen, denied = account.calls()[-2:]

    assert (seen["service"], seen["operation"], seen["status"], seen["error"]) == ("ec2", "DescribeVpcs", 200, "")
    assert seen["principal"].startswith("arn:aws:iam::000000000000:user/user-")
    assert (denied["operation"], denied["error"]) == ("ListKeys", "AccessDeniedException")
    assert not denied["replayed"]


def test_a_fault_is_recorded_with_the_call_that_it_struck(account: Any) -> None:
    account.inject({"service": "kms", "operation": "*", "kind": "deny"})
    account.refusal("kms", "list_keys")

    assert account.calls()[-1]["fault"] == "deny"


def test_an_unknown_key_is_recorded_by_its_id(account: Any) -> None:
    account.refusal("kms", "list_keys", ("AKIAUNKNOWN", "secret"))

    assert account.calls()[-1]["principal"] == "AKIAUNKNOWN"


def test_the_record_holds_no_secret(account: Any) -> None:
    user = account.user({"Effect": "Allow", "Action": "*", "Resource": "*"})
    account.client("sts", user).get_caller_identity()

    assert user[1] not in (account.folder / "calls.jsonl").read_text()


def test_a_long_record_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "LARGEST_RECORD", 3)
    path = tmp_path / "calls.jsonl"
    path.write_text("{}\n{}\n")

    record = calls.Calls(path)

    assert record.document() == b"[]"
    record.close()


PAGES = {
    "health": ("GET", "/_seatrial/health", 200),
    "faults": ("GET", "/_seatrial/faults", 200),
    "calls": ("GET", "/_seatrial/calls", 200),
    "nothing": ("GET", "/_seatrial/nothing", 404),
    "wrong method": ("POST", "/_seatrial/faults", 404),
}


@pytest.mark.parametrize(("method", "path", "status"), PAGES.values(), ids=PAGES)
def test_pages_open_to_who_holds_the_token(account: Any, method: str, path: str, status: int) -> None:
    assert account.ask(method, path, headers={"x-seatrial-admin": "the-admin-token"})[0] == status
    assert account.ask(method, path, headers={"x-seatrial-admin": "wrong"})[0] == 403
    assert account.ask(method, path)[0] == 403


def test_a_repeated_token_gets_the_same_answer_and_is_executed_once(account: Any) -> None:
    ec2 = account.client("ec2")
    before = len(ec2.describe_vpcs()["Vpcs"])
    account.tokens["x-seatrial-token"] = account.name("token")

    first, second = account.vpc(), account.vpc()
    account.restart()
    third = account.vpc()

    assert first == second == third
    assert len(ec2.describe_vpcs()["Vpcs"]) == before + 1
    assert [call["replayed"] for call in account.calls() if call["operation"] == "CreateVpc"][-3:] == [
        False,
        True,
        True,
    ]


def test_a_token_repairs_a_connection_that_broke_after_the_call(account: Any) -> None:
    name, iam = account.name("group"), account.client("iam")
    account.tokens["x-seatrial-token"] = account.name("token")
    account.inject({"service": "iam", "operation": "CreateGroup", "kind": "reset-after"})

    group = iam.create_group(GroupName=name)["Group"]

    assert group["GroupName"] == name


def test_a_refused_call_is_executed_again_under_its_token(account: Any) -> None:
    name, iam = account.name("role"), account.client("iam")
    account.tokens["x-seatrial-token"] = account.name("token")
    account.refusal("iam", "create_role", RoleName=name, AssumeRolePolicyDocument="no")

    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement":[]}')["Role"]

    assert role["RoleName"] == name


def test_a_token_belongs_to_one_operation(account: Any) -> None:
    account.tokens["x-seatrial-token"] = account.name("token")
    vpc = account.vpc()

    gateway = account.client("ec2").create_internet_gateway()["InternetGateway"]

    assert gateway["InternetGatewayId"].startswith("igw-")
    assert account.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"]


def test_a_repeated_token_does_not_pass_by_iam(account: Any) -> None:
    account.tokens["x-seatrial-token"] = account.name("token")
    account.vpc()

    assert "UnauthorizedOperation" in account.refusal("ec2", "create_vpc", account.user(), CidrBlock="10.0.0.0/16")


def test_the_client_token_of_aws_works_alike(account: Any) -> None:
    ec2, token = account.client("ec2"), account.name("token")
    given = {"LaunchTemplateData": {"InstanceType": "t3.small"}, "ClientToken": token}
    name = account.name("template")

    first = ec2.create_launch_template(LaunchTemplateName=name, **given)["LaunchTemplate"]
    again = ec2.create_launch_template(LaunchTemplateName=name, **given)["LaunchTemplate"]
    other = ec2.create_launch_template(LaunchTemplateName=account.name("template"), **given)["LaunchTemplate"]

    assert first["LaunchTemplateId"] == again["LaunchTemplateId"] != other["LaunchTemplateId"]


def test_every_service_remembers_across_a_restart(account: Any) -> None:
    vpc, role = account.vpc(), account.role("ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")
    key = account.client("kms").create_key()["KeyMetadata"]["KeyId"]
    group, bucket = account.name("/group/"), account.name("bucket")
    account.client("logs").create_log_group(logGroupName=group)
    account.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-east-2"})

    account.restart()

    assert account.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"]
    attached = account.client("iam").list_attached_role_policies(RoleName=role.rpartition("/")[2])
    assert attached["AttachedPolicies"][0]["PolicyName"] == "AmazonEKSWorkerNodePolicy"
    assert account.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    assert account.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert bucket in [it["Name"] for it in account.client("s3").list_buckets()["Buckets"]]


def test_a_session_survives_a_restart(account: Any) -> None:
    name = account.name("role")
    statement = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Statement": statement})
    role = account.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    session = account.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    credentials = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])

    account.restart()

    caller = account.client("sts", credentials).get_caller_identity()
    assert caller["Arn"] == f"arn:aws:sts::000000000000:assumed-role/{name}/session"


def test_what_nobody_asked_for_by_name_is_not_recorded(account: Any) -> None:
    before = len(account.calls())

    account.ask("GET", "/oidc/id/ABC/keys")

    assert len(account.calls()) == before


def test_a_body_that_is_too_large_is_refused(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seatrial.rehearsal.account.gateway.LARGEST_BODY", 10)

    assert account.ask("POST", "/", body=b"a" * 11)[0] == 413


def test_a_websocket_is_not_answered(account: Any) -> None:
    told: list[Any] = []

    async def hear(message: Any) -> None:
        told.append(message)

    async def say() -> Any:
        return {}

    account.runner.run(account.gateway({"type": "websocket"}, say, hear))

    assert told == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{broken"], ids=["nothing", "a list", "not JSON"])
def test_a_body_without_an_object_has_no_members(body: bytes) -> None:
    assert calls.document_of(body) == {}
