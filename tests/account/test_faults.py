"""Injected faults: each kind strikes as often as it was told, and leaves the rest alone."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

ANSWERS: dict[str, tuple[str, str, str, str]] = {
    "ec2 throttled": ("ec2", "describe_vpcs", "throttle", "RequestLimitExceeded"),
    "iam throttled": ("iam", "list_roles", "throttle", "Throttling"),
    "eks throttled": ("eks", "list_clusters", "throttle", "ThrottlingException"),
    "kms throttled": ("kms", "list_keys", "throttle", "ThrottlingException"),
    "s3 throttled": ("s3", "list_buckets", "throttle", "SlowDown"),
    "ec2 broken": ("ec2", "describe_vpcs", "error5xx", "InternalError"),
    "eks broken": ("eks", "list_clusters", "error5xx", "ServerException"),
    "logs broken": ("logs", "describe_log_groups", "error5xx", "InternalFailure"),
    "ec2 denied": ("ec2", "describe_vpcs", "deny", "UnauthorizedOperation"),
    "iam denied": ("iam", "list_roles", "deny", "AccessDenied"),
    "eks denied": ("eks", "list_clusters", "deny", "AccessDeniedException"),
}


@pytest.mark.parametrize(("service", "operation", "kind", "code"), ANSWERS.values(), ids=ANSWERS)
def test_a_service_refuses_in_its_own_protocol(
    account: Any, service: str, operation: str, kind: str, code: str
) -> None:
    account.inject({"service": service, "operation": "*", "kind": kind, "times": None})

    assert account.refusal(service, operation).startswith(f"{code}: ")


def test_a_denial_says_who_was_denied_what(account: Any) -> None:
    account.inject({"service": "iam", "operation": "ListRoles", "kind": "deny"})

    assert "User: arn:aws:iam::000000000000:root is not authorized to perform: iam:ListRoles" in account.refusal(
        "iam", "list_roles"
    )


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("ec2", "describe_vpcs", "VpcLimitExceeded"),
        ("iam", "list_roles", "LimitExceeded"),
        ("eks", "list_clusters", "X"),
    ],
)
def test_a_quota_is_refused_with_its_code_until_it_is_raised(
    account: Any, service: str, operation: str, code: str
) -> None:
    account.inject({"service": service, "operation": "*", "kind": "refuse", "code": code, "message": "too many"})

    assert [account.refusal(service, operation) for _ in range(2)] == [f"{code}: too many"] * 2


def test_a_rule_strikes_so_many_times_after_so_many_calls(account: Any) -> None:
    account.inject({"service": "kms", "operation": "ListKeys", "kind": "deny", "times": 1, "after": 1})
    kms = account.client("kms")

    kms.list_keys()
    first = account.refusal("kms", "list_keys")
    kms.list_keys()

    assert "AccessDeniedException" in first
    assert json.loads(account.admin("GET", "faults")[2])[0]["times"] == 0


def test_a_throttled_call_succeeds_when_it_is_repeated(account: Any) -> None:
    account.inject({"service": "ec2", "operation": "CreateVpc", "kind": "throttle"})

    assert account.vpc().startswith("vpc-")


def test_other_operations_are_left_alone(account: Any) -> None:
    account.inject({"service": "ec2", "operation": "Delete*", "kind": "deny"})

    assert "UnauthorizedOperation" in account.refusal("ec2", "delete_vpc", VpcId=account.vpc())


def test_a_connection_that_breaks_before_the_call_leaves_nothing(account: Any) -> None:
    name, iam = account.name("group"), account.client("iam")
    account.inject({"service": "iam", "operation": "CreateGroup", "kind": "reset", "times": None})

    with pytest.raises(ConnectionClosedError):
        iam.create_group(GroupName=name)

    assert name not in [group["GroupName"] for group in iam.list_groups()["Groups"]]


def test_a_connection_that_breaks_after_the_call_has_done_it(account: Any) -> None:
    name, iam = account.name("group"), account.client("iam")
    account.inject({"service": "iam", "operation": "CreateGroup", "kind": "reset-after"})

    with pytest.raises(ClientError, match="EntityAlreadyExists"):
        iam.create_group(GroupName=name)

    assert name in [group["GroupName"] for group in iam.list_groups()["Groups"]]


def test_a_delayed_call_is_answered_late(account: Any) -> None:
    account.inject({"service": "sts", "operation": "GetCallerIdentity", "kind": "delay", "seconds": 0.2})
    begun = time.monotonic()

    account.client("sts").get_caller_identity()

    assert time.monotonic() - begun >= 0.2


def test_a_new_resource_is_not_found_by_the_next_reads_of_it(account: Any) -> None:
    account.inject({"service": "ec2", "operation": "Describe*", "kind": "lag", "times": 2})
    old, new = account.vpc(), account.vpc()
    ec2 = account.client("ec2")

    told = [account.refusal("ec2", "describe_vpcs", VpcIds=[new]) for _ in range(2)]

    assert all(text.startswith("InvalidVpcID.NotFound") for text in told)
    assert ec2.describe_vpcs(VpcIds=[new])["Vpcs"]
    assert "InvalidVpcID.NotFound" in account.refusal("ec2", "describe_vpcs", VpcIds=[old])


def test_a_call_that_names_a_new_resource_may_lag_too(account: Any) -> None:
    account.inject({"service": "ec2", "operation": "CreateSubnet", "kind": "lag", "times": 1})
    vpc = account.vpc()

    assert "InvalidVpcID.NotFound" in account.refusal("ec2", "create_subnet", VpcId=vpc, CidrBlock="10.0.0.0/24")
    assert account.subnets(vpc)


def test_what_was_there_before_the_rule_does_not_lag(account: Any) -> None:
    vpc = account.vpc()

    account.inject({"service": "ec2", "operation": "*", "kind": "lag", "times": 1})

    assert account.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"]


def test_other_kinds_of_ids_are_missing_in_their_own_words(account: Any) -> None:
    account.inject({"service": "ec2", "operation": "DescribeDhcpOptions", "kind": "lag", "times": 1})
    ec2 = account.client("ec2")
    options = ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name", "Values": ["x"]}])["DhcpOptions"]

    told = account.refusal("ec2", "describe_dhcp_options", DhcpOptionsIds=[options["DhcpOptionsId"]])

    assert told.startswith("InvalidID.NotFound")


def test_roles_keys_and_log_groups_lag(account: Any) -> None:
    account.inject({"service": "*", "operation": "*", "kind": "lag", "times": 1})
    iam, kms, logs = account.client("iam"), account.client("kms"), account.client("logs")
    role, group = account.name("role"), account.name("/lag/")
    iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement":[]}')
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    logs.create_log_group(logGroupName=group)

    assert "NoSuchEntity" in account.refusal("iam", "get_role", RoleName=role)
    assert "NotFoundException" in account.refusal("kms", "describe_key", KeyId=key)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
    assert iam.get_role(RoleName=role)
    assert kms.describe_key(KeyId=key)
    assert len(logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]) == 1


def test_a_cluster_lags_and_what_is_below_it_does_not(account: Any) -> None:
    account.inject({"service": "eks", "operation": "*", "kind": "lag", "times": 1})
    role = account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy")
    name, eks = account.name("cluster"), account.client("eks")
    eks.create_cluster(name=name, roleArn=role, resourcesVpcConfig={"subnetIds": account.subnets(account.vpc())})

    assert eks.list_nodegroups(clusterName=name)["nodegroups"] == []
    assert "ResourceNotFoundException" in account.refusal("eks", "describe_cluster", name=name)
    assert eks.describe_cluster(name=name)["cluster"]["name"] == name


def test_a_service_without_words_of_its_own_lags(account: Any) -> None:
    account.inject({"service": "sqs", "operation": "GetQueueUrl", "kind": "lag", "times": 1})
    sqs, name = account.client("sqs"), account.name("queue")
    account.gateway._lag._hidden["sqs", name] = -1

    assert account.refusal("sqs", "get_queue_url", QueueName=name)
    assert sqs.create_queue(QueueName=name)["QueueUrl"]


REFUSED = {
    "no kind": [{"service": "ec2", "operation": "*"}],
    "unknown kind": [{"service": "ec2", "operation": "*", "kind": "explode"}],
    "unknown member": [{"service": "ec2", "operation": "*", "kind": "deny", "often": 1}],
    "no code": [{"service": "ec2", "operation": "*", "kind": "refuse"}],
    "no list": 7,
}


@pytest.mark.parametrize("document", REFUSED.values(), ids=REFUSED)
def test_a_rule_that_means_nothing_is_refused(account: Any, document: Any) -> None:
    status, _, answer = account.admin("PUT", "faults", json.dumps(document).encode())

    assert status == 400
    assert json.loads(answer)["message"]


def test_text_that_is_not_json_is_refused(account: Any) -> None:
    assert account.admin("PUT", "faults", b"no")[0] == 400
