import re
from typing import Any, cast

import botocore.session
import pytest

from seatrial.iam import deployer
from seatrial.iam.account import Account
from seatrial.iam.document import Statement, text
from seatrial.rules.facts import authorization

MANAGED_POLICY_LIMIT = 6144
"""Characters of a managed policy (IAM quotas)."""

PERMISSIONS_WITHOUT_A_CALL = {"iam:PassRole"}
SERVICES = {"ec2", "eks", "elbv2", "iam", "kms", "logs", "route53", "sts"}
ENTERS_AS = "arn:aws:iam::123456789012:role/delivery"
PARTS = ["cluster", "encryption", "identity", "leftovers", "network", "storage"]


@pytest.fixture
def statements(account: Account) -> list[Statement]:
    return deployer.policy(account, "dev", ENTERS_AS)["Statement"]


def test_the_whole_is_the_sum_of_its_parts(account: Account, statements: list[Statement]) -> None:
    parts = deployer.policies(account, "dev", ENTERS_AS)

    assert list(parts) == PARTS
    assert statements == [each for part in parts.values() for each in part["Statement"]]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_fits_into_a_managed_policy(account: Account, part: str) -> None:
    longest = "a" * 20

    assert len(text(deployer.policies(account, longest, ENTERS_AS)[part])) <= MANAGED_POLICY_LIMIT


def test_statement_ids_are_unique_and_of_letters(statements: list[Statement]) -> None:
    ids = [each.get("Sid", "") for each in statements]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[A-Za-z0-9]+", each) for each in ids)


def test_every_action_is_an_operation_of_aws(statements: list[Statement]) -> None:
    session = cast("Any", botocore.session).get_session()
    models = [session.get_service_model(service) for service in SERVICES]
    known: set[str] = {f"{model.signing_name}:{operation}" for model in models for operation in model.operation_names}

    used = {action for each in statements for action in each.get("Action", [])}

    # Actions of S3 are not called as its operations are.
    buckets = {action for action in used if action.startswith("s3:")}
    assert used - buckets - known == PERMISSIONS_WITHOUT_A_CALL
    assert all(authorization.is_action(action) for action in buckets)


def test_everything_that_is_not_named_is_held_by_a_condition_or_only_read(statements: list[Statement]) -> None:
    for each in statements:
        if each.get("Resource") == "*" and "Condition" not in each:
            assert all(re.match(r"\w+:(Describe|List)", action) for action in each.get("Action", []))


def test_every_region_bound_arn_is_of_the_account_and_region(statements: list[Statement]) -> None:
    resources = [each.get("Resource", []) for each in statements]
    arns = [arn for entry in resources for arn in ([entry] if isinstance(entry, str) else entry) if arn != "*"]
    regional = [arn.split(":") for arn in arns if arn.split(":")[2] not in {"iam", "route53", "s3"}]

    assert {parts[3] for parts in regional} == {"us-east-2"}
    assert {parts[4] for parts in regional if parts[5] not in {"image/*", "snapshot/*"}} == {"123456789012"}


def test_roles_are_named_and_handed_to_named_services_only(statements: list[Statement]) -> None:
    (pass_roles,) = [each for each in statements if "iam:PassRole" in each.get("Action", [])]

    assert pass_roles.get("Resource") == [
        "arn:aws:iam::123456789012:role/eks-cluster-role-dev",
        "arn:aws:iam::123456789012:role/eks-ebs-csi-role-dev",
        "arn:aws:iam::123456789012:role/eks-flow-logs-role-dev",
        "arn:aws:iam::123456789012:role/eks-node-role-dev",
        "arn:aws:iam::123456789012:role/eks-vpc-cni-role-dev",
    ]
    assert pass_roles.get("Condition") == {
        "StringEquals": {
            "iam:PassedToService": ["ec2.amazonaws.com", "eks.amazonaws.com", "vpc-flow-logs.amazonaws.com"],
        },
    }


def test_only_policies_that_the_platform_uses_can_be_attached(statements: list[Statement]) -> None:
    (attach,) = [each for each in statements if "iam:AttachRolePolicy" in each.get("Action", [])]

    assert attach.get("Condition") == {
        "ArnEquals": {
            "iam:PolicyARN": [
                "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2",
                "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
                "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
                "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
                "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
                "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
            ],
        },
    }


def test_tags_can_be_put_on_what_exists_only_where_the_platforms_tag_is(statements: list[Statement]) -> None:
    conditions = {
        each.get("Sid"): each.get("Condition") for each in statements if "ec2:CreateTags" in each.get("Action", [])
    }

    assert conditions["ChangeTagged"] == {"StringEquals": {"aws:ResourceTag/EnvironmentSuffix": "dev"}}
    assert "ec2:CreateAction" in str(conditions["TagOnCreation"])
    assert conditions["TakeDefaultGroup"] == {
        "StringEquals": {
            "aws:RequestTag/EnvironmentSuffix": "dev",
            "aws:RequestTag/Name": "eks-default-sg-dev",
        },
        "Null": {"aws:ResourceTag/EnvironmentSuffix": "true"},
    }


def test_another_suffix_is_another_policy(account: Account) -> None:
    written = text(deployer.policy(account, "prod"))

    assert "-dev" not in written
    assert "eks-cluster-prod" in written


def test_one_bucket_is_managed_and_emptied(statements: list[Statement]) -> None:
    bucket = "arn:aws:s3:::eks-irsa-demo-123456789012-us-east-2-dev"
    resources = {each.get("Sid"): each.get("Resource") for each in statements if "Bucket" in each.get("Sid", "")}

    assert resources == {"ManageBucket": bucket, "EmptyBucket": f"{bucket}/*"}


def test_a_role_that_enters_the_cluster_may_be_assumed(statements: list[Statement]) -> None:
    (entry,) = [each for each in statements if "sts:AssumeRole" in each.get("Action", [])]

    assert entry == {"Sid": "EnterCluster", "Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": ENTERS_AS}


@pytest.mark.parametrize("enters_as", ["", "arn:aws:iam::123456789012:user/alice"])
def test_nobody_is_assumed_where_nobody_enters_or_a_user_does(account: Account, enters_as: str) -> None:
    assert "sts:AssumeRole" not in text(deployer.policy(account, "dev", enters_as))


def test_roles_of_service_accounts_are_made_but_neither_passed_nor_given_other_policies(
    statements: list[Statement],
) -> None:
    by_id = {each.get("Sid"): str(each.get("Resource")) for each in statements}

    for kind in ("eks-cluster-autoscaler", "eks-irsa-demo", "eks-load-balancer-controller"):
        role = f"arn:aws:iam::123456789012:role/{kind}-role-dev"
        assert role in by_id["ManageRoles"]
        assert role in by_id["WriteInlinePolicies"]
        assert role not in by_id["PassRoles"]
        assert role not in by_id["AttachManagedPolicies"]


def test_what_a_cluster_left_is_deleted_only_where_a_mark_of_the_cluster_is(account: Account) -> None:
    statements = deployer.policies(account, "dev")["leftovers"]["Statement"]

    deleting = {each.get("Sid", ""): each for each in statements if not each.get("Sid", "").startswith("Find")}

    assert {sid: each.get("Condition") for sid, each in deleting.items()} == {
        "DeleteOwned": {"StringEquals": {"aws:ResourceTag/kubernetes.io/cluster/eks-cluster-dev": "owned"}},
        "DeleteBalanced": {"StringEquals": {"aws:ResourceTag/elbv2.k8s.aws/cluster": "eks-cluster-dev"}},
        "DeleteAttached": {"StringEquals": {"aws:ResourceTag/cluster.k8s.amazonaws.com/name": "eks-cluster-dev"}},
        "DeleteGrouped": {"StringEquals": {"aws:ResourceTag/aws:eks:cluster-name": "eks-cluster-dev"}},
        "DeleteLeftLogGroups": None,
    }
    assert deleting["DeleteAttached"].get("Action") == ["ec2:DeleteNetworkInterface"]
    assert deleting["DeleteLeftLogGroups"].get("Resource") == [
        "arn:aws:logs:us-east-2:123456789012:log-group:/aws/containerinsights/eks-cluster-dev/*",
        "arn:aws:logs:us-east-2:123456789012:log-group:/aws/eks/eks-cluster-dev/*",
    ]


def test_volumes_and_snapshots_go_only_where_the_driver_has_marked_them(account: Account) -> None:
    statements = deployer.policies(account, "dev")["leftovers"]["Statement"]

    (owned,) = [each for each in statements if "ec2:DeleteSnapshot" in each.get("Action", [])]

    assert owned.get("Sid") == "DeleteOwned"
    assert "ec2:DeleteVolume" in owned.get("Action", [])
    assert "arn:aws:ec2:us-east-2::snapshot/*" in owned.get("Resource", [])
