import json
from collections.abc import Callable

import pytest

from seatrial.plan import Plan

Planned = Callable[..., Plan]


@pytest.mark.parametrize("purpose", ["secrets", "logs", "volumes"])
def test_a_key_rotates_and_has_a_name(planned: Planned, purpose: str) -> None:
    plan = planned(encryption={"rotationDays": 180, "deletionWindowDays": 7})

    key = plan.named(f"eks-{purpose}-key-test")
    alias = plan.named(f"eks-{purpose}-alias-test")
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["rotationPeriodInDays"] == 180
    assert key.inputs["deletionWindowInDays"] == 7
    assert alias.inputs["name"] == f"alias/eks-{purpose}-test"
    assert key.urn in alias.dependencies


def test_the_logs_key_admits_the_platforms_log_groups_only(planned: Planned) -> None:
    policy = json.loads(str(planned().named("eks-logs-key-test").inputs["policy"]))

    assert policy["Statement"][1]["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"] == [
        "arn:aws:logs:us-east-2:123456789012:log-group:/aws/eks/eks-cluster-test/cluster",
        "arn:aws:logs:us-east-2:123456789012:log-group:eks-flow-logs-test",
    ]


def test_every_log_group_of_the_plan_is_admitted_by_its_key(planned: Planned) -> None:
    plan = planned()
    policy = str(plan.named("eks-logs-key-test").inputs["policy"])

    for group in plan.of_type("aws:cloudwatch/logGroup:LogGroup"):
        assert f':log-group:{group.inputs["name"]}"' in policy
        assert group.inputs["kmsKeyId"] == plan.named("eks-logs-key-test").outputs["arn"]
