"""The rehearsal as a person has it, with the real engine: from nothing to nothing again."""

import json
import os
import shlex
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.rehearsal


def _group(size: int) -> dict[str, Any]:
    return {"minSize": 1, "desiredSize": 1, "maxSize": size}


def test_a_stack_from_nothing_to_nothing(workshop: Any) -> None:
    first = workshop.run("up")
    assert "dev is up: " in first
    assert "created" in first

    second = workshop.run("up")
    assert "dev is up: nothing changed" in second

    assert "0 failed" in workshop.run("test")
    _assert_environment_works(workshop)
    assert "last        up succeeded" in workshop.run("status")

    _edit_the_node_groups(workshop)
    _add_a_zone(workshop)
    _assert_drift_is_seen_and_repaired(workshop)

    down = workshop.run("down")
    assert "deleted" in down
    assert "left in the account" not in down
    assert sorted(path.name for path in workshop.folder.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml"]

    assert "there was nothing to do" in workshop.run("down")


def _assert_environment_works(workshop: Any) -> None:
    exports = workshop.run("env")
    program = "import boto3; print(boto3.client('eks').describe_cluster(name='eks-cluster-dev')['cluster']['status'])"
    command = f"{exports}\n{shlex.quote(sys.executable)} -c {shlex.quote(program)}"
    environment = {**os.environ, "AWS_PROFILE": "somebody", "AWS_SESSION_TOKEN": "old"}
    answer = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, cwd=workshop.folder, env=environment
    )
    assert answer.stdout == "ACTIVE\n", answer.stderr


def _edit_the_node_groups(workshop: Any) -> None:
    eks = workshop.aws("eks")

    workshop.describe(nodeGroups={"general": _group(2), "batch": _group(3)})
    added = workshop.run("up")
    assert " created" in added
    assert set(eks.list_nodegroups(clusterName="eks-cluster-dev")["nodegroups"]) == {
        "eks-general-ng-dev",
        "eks-batch-ng-dev",
    }

    workshop.describe(nodeGroups={"general": _group(2), "batch": _group(5)})
    assert "update eks-batch-ng-dev (aws:eks/nodeGroup:NodeGroup): scalingConfig" in workshop.run("up")
    batch = eks.describe_nodegroup(clusterName="eks-cluster-dev", nodegroupName="eks-batch-ng-dev")["nodegroup"]
    assert batch["scalingConfig"]["maxSize"] == 5

    workshop.describe(nodeGroups={"general": _group(2)})
    removed = workshop.run("up")
    assert " deleted" in removed
    assert eks.list_nodegroups(clusterName="eks-cluster-dev")["nodegroups"] == ["eks-general-ng-dev"]


def _add_a_zone(workshop: Any) -> None:
    eks = workshop.aws("eks")
    cluster = eks.describe_cluster(name="eks-cluster-dev")["cluster"]["resourcesVpcConfig"]["subnetIds"]

    workshop.describe(network={"zoneCount": 3, "nat": "single", "flowLogs": {"enabled": False}})
    workshop.run("up")

    nodes = eks.describe_nodegroup(clusterName="eks-cluster-dev", nodegroupName="eks-general-ng-dev")["nodegroup"]
    assert set(nodes["subnets"]) > set(cluster)
    assert eks.describe_cluster(name="eks-cluster-dev")["cluster"]["resourcesVpcConfig"]["subnetIds"] == cluster


def _assert_drift_is_seen_and_repaired(workshop: Any) -> None:
    logs = workshop.aws("logs")
    group = "/aws/eks/eks-cluster-dev/cluster"
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)

    told = workshop.run("up", "--refresh")

    drift = [line for line in told.splitlines() if line.startswith("drift: ")]
    assert len(drift) == 1, told
    assert "aws:cloudwatch/logGroup:LogGroup" in drift[0]
    assert "retentionInDays" in drift[0]
    assert "1 updated" in told
    (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["retentionInDays"] != 1


def test_stacks_live_side_by_side(workshop: Any) -> None:
    workshop.describe("prod", cluster={"deletionProtection": True})
    with workshop.start("up", "--outputs", "dev.json") as dev, workshop.start("up", "--stack", "prod") as prod:
        said = [process.communicate(timeout=180) for process in (dev, prod)]
    assert (dev.returncode, prod.returncode) == (0, 0), said

    assert workshop.outputs("dev.json")["clusterName"] == "eks-cluster-dev"
    assert workshop.outputs()["clusterName"] == "eks-cluster-prod"
    assert workshop.aws("eks").list_clusters()["clusters"] == ["eks-cluster-dev"]
    assert workshop.aws("eks", "prod").list_clusters()["clusters"] == ["eks-cluster-prod"]

    workshop.run("down", "--stack", "prod")  # in spite of its deletion protection
    assert "running at" in workshop.run("status")
    workshop.run("down")
    assert not (workshop.folder / ".seatrial").exists()


def test_the_outputs_file_is_private_sorted_and_the_same_every_time(workshop: Any) -> None:
    workshop.run("up")
    path = workshop.folder / "cfn-outputs" / "flat-outputs.json"
    first = path.read_bytes()

    workshop.run("up")

    values = json.loads(first)
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(values) == sorted(values)
    assert all(isinstance(value, str) for value in values.values())
