"""An account that misbehaves: what passes is survived within one `up`, what stays ends in a clear error."""

from typing import Any

import pytest

pytestmark = pytest.mark.rehearsal


def test_passing_disturbances_are_survived_in_one_up(workshop: Any) -> None:
    workshop.open_account()
    workshop.disturb(
        {"service": "ec2", "operation": "CreateSubnet", "kind": "throttle", "times": 3},
        {"service": "iam", "operation": "CreateRole", "kind": "error5xx", "times": 2},
        {"service": "kms", "operation": "CreateKey", "kind": "reset", "times": 1},
        {"service": "ec2", "operation": "CreateVpc", "kind": "reset-after", "times": 1},
        {"service": "eks", "operation": "CreateCluster", "kind": "reset-after", "times": 1},
        {"service": "ec2", "operation": "*", "kind": "lag", "times": 2},
        {"service": "eks", "operation": "DescribeCluster", "kind": "throttle", "times": 2},
    )

    assert "dev is up" in workshop.run("up")

    struck = {call["fault"] for call in workshop.calls()}
    assert {"throttle", "error5xx", "reset", "reset-after"} <= struck
    workshop.disturb()
    assert "nothing changed" in workshop.run("up")
    assert "left in the account" not in workshop.run("down")


def test_a_permanent_refusal_is_told_and_what_was_made_is_kept(workshop: Any) -> None:
    workshop.open_account()
    quota = {"service": "ec2", "operation": "AllocateAddress", "kind": "refuse", "code": "AddressLimitExceeded"}
    workshop.disturb(quota)
    assert "ec2 AllocateAddress: AddressLimitExceeded" in workshop.run("up", code=1)
    workshop.disturb({"service": "eks", "operation": "CreateCluster", "kind": "deny"})

    said = workshop.run("up", code=1)

    assert "eks-cluster-dev (aws:eks/cluster:Cluster)" in said
    assert "CreateCluster" in said
    assert "not authorized" in said
    assert "Traceback" not in said
    assert "up failed" in workshop.run("status")
    workshop.disturb()
    assert "unchanged" in workshop.run("up")
    assert "left in the account" not in workshop.run("down")
