"""Managed node groups: made, shown, listed, removed, with the Auto Scaling group behind each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

Given = Callable[["Stage"], dict[str, Any]]


def scaling_groups(stage: Stage) -> list[dict[str, Any]]:
    return stage.account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]


def test_a_node_group_has_the_defaults_of_aws(cluster: Stage) -> None:
    group = cluster.create_group()

    assert group["nodegroupArn"].startswith("arn:aws:eks:us-east-2:000000000000:nodegroup/it/nodes/")
    assert group["status"] == "CREATING"
    assert group["version"] == "1.36"
    assert group["releaseVersion"].startswith("1.36.")
    assert group["amiType"] == "AL2023_x86_64_STANDARD"
    assert group["capacityType"] == "ON_DEMAND"
    assert group["instanceTypes"] == ["t3.medium"]
    assert group["diskSize"] == 20
    assert group["scalingConfig"] == {"minSize": 1, "maxSize": 2, "desiredSize": 2}
    assert group["updateConfig"] == {"maxUnavailable": 1}
    assert group["subnets"] == cluster.facts.subnets
    assert group["nodeRole"] == cluster.facts.node_role
    assert group["health"] == {"issues": []}
    assert not {"labels", "taints", "launchTemplate", "remoteAccess"} & group.keys()
    assert not any(name.startswith("_") for name in group)


TAINTS = [
    {"key": "team", "value": "a", "effect": "NO_SCHEDULE"},
    {"key": "team", "value": "a", "effect": "NO_EXECUTE"},
]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("version", "1.35"),
        ("releaseVersion", "1.36.0-20260101"),
        ("capacityType", "SPOT"),
        ("instanceTypes", ["t3.medium", "t3a.medium"]),
        ("diskSize", 50),
        ("scalingConfig", {"minSize": 0, "maxSize": 5, "desiredSize": 3}),
        ("updateConfig", {"maxUnavailablePercentage": 33}),
        ("updateConfig", {"maxUnavailable": 2}),
        ("labels", {"workload": "batch"}),
        ("taints", TAINTS),
        ("tags", {"Owner": "me"}),
        ("nodeRepairConfig", {"enabled": True}),
        ("remoteAccess", {"ec2SshKey": "key"}),
    ],
)
def test_a_node_group_keeps_what_it_was_given(cluster: Stage, member: str, value: Any) -> None:
    cluster.create_group(**{member: value})

    assert cluster.group()[member] == value


def test_nodes_of_the_other_architecture_are_asked_for_by_the_image(cluster: Stage) -> None:
    group = cluster.create_group(amiType="AL2023_ARM_64_STANDARD", instanceTypes=["t4g.medium"])

    assert (group["amiType"], group["instanceTypes"]) == ("AL2023_ARM_64_STANDARD", ["t4g.medium"])


def image(stage: Stage) -> dict[str, Any]:
    return {"launchTemplate": stage.template(ImageId="ami-1")}


def test_an_image_of_ones_own_may_be_of_any_architecture(cluster: Stage) -> None:
    group = cluster.create_group(instanceTypes=["t4g.medium"], **image(cluster))

    assert group["amiType"] == "CUSTOM"
    assert group["instanceTypes"] == ["t4g.medium"]
    assert "releaseVersion" not in group


def bare_role(stage: Stage) -> dict[str, Any]:
    return {"nodeRole": stage.role("ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")}


REFUSED: list[tuple[str, Given, str]] = [
    ("name", lambda _: {"nodegroupName": "n" * 64}, "is longer than 63 characters"),
    (
        "less than the least",
        lambda _: {"scalingConfig": {"minSize": 2, "desiredSize": 1, "maxSize": 3}},
        "Minimum capacity 2 can't be greater than desired size 1",
    ),
    (
        "more than the most",
        lambda _: {"scalingConfig": {"desiredSize": 4, "maxSize": 3}},
        "desired capacity 4 can't be greater than max size 3",
    ),
    ("two limits", lambda _: {"updateConfig": {"maxUnavailable": 1, "maxUnavailablePercentage": 9}}, "Only one of"),
    ("old version", lambda _: {"version": "1.30"}, "unsupported Kubernetes version: 1.30"),
    (
        "no such role",
        lambda _: {"nodeRole": "arn:aws:iam::000000000000:role/none"},
        "role with name none cannot be found",
    ),
    (
        "role of another path",
        lambda s: {"nodeRole": s.facts.node_role.replace(":role/", ":role/other/")},
        "cannot be found",
    ),
    ("role of another service", lambda s: {"nodeRole": s.facts.cluster_role}, "[ec2.amazonaws.com] were not found"),
    ("role that pulls nothing", bare_role, "ecr:GetAuthorizationToken, ecr:BatchGetImage not allowed"),
    ("no subnets", lambda _: {"subnets": []}, "Subnets must belong to the VPC of the cluster"),
    ("no such subnet", lambda _: {"subnets": ["subnet-0"]}, "InvalidSubnetID.NotFound"),
    ("foreign subnet", lambda s: {"subnets": s.facts.elsewhere}, "Subnets must belong to the VPC of the cluster"),
    ("no such type", lambda _: {"instanceTypes": ["t3.medium", "x0.tiny"]}, "types do not exist: [x0.tiny]"),
    ("wrong type", lambda _: {"instanceTypes": ["t4g.medium"]}, "not a valid instance type for requested amiType"),
    (
        "wrong image",
        lambda _: {"amiType": "AL2023_ARM_64_STANDARD"},
        "['t3.medium'] is not a valid instance type for requested amiType AL2023_ARM_64_STANDARD",
    ),
    ("taints", lambda _: {"taints": [TAINTS[0], {**TAINTS[0], "value": "b"}]}, "Duplicate taints"),
]


@pytest.mark.parametrize(("given", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_node_group_that_could_not_work_is_refused(cluster: Stage, given: Given, message: str) -> None:
    parameters = {
        "nodegroupName": "nodes",
        "subnets": cluster.facts.subnets,
        "nodeRole": cluster.facts.node_role,
        **given(cluster),
    }
    refusal = cluster.refused("create_nodegroup", **parameters)

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal
    assert cluster.call("list_nodegroups")["nodegroups"] == []
    assert scaling_groups(cluster) == []


def test_nodes_are_not_newer_than_their_control_plane(network: Stage) -> None:
    network.create_cluster(version="1.34")
    network.wait()
    given = {"nodegroupName": "nodes", "subnets": network.facts.subnets, "nodeRole": network.facts.node_role}

    assert network.refused("create_nodegroup", **given, version="1.35") == (
        "InvalidParameterException: Nodegroup Kubernetes version 1.35 can't be newer than the cluster's 1.34"
    )


def test_a_longest_name_is_allowed(cluster: Stage) -> None:
    assert cluster.create_group("n" * 63)["nodegroupName"] == "n" * 63


def test_a_node_group_needs_an_active_cluster(network: Stage) -> None:
    given = {"nodegroupName": "nodes", "subnets": network.facts.subnets, "nodeRole": network.facts.node_role}
    assert network.refused("create_nodegroup", **given).startswith("ResourceNotFoundException: No cluster found")

    network.create_cluster()
    assert network.refused("create_nodegroup", **given) == (
        "InvalidRequestException: Cluster 'it' is not in ACTIVE status"
    )


def test_a_node_group_may_be_made_while_the_cluster_is_updated(cluster: Stage) -> None:
    cluster.call("update_cluster_config", deletionProtection=True)

    assert cluster.create_group()["status"] == "CREATING"


def test_a_name_is_taken_only_once_in_a_cluster(nodes: Stage) -> None:
    given = {"nodegroupName": "nodes", "subnets": nodes.facts.subnets, "nodeRole": nodes.facts.node_role}

    assert nodes.refused("create_nodegroup", **given) == (
        "ResourceInUseException: NodeGroup already exists with name nodes and cluster name it"
    )


@pytest.mark.parametrize("operation", ["describe_nodegroup", "delete_nodegroup"])
def test_a_node_group_that_is_not_there_is_not_found(cluster: Stage, operation: str) -> None:
    assert cluster.refused(operation, nodegroupName="nodes") == (
        "ResourceNotFoundException: No node group found for name: nodes."
    )
    assert cluster.refused(operation, nodegroupName="nodes", clusterName="none") == (
        "ResourceNotFoundException: No cluster found for name: none."
    )


def test_node_groups_are_listed_by_cluster(nodes: Stage) -> None:
    nodes.create_group("more")
    nodes.create_cluster(name="other")

    assert nodes.call("list_nodegroups")["nodegroups"] == ["nodes", "more"]
    assert nodes.call("list_nodegroups", clusterName="other")["nodegroups"] == []
    assert nodes.refused("list_nodegroups", clusterName="none").startswith("ResourceNotFoundException: ")


def test_a_scaling_group_stands_behind_a_node_group(cluster: Stage) -> None:
    group = cluster.create_group(
        subnets=cluster.facts.subnets[:2], scalingConfig={"minSize": 1, "desiredSize": 2, "maxSize": 4}
    )
    (behind,) = scaling_groups(cluster)

    assert behind["AutoScalingGroupName"] == group["resources"]["autoScalingGroups"][0]["name"]
    assert behind["AutoScalingGroupName"].startswith("eks-nodes-")
    assert (behind["MinSize"], behind["DesiredCapacity"], behind["MaxSize"]) == (1, 2, 4)
    assert behind["VPCZoneIdentifier"] == ",".join(cluster.facts.subnets[:2])
    assert behind["AvailabilityZones"] == ["us-east-2a", "us-east-2b"]
    assert {tag["Key"]: tag["Value"] for tag in behind["Tags"]} == {
        "eks:cluster-name": "it",
        "eks:nodegroup-name": "nodes",
        "k8s.io/cluster-autoscaler/enabled": "true",
        "k8s.io/cluster-autoscaler/it": "owned",
        "kubernetes.io/cluster/it": "owned",
    }


def test_nodes_bring_interfaces_and_take_them_away(nodes: Stage) -> None:
    found = nodes.interfaces("aws-K8S-")
    (behind,) = scaling_groups(nodes)
    instances = {instance["InstanceId"] for instance in behind["Instances"]}
    security = nodes.cluster()["resourcesVpcConfig"]["clusterSecurityGroupId"]

    assert {interface["Attachment"]["InstanceId"] for interface in found} == instances
    assert len({interface["SubnetId"] for interface in found}) == len(found) == 2
    for interface in found:
        tags = {tag["Key"]: tag["Value"] for tag in interface["TagSet"]}
        assert tags["cluster.k8s.amazonaws.com/name"] == "it"
        assert tags["node.k8s.amazonaws.com/instance_id"] in instances
        assert [group["GroupId"] for group in interface["Groups"]] == [security]

    assert nodes.call("delete_nodegroup", nodegroupName="nodes")["nodegroup"]["status"] == "DELETING"
    assert len(nodes.interfaces("aws-K8S-")) == 2
    nodes.wait()
    assert nodes.interfaces("aws-K8S-") == []
    assert not nodes.tagged([interface["NetworkInterfaceId"] for interface in found])
    assert scaling_groups(nodes) == []
    assert nodes.call("list_nodegroups")["nodegroups"] == []


def test_more_nodes_than_subnets_share_them(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    cluster.create_group(
        subnets=cluster.facts.subnets[:2], scalingConfig={"minSize": 5, "desiredSize": 5, "maxSize": 5}
    )
    cluster.wait()
    placed = [interface["SubnetId"] for interface in cluster.interfaces("aws-K8S-")]

    assert sorted(placed.count(subnet) for subnet in cluster.facts.subnets) == [0, 2, 3]


def test_a_node_group_is_not_deleted_while_it_changes_or_goes(nodes: Stage) -> None:
    nodes.call("update_nodegroup_config", nodegroupName="nodes", scalingConfig={"maxSize": 3})
    assert nodes.refused("delete_nodegroup", nodegroupName="nodes") == (
        "ResourceInUseException: Cannot delete nodegroup nodes: it is UPDATING"
    )
    nodes.wait()
    nodes.call("delete_nodegroup", nodegroupName="nodes")
    assert nodes.refused("delete_nodegroup", nodegroupName="nodes") == (
        "ResourceInUseException: Cannot delete nodegroup nodes: it is DELETING"
    )


def test_a_node_group_may_be_deleted_before_its_nodes_have_joined(cluster: Stage) -> None:
    cluster.create_group()
    cluster.call("delete_nodegroup", nodegroupName="nodes")
    cluster.wait()

    assert cluster.call("list_nodegroups")["nodegroups"] == []
    assert scaling_groups(cluster) == []


def entries(stage: Stage) -> dict[str, str]:
    return {
        principal: stage.call("describe_access_entry", principalArn=principal)["accessEntry"]["type"]
        for principal in stage.call("list_access_entries")["accessEntries"]
    }


def test_the_node_role_is_let_into_the_cluster_for_as_long_as_it_has_nodes(nodes: Stage) -> None:
    role = nodes.facts.node_role
    nodes.create_group("more")
    entry = nodes.call("describe_access_entry", principalArn=role)["accessEntry"]

    assert entries(nodes) == {role: "EC2_LINUX"}
    assert entry["username"] == "system:node:{{EC2PrivateDNSName}}"
    assert entry["kubernetesGroups"] == ["system:nodes"]

    nodes.call("delete_nodegroup", nodegroupName="nodes")
    nodes.wait()
    assert entries(nodes) == {role: "EC2_LINUX"}
    nodes.call("delete_nodegroup", nodegroupName="more")
    nodes.wait()
    assert entries(nodes) == {}


def test_an_entry_of_ones_own_for_the_node_role_stays(cluster: Stage) -> None:
    cluster.call("create_access_entry", principalArn=cluster.facts.node_role)
    cluster.create_group()
    assert entries(cluster) == {cluster.facts.node_role: "STANDARD"}
    cluster.call("delete_nodegroup", nodegroupName="nodes")
    cluster.wait()

    assert entries(cluster) == {cluster.facts.node_role: "STANDARD"}


def test_an_entry_that_was_deleted_before_the_nodes_is_not_missed(nodes: Stage) -> None:
    nodes.call("delete_access_entry", principalArn=nodes.facts.node_role)
    nodes.call("delete_nodegroup", nodegroupName="nodes")
    nodes.wait()

    assert nodes.call("list_nodegroups")["nodegroups"] == []


def test_a_cluster_without_entries_gets_none_for_its_nodes(network: Stage) -> None:
    network.create_cluster(
        accessConfig={"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": False}
    )
    network.wait()
    network.create_group()
    network.change("update_cluster_config", accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})

    assert entries(network) == {}


@pytest.mark.parametrize(("code", "shown"), [("", "NodeCreationFailure"), ("Ec2LaunchTemplateNotFound",) * 2])
def test_nodes_that_are_made_to_fail_say_why(nodes: Stage, code: str, shown: str) -> None:
    nodes.fail("CreateNodegroup", code, "no capacity")
    nodes.create_group("more")
    nodes.wait()
    (issue,) = nodes.group("more")["health"]["issues"]

    assert nodes.group("more")["status"] == "CREATE_FAILED"
    assert (issue["code"], issue["message"]) == (shown, "no capacity")
    assert len(issue["resourceIds"]) == 2
    nodes.call("delete_nodegroup", nodegroupName="more")
    nodes.wait()
    assert nodes.call("list_nodegroups")["nodegroups"] == ["nodes"]
