"""Changes of a node group: its sizes, labels and taints, and the version of its nodes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

CONFIG, VERSION = "update_nodegroup_config", "update_nodegroup_version"
BLUE = {"key": "team", "value": "blue", "effect": "NO_SCHEDULE"}
RED = {"key": "team", "value": "red", "effect": "NO_SCHEDULE"}
OUT = {"key": "team", "value": "blue", "effect": "NO_EXECUTE"}


def change(stage: Stage, operation: str = CONFIG, **parameters: Any) -> dict[str, Any]:
    update = stage.change(operation, nodegroupName="nodes", **parameters)
    assert update["status"] == "Successful"
    assert stage.group()["status"] == "ACTIVE"
    return {param["type"]: param["value"] for param in update["params"]}


def refused(stage: Stage, operation: str = CONFIG, **parameters: Any) -> str:
    return stage.refused(operation, nodegroupName="nodes", **parameters)


def sizes(stage: Stage) -> tuple[int, int, int]:
    (group,) = stage.account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return group["MinSize"], group["DesiredCapacity"], group["MaxSize"]


def test_a_change_comes_into_force_when_its_update_is_done(nodes: Stage) -> None:
    before = nodes.group()
    update = nodes.call(CONFIG, nodegroupName="nodes", labels={"addOrUpdateLabels": {"a": "1"}})["update"]

    assert (update["type"], update["status"]) == ("ConfigUpdate", "InProgress")
    assert nodes.group() == {**before, "status": "UPDATING"}

    nodes.wait()
    after = nodes.group()
    assert (after["status"], after["labels"]) == ("ACTIVE", {"a": "1"})
    assert after["modifiedAt"] > before["modifiedAt"]


def test_sizes_that_are_left_out_stay(nodes: Stage) -> None:
    assert change(nodes, scalingConfig={"maxSize": 4}) == {"MaxSize": "4"}
    assert nodes.group()["scalingConfig"] == {"minSize": 1, "desiredSize": 2, "maxSize": 4}
    assert sizes(nodes) == (1, 2, 4)


@pytest.mark.parametrize("desired", [1, 4])
def test_nodes_come_and_go_with_the_size(nodes: Stage, desired: int) -> None:
    change(nodes, scalingConfig={"maxSize": 4, "desiredSize": desired})

    assert sizes(nodes) == (1, desired, 4)
    assert len(nodes.interfaces("aws-K8S-")) == desired


def test_limits_of_an_update_replace_each_other(nodes: Stage) -> None:
    assert change(nodes, updateConfig={"maxUnavailablePercentage": 50}) == {"MaxUnavailablePercentage": "50"}
    assert nodes.group()["updateConfig"] == {"maxUnavailablePercentage": 50}

    change(nodes, updateConfig={"maxUnavailable": 2, "updateStrategy": "MINIMAL"})
    assert nodes.group()["updateConfig"] == {"maxUnavailable": 2, "updateStrategy": "MINIMAL"}

    change(nodes, updateConfig={"updateStrategy": "DEFAULT"})
    assert nodes.group()["updateConfig"] == {"updateStrategy": "DEFAULT", "maxUnavailable": 1}


def test_labels_are_added_changed_and_removed(nodes: Stage) -> None:
    params = change(nodes, labels={"addOrUpdateLabels": {"a": "1", "b": "2"}})
    assert json.loads(params["LabelsToAdd"]) == {"a": "1", "b": "2"}

    params = change(nodes, labels={"addOrUpdateLabels": {"b": "3"}, "removeLabels": ["a"]})
    assert json.loads(params["LabelsToRemove"]) == ["a"]
    assert nodes.group()["labels"] == {"b": "3"}


def test_taints_are_told_apart_by_key_and_effect(nodes: Stage) -> None:
    params = change(nodes, taints={"addOrUpdateTaints": [BLUE, OUT]})
    assert json.loads(params["TaintsToAdd"]) == [BLUE, OUT]
    assert nodes.group()["taints"] == [BLUE, OUT]

    change(nodes, taints={"addOrUpdateTaints": [RED]})
    assert nodes.group()["taints"] == [RED, OUT]

    change(nodes, taints={"removeTaints": [OUT]})
    assert nodes.group()["taints"] == [RED]


def test_repair_of_nodes_is_switched(nodes: Stage) -> None:
    params = change(nodes, nodeRepairConfig={"enabled": True})

    assert json.loads(params["NodeRepairConfig"]) == {"enabled": True}
    assert nodes.group()["nodeRepairConfig"] == {"enabled": True}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "No changes needed for the nodegroup"),
        ({"scalingConfig": {"desiredSize": 3}}, "desired capacity 3 can't be greater than max size 2"),
        ({"scalingConfig": {"minSize": 2, "desiredSize": 1}}, "Minimum capacity 2 can't be greater"),
        ({"updateConfig": {"maxUnavailable": 1, "maxUnavailablePercentage": 9}}, "Only one of maxUnavailable"),
    ],
)
def test_a_change_that_is_none_or_contradicts_itself_is_refused(
    nodes: Stage, parameters: dict[str, Any], message: str
) -> None:
    refusal = refused(nodes, **parameters)

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal
    assert nodes.group()["status"] == "ACTIVE"


@pytest.mark.parametrize(("operation", "parameters"), [(CONFIG, {"scalingConfig": {"maxSize": 3}}), (VERSION, {})])
def test_only_an_active_group_is_changed(cluster: Stage, operation: str, parameters: dict[str, Any]) -> None:
    assert refused(cluster, operation, **parameters).startswith("ResourceNotFoundException: No node group found")

    cluster.create_group()
    assert refused(cluster, operation, **parameters) == (
        "ResourceInUseException: Nodegroup cannot be updated: nodes is CREATING"
    )


def test_one_change_at_a_time(nodes: Stage) -> None:
    nodes.call(CONFIG, nodegroupName="nodes", scalingConfig={"maxSize": 3})

    for operation in (CONFIG, VERSION):
        assert refused(nodes, operation) == "ResourceInUseException: Nodegroup cannot be updated: nodes is UPDATING"


def test_a_change_that_fails_changes_nothing(nodes: Stage) -> None:
    nodes.fail("UpdateNodegroupConfig", "PodEvictionFailure", "a pod stays")
    update = nodes.change(
        CONFIG, nodegroupName="nodes", scalingConfig={"maxSize": 3}, updateConfig={"maxUnavailable": 2}
    )

    assert update["status"] == "Failed"
    assert update["errors"] == [{"errorCode": "PodEvictionFailure", "errorMessage": "a pod stays"}]
    assert nodes.group()["status"] == "ACTIVE"
    assert nodes.group()["scalingConfig"]["maxSize"] == 2
    assert nodes.group()["updateConfig"] == {"maxUnavailable": 1}


@pytest.fixture
def old(network: Stage) -> Stage:
    """A cluster of 1.35 with nodes of 1.33."""
    network.create_cluster(version="1.35")
    network.wait()
    network.create_addons("vpc-cni", "kube-proxy")
    network.create_group(version="1.33")
    network.wait()
    return network


def test_nodes_are_upgraded_to_the_version_of_their_control_plane(old: Stage) -> None:
    params = change(old, VERSION)
    group = old.group()

    assert params == {"Version": "1.35", "ReleaseVersion": group["releaseVersion"]}
    assert group["version"] == "1.35"
    assert group["releaseVersion"].startswith("1.35.")


def test_nodes_are_upgraded_to_a_version_and_release(old: Stage) -> None:
    change(old, VERSION, version="1.34", releaseVersion="1.34.9-20260101")

    assert (old.group()["version"], old.group()["releaseVersion"]) == ("1.34", "1.34.9-20260101")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"version": "1.36"}, "can't be newer than the cluster's 1.35"),
        ({"version": "1.32"}, "Requested Nodegroup version 1.32 is older than 1.33"),
        ({"version": "1.30"}, "unsupported Kubernetes version: 1.30"),
        ({"launchTemplate": {"id": "lt-0"}}, "created without one"),
    ],
)
def test_a_version_that_nodes_can_not_have_is_refused(old: Stage, parameters: dict[str, Any], message: str) -> None:
    refusal = refused(old, VERSION, **parameters)

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal


def test_nodes_are_not_upgraded_in_a_cluster_that_failed(nodes: Stage) -> None:
    # No call leads to a cluster that has nodes and isn't active.
    next(iter(nodes.account.eks.state.clusters.values()))["status"] = "FAILED"

    assert refused(nodes, VERSION) == "InvalidRequestException: Cluster 'it' is not in ACTIVE status"


def templated(stage: Stage, **data: Any) -> dict[str, str]:
    """Make a group from a template, and a second version of the template."""
    template = stage.template(**data)
    stage.create_group(launchTemplate=template)
    stage.wait()
    stage.ec2.create_launch_template_version(
        LaunchTemplateId=template["id"], LaunchTemplateData={**data, "EbsOptimized": False}
    )
    return template


@pytest.fixture
def plugged(cluster: Stage) -> Stage:
    """A cluster that nodes can join."""
    cluster.create_addons("vpc-cni", "kube-proxy")
    return cluster


def test_nodes_take_another_version_of_their_template(plugged: Stage) -> None:
    template = templated(plugged)
    before = plugged.group()
    params = change(plugged, VERSION, launchTemplate={"id": template["id"], "version": "$Latest"})
    after = plugged.group()

    assert (params["LaunchTemplateName"], params["LaunchTemplateVersion"]) == (before["launchTemplate"]["name"], "2")
    assert after["launchTemplate"] == {**before["launchTemplate"], "version": "2"}
    assert after["version"] == before["version"]


def test_nodes_of_an_own_image_have_no_release(plugged: Stage) -> None:
    template = templated(plugged, ImageId="ami-1")
    params = change(plugged, VERSION, launchTemplate={"id": template["id"], "version": "2"})

    assert "ReleaseVersion" not in params
    assert "releaseVersion" not in plugged.group()


def test_nodes_keep_the_version_they_have_when_only_their_template_changes(old: Stage) -> None:
    template = old.template()
    old.create_group("more", version="1.34", launchTemplate=template)
    old.wait()
    old.change(VERSION, nodegroupName="more", launchTemplate=template)

    assert old.group("more")["version"] == "1.34"


def test_a_group_stays_with_its_template(plugged: Stage) -> None:
    templated(plugged)

    assert refused(plugged, VERSION, launchTemplate=plugged.template()) == (
        "InvalidParameterException: You can't change the launch template of a nodegroup, only its version"
    )
