"""Tags of everything that EKS keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Stage


def association(stage: Stage) -> str:
    given = {"namespace": "default", "serviceAccount": "app", "roleArn": stage.facts.pod_role}
    return stage.call("create_pod_identity_association", **given)["association"]["associationArn"]


def entry(stage: Stage) -> str:
    role = stage.facts.node_role
    return stage.call("describe_access_entry", principalArn=role)["accessEntry"]["accessEntryArn"]


ARNS: list[Callable[[Stage], str]] = [
    lambda stage: stage.cluster()["arn"],
    lambda stage: stage.group()["nodegroupArn"],
    lambda stage: stage.addon("vpc-cni")["addonArn"],
    entry,
    association,
]


@pytest.mark.parametrize("arn", ARNS, ids=["cluster", "node group", "add-on", "access entry", "association"])
def test_tags_are_added_changed_and_removed(nodes: Stage, arn: Callable[[Stage], str]) -> None:
    resource = arn(nodes)

    def tags() -> dict[str, str]:
        return nodes.eks.list_tags_for_resource(resourceArn=resource)["tags"]

    nodes.eks.tag_resource(resourceArn=resource, tags={"a": "1", "b": "2"})
    nodes.eks.tag_resource(resourceArn=resource, tags={"b": "3", "c": "4"})
    assert tags() == {"a": "1", "b": "3", "c": "4"}

    nodes.eks.untag_resource(resourceArn=resource, tagKeys=["a", "c", "d"])
    assert tags() == {"b": "3"}


def test_tags_are_shown_with_their_resource(cluster: Stage) -> None:
    cluster.eks.tag_resource(resourceArn=cluster.cluster()["arn"], tags={"a": "1"})

    assert cluster.cluster()["tags"] == {"a": "1"}


def test_there_are_fifty_tags_at_most(cluster: Stage) -> None:
    arn = cluster.cluster()["arn"]
    fifty = {f"tag-{number}": "x" for number in range(50)}
    cluster.eks.tag_resource(resourceArn=arn, tags=fifty)
    cluster.eks.tag_resource(resourceArn=arn, tags={"tag-0": "y"})

    assert cluster.refused("tag_resource", resourceArn=arn, tags={"one-more": "x"}) == (
        "BadRequestException: At most 50 tags, and none that begins with aws:"
    )
    assert len(cluster.cluster()["tags"]) == 50


def test_tags_of_aws_are_its_own(cluster: Stage) -> None:
    refusal = cluster.refused("tag_resource", resourceArn=cluster.cluster()["arn"], tags={"aws:name": "x"})

    assert refusal.startswith("BadRequestException: ")
    assert cluster.cluster()["tags"] == {}


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [("tag_resource", {"tags": {"a": "1"}}), ("untag_resource", {"tagKeys": ["a"]}), ("list_tags_for_resource", {})],
)
def test_what_is_not_there_has_no_tags(cluster: Stage, operation: str, parameters: dict[str, object]) -> None:
    arn = "arn:aws:eks:us-east-2:000000000000:cluster/none"

    assert cluster.refused(operation, resourceArn=arn, **parameters) == (
        f"NotFoundException: Resource not found for ARN: {arn}"
    )


def test_tags_decide_what_a_policy_allows(cluster: Stage) -> None:
    condition = {"StringEquals": {"aws:ResourceTag/Team": "a"}}
    allowed = {"Effect": "Allow", "Action": "eks:DescribeCluster", "Resource": "*", "Condition": condition}
    somebody = cluster.account.user(allowed)
    denied = cluster.account.refusal("eks", "describe_cluster", somebody, name="it")
    cluster.eks.tag_resource(resourceArn=cluster.cluster()["arn"], tags={"Team": "a"})

    assert denied.startswith("AccessDeniedException: ")
    assert cluster.account.client("eks", somebody).describe_cluster(name="it")["cluster"]["name"] == "it"
