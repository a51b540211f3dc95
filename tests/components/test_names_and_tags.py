import re
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import signature
from typing import Any

import pytest

from seatrial.plan import Plan, Resource

Planned = Callable[..., Plan]

EVERYWHERE = {
    "Environment": "test",
    "EnvironmentSuffix": "test",
    "Project": "seatrial",
    "ManagedBy": "pulumi",
    "Owner": "team",
    "CostCenter": "cc",
    "Extra": "yes",
}
NAMED_BY_AWS = {"/aws/eks/eks-cluster-test/cluster"}


@pytest.fixture
def plan(whole: Plan) -> Plan:
    return whole


def taggable(resource: Resource) -> bool:
    """Whether the provider's class takes tags."""
    module, _, cls = resource.type.removeprefix("aws:").partition(":")
    service, _, file = module.partition("/")
    snake = re.sub("(?<=[a-z])([A-Z])", r"_\1", file).lower()
    defining = import_module(f"pulumi_aws.{service}.{snake}")
    return "tags" in signature(getattr(defining, cls)._internal_init).parameters


def made_by_aws(plan: Plan) -> list[Resource]:
    return [resource for resource in plan if resource.type.startswith("aws:")]


def test_every_resource_that_can_have_tags_has_the_platforms(plan: Plan) -> None:
    tagged = [resource for resource in made_by_aws(plan) if taggable(resource)]

    assert len(tagged) > 40
    for resource in tagged:
        tags = resource.inputs["tags"]
        assert isinstance(tags, Mapping)
        assert {key: tags.get(key) for key in EVERYWHERE} == EVERYWHERE, resource.name
        assert tags["Name"] == resource.name


def test_every_logical_name_ends_in_the_suffix(plan: Plan) -> None:
    for resource in plan:
        assert resource.name.endswith("-test")


def test_every_name_in_aws_ends_in_the_suffix_where_it_can_be_chosen(plan: Plan) -> None:
    for resource in made_by_aws(plan):
        for key in ("name", "nodeGroupName", "bucket"):
            found = str(resource.inputs.get(key, "-test"))
            assert found in NAMED_BY_AWS or found.endswith("-test")


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("aws:ec2/vpc:Vpc", "eks-vpc-test"),
        ("aws:eks/cluster:Cluster", "eks-cluster-test"),
        ("aws:eks/nodeGroup:NodeGroup", "eks-spot-ng-test"),
        ("aws:eks/nodeGroup:NodeGroup", "eks-ondemand-ng-test"),
        ("aws:ec2/subnet:Subnet", "eks-public-subnet-us-east-2a-test"),
        ("aws:iam/role:Role", "eks-cluster-role-test"),
        ("aws:s3/bucket:Bucket", "eks-irsa-demo-test"),
        ("kubernetes:core/v1:Namespace", "dev-namespace-test"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "prod-default-deny-networkpolicy-test"),
        ("kubernetes:helm.sh/v3:Release", "cluster-autoscaler-release-test"),
        ("pulumi:providers:aws", "aws-test"),
        ("pulumi:providers:kubernetes", "kubernetes-test"),
    ],
)
def test_a_name_is_what_the_documents_promise(plan: Plan, type_: str, name: str) -> None:
    assert plan.named(name, type_).type == type_


def test_no_two_resources_share_a_urn(plan: Plan) -> None:
    assert len({resource.urn for resource in plan}) == len(plan)


def test_everything_is_made_by_the_platforms_own_provider(plan: Plan) -> None:
    provider = plan.named("aws-test", "pulumi:providers:aws")

    assert provider.inputs["region"] == "us-east-2"
    for resource in made_by_aws(plan):
        assert resource.provider_urn == provider.urn


def test_everything_in_the_cluster_is_put_there_by_the_platforms_own_provider(plan: Plan) -> None:
    provider = plan.named("kubernetes-test", "pulumi:providers:kubernetes")
    inside = [resource for resource in plan if resource.type.startswith("kubernetes:")]

    assert len(inside) > 40
    for resource in inside:
        assert resource.provider_urn == provider.urn


def test_every_object_says_whose_it_is(plan: Plan) -> None:
    objects = [resource for resource in plan if "metadata" in resource.inputs]

    assert len(objects) > 40
    for resource in objects:
        assert isinstance(metadata := resource.inputs["metadata"], Mapping)
        assert isinstance(labels := metadata["labels"], Mapping)
        assert labels["app.kubernetes.io/managed-by"] == "pulumi"
        assert labels["app.kubernetes.io/part-of"] == "seatrial"
        assert labels["app.kubernetes.io/name"]


def test_platforms_with_different_suffixes_share_no_name(planned: Planned, everything: dict[str, Any]) -> None:
    one, two = (planned(**everything, environmentSuffix=suffix) for suffix in ("one", "two"))

    shared = {resource.name for resource in one} & {resource.name for resource in two}
    assert shared == {"seatrial-test"}
