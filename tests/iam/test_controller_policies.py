"""What the roles of controllers and of the demonstration may do, decided by the project's own evaluator."""

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

import pytest

from seatrial.iam import cluster_autoscaler, irsa_demo, load_balancer_controller
from seatrial.iam.account import Account
from seatrial.iam.document import Document, text
from seatrial.rules.facts import authorization
from seatrial.semantics import iam
from seatrial.semantics.iam import Kind, Policies, callers

Keys: TypeAlias = Mapping[str, str]

CLUSTER, OTHER = "eks-cluster-dev", "eks-cluster-other"
VPC = "vpc-0a1"
INLINE_LIMIT = 10_240
"""Characters of all inline policies of a role (IAM quotas)."""

HERE = "us-east-2:123456789012"
GROUP = f"arn:aws:ec2:{HERE}:security-group/sg-1"
NETWORK = f"arn:aws:ec2:{HERE}:vpc/{VPC}"
BALANCER = f"arn:aws:elasticloadbalancing:{HERE}:loadbalancer/app/one/1"
TARGETS = f"arn:aws:elasticloadbalancing:{HERE}:targetgroup/one/1"
LISTENER = f"arn:aws:elasticloadbalancing:{HERE}:listener/app/one/1/2"
SCALING = f"arn:aws:autoscaling:{HERE}:autoScalingGroup:1:autoScalingGroupName/eks-spot"
BUCKET = "arn:aws:s3:::eks-irsa-demo-123456789012-us-east-2-dev"

GIVEN, KEPT = "aws:RequestTag/elbv2.k8s.aws/cluster", "aws:ResourceTag/elbv2.k8s.aws/cluster"
CREATES = "elasticloadbalancing:CreateAction"
ENABLED, OWNED = (f"aws:ResourceTag/k8s.io/cluster-autoscaler/{end}" for end in ("enabled", CLUSTER))


def _allowed(document: Document, action: str, resource: str, keys: Keys | None = None) -> bool:
    request = iam.Request(
        caller=callers.role_session("arn:aws:iam::123456789012:role/controller"),
        action=action,
        resource=resource,
        context=dict(keys or {}),
    )
    policy = iam.policy(cast("Mapping[str, object]", document), "the role's")
    return iam.decide(request, Policies(identity=(policy,))).is_allowed


@pytest.fixture
def balancing(account: Account) -> Document:
    return load_balancer_controller.policy(account, CLUSTER, VPC)


@pytest.fixture
def scaling(account: Account) -> Document:
    return cluster_autoscaler.policy(account, CLUSTER)


@pytest.mark.parametrize(
    ("action", "resource", "keys"),
    [
        ("ec2:DescribeSubnets", "*", {}),
        ("elasticloadbalancing:DescribeTargetHealth", "*", {}),
        ("wafv2:GetWebACL", "*", {}),
        ("wafv2:AssociateWebACL", BALANCER, {}),
        ("wafv2:AssociateWebACL", f"arn:aws:wafv2:{HERE}:regional/webacl/one/1", {}),
        ("shield:CreateProtection", "*", {}),
        ("shield:DeleteProtection", "arn:aws:shield::123456789012:protection/1", {}),
        ("ec2:AuthorizeSecurityGroupIngress", GROUP, {"ec2:Vpc": NETWORK}),
        ("ec2:CreateSecurityGroup", GROUP, {}),
        ("ec2:CreateSecurityGroup", NETWORK, {}),
        ("ec2:CreateTags", GROUP, {"ec2:CreateAction": "CreateSecurityGroup", GIVEN: CLUSTER}),
        ("ec2:CreateTags", GROUP, {KEPT: CLUSTER}),
        ("ec2:DeleteSecurityGroup", GROUP, {KEPT: CLUSTER}),
        ("elasticloadbalancing:CreateLoadBalancer", BALANCER, {GIVEN: CLUSTER}),
        ("elasticloadbalancing:AddTags", TARGETS, {CREATES: "CreateTargetGroup", GIVEN: CLUSTER}),
        ("elasticloadbalancing:CreateListener", BALANCER, {}),
        ("elasticloadbalancing:AddTags", LISTENER, {}),
        ("elasticloadbalancing:RegisterTargets", TARGETS, {}),
        ("elasticloadbalancing:DeleteLoadBalancer", BALANCER, {KEPT: CLUSTER}),
        ("elasticloadbalancing:SetRulePriorities", LISTENER, {}),
        (
            "iam:CreateServiceLinkedRole",
            "arn:aws:iam::123456789012:role/aws-service-role/elasticloadbalancing.amazonaws.com/x",
            {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"},
        ),
    ],
)
def test_the_balancers_controller_does_its_work(balancing: Document, action: str, resource: str, keys: Keys) -> None:
    assert _allowed(balancing, action, resource, keys)


@pytest.mark.parametrize(
    ("action", "resource", "keys"),
    [
        ("ec2:AuthorizeSecurityGroupIngress", GROUP, {"ec2:Vpc": NETWORK.replace(VPC, "vpc-0b2")}),
        ("ec2:AuthorizeSecurityGroupIngress", GROUP, {}),
        ("ec2:CreateSecurityGroup", NETWORK.replace(VPC, "vpc-0b2"), {}),
        ("ec2:CreateTags", GROUP, {"ec2:CreateAction": "CreateSecurityGroup", GIVEN: OTHER}),
        ("ec2:CreateTags", GROUP, {KEPT: CLUSTER, GIVEN: OTHER}),
        ("ec2:CreateTags", GROUP, {}),
        ("ec2:DeleteSecurityGroup", GROUP, {"ec2:Vpc": NETWORK}),
        ("ec2:DeleteSecurityGroup", GROUP, {KEPT: OTHER}),
        ("elasticloadbalancing:CreateLoadBalancer", BALANCER, {}),
        ("elasticloadbalancing:DeleteLoadBalancer", BALANCER, {KEPT: OTHER}),
        ("elasticloadbalancing:DeleteTargetGroup", TARGETS, {}),
        ("elasticloadbalancing:RegisterTargets", TARGETS.replace("us-east-2", "eu-west-1"), {}),
        ("iam:CreateServiceLinkedRole", "arn:aws:iam::123456789012:role/aws-service-role/eks.amazonaws.com/x", {}),
        ("ec2:RunInstances", "*", {}),
    ],
)
def test_the_balancers_controller_does_no_others(balancing: Document, action: str, resource: str, keys: Keys) -> None:
    assert not _allowed(balancing, action, resource, keys)


def test_the_balancers_controller_has_its_statements_and_fits_a_role(balancing: Document) -> None:
    longest = Account(partition="aws-us-gov", dns_suffix="amazonaws.com", account_id="1" * 12, region="us-isof-south-1")

    assert len(balancing["Statement"]) == 17
    assert (
        len(text(load_balancer_controller.policy(longest, "eks-cluster-" + "a" * 20, "vpc-" + "0" * 17))) < INLINE_LIMIT
    )


@pytest.mark.parametrize("action", ["SetDesiredCapacity", "TerminateInstanceInAutoScalingGroup"])
@pytest.mark.parametrize(
    ("keys", "allowed"),
    [
        ({ENABLED: "true", OWNED: "owned"}, True),
        ({ENABLED: "true"}, False),
        ({OWNED: "owned"}, False),
        ({ENABLED: "true", OWNED.replace(CLUSTER, OTHER): "owned"}, False),
        ({}, False),
    ],
)
def test_the_autoscaler_resizes_its_own_groups(scaling: Document, action: str, keys: Keys, allowed: bool) -> None:
    assert _allowed(scaling, f"autoscaling:{action}", SCALING, keys) is allowed


def test_the_autoscaler_looks_at_all_groups_but_only_at_its_own_clusters_node_groups(scaling: Document) -> None:
    node_group = f"arn:aws:eks:{HERE}:nodegroup/{{}}/spot/1"

    assert _allowed(scaling, "autoscaling:DescribeAutoScalingGroups", "*")
    assert _allowed(scaling, "eks:DescribeNodegroup", node_group.format(CLUSTER))
    assert not _allowed(scaling, "eks:DescribeNodegroup", node_group.format(OTHER))
    assert not _allowed(scaling, "autoscaling:DeleteAutoScalingGroup", SCALING, {ENABLED: "true", OWNED: "owned"})


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"])
def test_the_demonstration_uses_objects_of_its_bucket_only(action: str) -> None:
    policy = irsa_demo.policy(BUCKET)

    assert _allowed(policy, action, f"{BUCKET}/one/two")
    assert not _allowed(policy, action, f"{BUCKET}-other/one")


@pytest.mark.parametrize("action", ["s3:GetBucketLocation", "s3:ListBucket"])
def test_the_demonstration_lists_its_bucket_only(action: str) -> None:
    policy = irsa_demo.policy(BUCKET)

    assert _allowed(policy, action, BUCKET)
    assert not _allowed(policy, action, f"{BUCKET}-other")
    assert not _allowed(policy, "s3:DeleteBucket", BUCKET)
    assert not _allowed(policy, "s3:PutBucketPolicy", BUCKET)


@pytest.mark.parametrize("resource", [BUCKET, f"{BUCKET}/one"])
@pytest.mark.parametrize("tls", [True, False])
def test_the_bucket_is_used_over_tls_only(resource: str, tls: bool) -> None:
    policy = iam.policy(cast("Mapping[str, object]", irsa_demo.bucket_policy(BUCKET)), "bucket", Kind.RESOURCE)
    everything = iam.policy({"Version": "2012-10-17", "Statement": [_EVERYTHING]}, "all")
    request = iam.Request(
        caller=callers.user("arn:aws:iam::123456789012:user/ann"),
        action="s3:GetObject",
        resource=resource,
        context={"aws:SecureTransport": tls},
    )

    decision = iam.decide(request, Policies(identity=(everything,), resource=policy))

    assert decision.is_allowed is tls


_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


WRITERS: dict[str, Callable[[Account], Document]] = {
    "load balancers": lambda account: load_balancer_controller.policy(account, CLUSTER, VPC),
    "autoscaler": lambda account: cluster_autoscaler.policy(account, CLUSTER),
    "demonstration": lambda account: irsa_demo.policy(account.bucket_arn("b")),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_documents_know_their_partition_and_name_what_exists(name: str, partition: str) -> None:
    document = WRITERS[name](Account(partition=partition, dns_suffix="x", account_id="1" * 12, region="r-2"))
    statements = document["Statement"]

    arns = [arn for each in statements for arn in _list(each.get("Resource", "*")) if arn != "*"]
    keys = {key for each in statements for values in each.get("Condition", {}).values() for key in values}
    assert arns
    assert all(arn.startswith(f"arn:{partition}:") for arn in arns)
    assert all(authorization.is_action(action) for each in statements for action in each.get("Action", []))
    assert all(authorization.is_key(key) for key in keys)
    assert len({each.get("Sid") for each in statements}) == len(statements)


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_what_is_written_for_every_resource_only_looks_or_can_name_none(balancing: Document, scaling: Document) -> None:
    everywhere = [
        action
        for document in (balancing, scaling)
        for each in document["Statement"]
        if each.get("Resource") == "*"
        for action in each.get("Action", [])
    ]

    writes = {action for action in everywhere if not action.partition(":")[2].startswith(("Describe", "Get", "List"))}
    assert writes == {"shield:CreateProtection"}
