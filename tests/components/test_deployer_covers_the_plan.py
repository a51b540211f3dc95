"""The deployer's policy names what the program makes; the two are written apart and must not part ways."""

from collections.abc import Mapping

import pytest

from seatrial.iam import deployer, managed
from seatrial.iam.account import Account
from seatrial.iam.deployer import identity
from seatrial.iam.document import text
from seatrial.plan import Plan

ACCOUNT = Account(partition="aws", dns_suffix="amazonaws.com", account_id="123456789012", region="us-east-2")


@pytest.fixture
def plan(whole: Plan) -> Plan:
    return whole


@pytest.fixture
def policy() -> str:
    return text(deployer.policy(ACCOUNT, "test"))


def test_every_role_of_the_plan_is_named(plan: Plan) -> None:
    roles = {str(role.outputs["arn"]) for role in plan.of_type("aws:iam/role:Role")}

    assert roles == {identity.role_arn(ACCOUNT, kind, "test") for kind in identity.ROLES}


def test_every_inline_policy_of_the_plan_is_on_a_role_that_may_have_one(plan: Plan) -> None:
    holders = {str(each.inputs["role"]) for each in plan.of_type("aws:iam/rolePolicy:RolePolicy")}

    assert holders == {f"{kind}-role-test" for kind in identity.INLINE}


def test_every_managed_policy_of_the_plan_may_be_attached(plan: Plan) -> None:
    attached = {
        str(each.inputs["policyArn"]) for each in plan.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    }

    assert attached == set(managed.arns(ACCOUNT, managed.ALL).values())


def test_every_log_group_of_the_plan_is_named(plan: Plan, policy: str) -> None:
    for group in plan.of_type("aws:cloudwatch/logGroup:LogGroup"):
        assert f'"{ACCOUNT.log_group_arn(str(group.inputs["name"]))}"' in policy


def test_every_alias_of_the_plan_is_of_the_named_pattern(plan: Plan, policy: str) -> None:
    assert '"arn:aws:kms:us-east-2:123456789012:alias/eks-*-test"' in policy
    for alias in plan.of_type("aws:kms/alias:Alias"):
        name = str(alias.inputs["name"])
        assert name.startswith("alias/eks-")
        assert name.endswith("-test")


def test_the_cluster_of_the_plan_is_the_named_one(plan: Plan, policy: str) -> None:
    assert f'"{plan.outputs["clusterArn"]}"' in policy


def test_what_is_told_by_its_tag_has_the_tag(plan: Plan) -> None:
    told_by_tag = ("aws:ec2/", "aws:kms/key", "aws:iam/openIdConnectProvider")
    untaggable = ("aws:ec2/route:", "aws:ec2/routeTableAssociation:")
    resources = [each for each in plan if each.type.startswith(told_by_tag) and not each.type.startswith(untaggable)]

    assert len(resources) > 30
    for each in resources:
        tags = each.inputs["tags"]
        assert isinstance(tags, Mapping)
        assert tags["EnvironmentSuffix"] == "test"


def test_the_default_security_group_has_the_name_by_which_it_may_be_taken_over(plan: Plan, policy: str) -> None:
    (group,) = plan.of_type("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")

    assert f'"aws:RequestTag/Name":"{group.name}"' in policy


def test_every_bucket_of_the_plan_is_named(plan: Plan, policy: str) -> None:
    buckets = [str(each.outputs["arn"]) for each in plan.of_type("aws:s3/bucket:Bucket")]

    assert buckets
    for arn in buckets:
        assert f'"{arn}"' in policy
