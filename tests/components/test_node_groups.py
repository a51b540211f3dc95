from collections.abc import Callable, Mapping
from typing import cast

import pytest

from seatrial.components.launch_template import disks
from seatrial.plan import Plan, Resource

Planned = Callable[..., Plan]

GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


def test_the_default_groups_are_spot_and_on_demand(planned: Planned) -> None:
    plan = planned()

    assert sorted(group.name for group in plan.of_type(GROUP)) == ["eks-ondemand-ng-test", "eks-spot-ng-test"]
    assert plan.named("eks-spot-ng-test").inputs["capacityType"] == "SPOT"
    assert plan.named("eks-spot-ng-test").inputs["instanceTypes"] == ("t3.medium", "t3a.medium")
    assert plan.named("eks-ondemand-ng-test").inputs["capacityType"] == "ON_DEMAND"
    assert plan.named("eks-ondemand-ng-test").inputs["instanceTypes"] == ("t3.medium",)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_there_are_as_many_groups_as_are_described(planned: Planned, count: int) -> None:
    keys = [f"group-{letter}" for letter in "abcde"[:count]]
    plan = planned(nodeGroups={key: {} for key in keys})

    assert sorted(group.name for group in plan.of_type(GROUP)) == [
        f"eks-group{letter}-ng-test" for letter in "abcde"[:count]
    ]
    assert len(plan.of_type(TEMPLATE)) == count


def test_a_described_group_reaches_eks(planned: Planned) -> None:
    described = {
        "capacityType": "SPOT",
        "instanceTypes": ["m5.large", "m5a.large"],
        "minSize": 0,
        "desiredSize": 3,
        "maxSize": 9,
        "maxUnavailablePercentage": 50,
        "nodeRepair": False,
        "labels": {"workload": "batch"},
        "taints": [{"key": "batch", "value": "yes", "effect": "NO_SCHEDULE"}],
    }
    plan = planned(nodeGroups={"batch": described, "base": {}})

    group = plan.named("eks-batch-ng-test")
    expected = {
        "nodeGroupName": "eks-batch-ng-test",
        "clusterName": "eks-cluster-test",
        "version": "1.36",
        "capacityType": "SPOT",
        "amiType": "AL2023_x86_64_STANDARD",
        "instanceTypes": ("m5.large", "m5a.large"),
        "scalingConfig": {"minSize": 0, "desiredSize": 3, "maxSize": 9},
        "updateConfig": {"maxUnavailablePercentage": 50},
        "nodeRepairConfig": {"enabled": False},
        "labels": {"node-type": "spot", "workload": "batch"},
        "taints": ({"key": "batch", "value": "yes", "effect": "NO_SCHEDULE"},),
        "subnetIds": tuple(plan.named(f"eks-private-subnet-us-east-2{letter}-test").id for letter in "abc"),
        "nodeRoleArn": plan.named("eks-node-role-test").outputs["arn"],
    }
    assert {key: group.inputs[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("described", "labels"),
    [
        ({}, {"node-type": "on-demand", "workload": "general"}),
        ({"capacityType": "SPOT"}, {"node-type": "spot", "workload": "general"}),
        ({"labels": {"node-type": "gpu"}}, {"node-type": "gpu", "workload": "general"}),
    ],
)
def test_every_node_says_what_it_is_and_what_for(
    planned: Planned, described: dict[str, object], labels: dict[str, str]
) -> None:
    assert planned(nodeGroups={"one": described}).named("eks-one-ng-test").inputs["labels"] == labels


def test_the_autoscaler_owns_the_number_of_nodes(planned: Planned) -> None:
    for group in planned().of_type(GROUP):
        assert group.ignore_changes == ("scalingConfig.desiredSize",)


def test_a_replaced_group_makes_room_for_its_own_name(planned: Planned) -> None:
    for group in planned().of_type(GROUP):
        assert group.delete_before_replace


def test_nodes_run_a_numbered_version_of_their_template(planned: Planned) -> None:
    plan = planned()

    template = plan.named("eks-spot-lt-test")
    assert plan.named("eks-spot-ng-test").inputs["launchTemplate"] == {
        "id": template.id,
        "version": str(template.outputs["latestVersion"]),
    }


def test_pods_don_t_reach_the_metadata_service(planned: Planned) -> None:
    for template in planned().of_type(TEMPLATE):
        assert template.inputs["metadataOptions"] == {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 1,
        }


def disk(plan: Plan, device: str, size: Mapping[str, int]) -> dict[str, object]:
    return {
        "deviceName": device,
        "ebs": {
            "volumeType": "gp3",
            "encrypted": "true",
            "deleteOnTermination": "true",
            "kmsKeyId": plan.named("eks-volumes-key-test").outputs["arn"],
            **size,
        },
    }


@pytest.mark.parametrize("ami", ["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"])
def test_amazon_linux_has_one_encrypted_disk(planned: Planned, ami: str) -> None:
    types = ["t4g.medium"] if "ARM" in ami else ["t3.medium"]
    plan = planned(nodeGroups={"one": {"amiType": ami, "instanceTypes": types, "diskSizeGib": 80}})

    assert plan.named("eks-one-lt-test").inputs["blockDeviceMappings"] == (disk(plan, "/dev/xvda", {"volumeSize": 80}),)
    assert plan.named("eks-one-ng-test").inputs["amiType"] == ami


@pytest.mark.parametrize("ami", ["BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64"])
def test_bottlerocket_keeps_containers_on_a_second_encrypted_disk(planned: Planned, ami: str) -> None:
    types = ["t4g.medium"] if "ARM" in ami else ["t3.medium"]
    plan = planned(nodeGroups={"one": {"amiType": ami, "instanceTypes": types, "diskSizeGib": 80}})

    assert plan.named("eks-one-lt-test").inputs["blockDeviceMappings"] == (
        disk(plan, "/dev/xvda", {}),
        disk(plan, "/dev/xvdb", {"volumeSize": 80}),
    )


def test_the_size_of_a_disk_is_that_of_the_one_with_the_containers() -> None:
    assert disks("AL2023_x86_64_STANDARD", 30) == {"/dev/xvda": 30}
    assert disks("BOTTLEROCKET_x86_64", 30) == {"/dev/xvda": None, "/dev/xvdb": 30}


def test_a_template_chooses_neither_image_nor_network_nor_key_pair(planned: Planned) -> None:
    chosen_by_eks = {
        "imageId",
        "instanceType",
        "networkInterfaces",
        "vpcSecurityGroupIds",
        "keyName",
        "iamInstanceProfile",
        "userData",
        "instanceMarketOptions",
    }
    plan = planned()

    for template in plan.of_type(TEMPLATE):
        assert not chosen_by_eks & set(template.inputs)
    for group in plan.of_type(GROUP):
        assert not {"remoteAccess", "diskSize"} & set(group.inputs)


def specification(template: Resource, kind: str) -> Mapping[str, object]:
    given = cast("tuple[Mapping[str, Mapping[str, object]], ...]", template.inputs["tagSpecifications"])
    (found,) = [each for each in given if cast("str", each["resourceType"]) == kind]
    return found["tags"]


@pytest.mark.parametrize("kind", ["instance", "network-interface", "volume"])
def test_what_a_template_starts_is_tagged_like_everything_else(planned: Planned, kind: str) -> None:
    tags = specification(planned().named("eks-spot-lt-test"), kind)

    assert tags["EnvironmentSuffix"] == "test"
    assert tags["Extra"] == "yes"
    assert tags["Name"] == "eks-spot-node-test"


def test_nodes_have_no_permission_of_the_network_plugin(planned: Planned) -> None:
    plan = planned()

    attached = {
        str(each.inputs["policyArn"]).rpartition("/")[2]
        for each in plan.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if each.inputs["role"] == "eks-node-role-test"
    }
    assert attached == {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    }
