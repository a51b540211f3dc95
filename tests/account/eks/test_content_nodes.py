"""The nodes of a cluster: what a kubelet of the machine would register."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks.content import nodes as content
from seatrial.rehearsal.account.eks.content import wanted

if TYPE_CHECKING:
    from conftest import Stage

GROUP = "eks.amazonaws.com/nodegroup"
SIZES = {"minSize": 1, "maxSize": 9, "desiredSize": 3}


def nodes_of(stage: Stage, running: str = "1.36.2") -> list[dict[str, Any]]:
    (cluster,) = stage.account.eks.state.clusters.values()
    with emulator.scope(emulator.home(), "us-east-2"):
        made = wanted.of_cluster(stage.account.eks, cluster, running, frozenset())
    return [json.loads(text) for reference, text in made.objects.items() if reference.kind == "Node"]


def grown(stage: Stage, name: str = "more", **parameters: Any) -> list[dict[str, Any]]:
    """Make a group, and give its nodes when they have joined."""
    stage.create_group(name, **{"scalingConfig": SIZES, **parameters})
    stage.wait()
    assert stage.group(name)["status"] == "ACTIVE"
    return [node for node in nodes_of(stage) if labels(node)["eks.amazonaws.com/nodegroup"] == name]


def labels(node: dict[str, Any]) -> dict[str, str]:
    return node["metadata"]["labels"]


def test_every_instance_is_a_node_in_a_subnet_of_the_group(nodes: Stage) -> None:
    made = grown(nodes)
    subnets = nodes.ec2.describe_subnets(SubnetIds=nodes.facts.subnets)["Subnets"]
    by_zone = {subnet["AvailabilityZone"]: subnet for subnet in subnets}

    assert len({node["metadata"]["name"] for node in nodes_of(nodes)}) == 5
    assert sorted(labels(node)["topology.kubernetes.io/zone"] for node in made) == sorted(by_zone)
    for node in made:
        subnet = by_zone[labels(node)["topology.kubernetes.io/zone"]]
        address = node["status"]["addresses"][0]["address"]
        assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet["CidrBlock"])
        assert node["metadata"]["name"] == f"ip-{address.replace('.', '-')}.us-east-2.compute.internal"
        assert labels(node)["topology.k8s.aws/zone-id"] == subnet["AvailabilityZoneId"]
        assert node["spec"]["providerID"].startswith(f"aws:///{subnet['AvailabilityZone']}/i-")


def test_a_node_says_what_it_is(nodes: Stage) -> None:
    node = grown(nodes, labels={"workload": "general"}, instanceTypes=["t3.medium"])[0]
    name = node["metadata"]["name"]

    assert labels(node) == labels(node) | {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": "t3.medium",
        "topology.kubernetes.io/region": "us-east-2",
        "eks.amazonaws.com/capacityType": "ON_DEMAND",
        "workload": "general",
        "seatrial.dev/stand-in": "true",
    }
    assert labels(node)["eks.amazonaws.com/nodegroup-image"].startswith("ami-")
    assert node["metadata"]["annotations"]["kwok.x-k8s.io/node"] == "fake"
    assert [it["type"] for it in node["status"]["addresses"]] == ["InternalIP", "InternalDNS", "Hostname"]
    assert "taints" not in node["spec"]


def test_what_pods_get_of_a_machine_is_what_eks_leaves(nodes: Stage) -> None:
    status = grown(nodes, instanceTypes=["t3.medium"])[0]["status"]

    assert status["capacity"]["cpu"] == "2"
    assert status["capacity"]["pods"] == status["allocatable"]["pods"] == "17"
    # As nodes of this type have it on EKS.
    assert status["allocatable"]["cpu"] == "1930m"
    memory = {kind: int(status[kind]["memory"].removesuffix("Ki")) for kind in ("capacity", "allocatable")}
    assert memory["capacity"] - memory["allocatable"] == (11 * 17 + 255 + 100) * 1024
    assert status["allocatable"]["ephemeral-storage"] == str(20 * 1024**3 * 9 // 10 - 1024**3)


@pytest.mark.parametrize(("vcpus", "reserved"), [(1, 60), (2, 70), (4, 80), (8, 90), (16, 110), (96, 310)])
def test_the_processors_reserved_grow_with_the_machine(vcpus: int, reserved: int) -> None:
    assert content.reserved_cpu(vcpus) == reserved


def test_prefix_delegation_makes_room_for_more_pods(nodes: Stage) -> None:
    values = json.dumps({"env": {"ENABLE_PREFIX_DELEGATION": "true"}})
    nodes.change("update_addon", addonName="vpc-cni", configurationValues=values)

    assert {node["status"]["capacity"]["pods"] for node in grown(nodes, instanceTypes=["t3.medium"])} == {"110"}


def test_taints_are_spelled_as_kubernetes_does(nodes: Stage) -> None:
    taints = [
        {"key": "a", "value": "1", "effect": "NO_SCHEDULE"},
        {"key": "b", "effect": "NO_EXECUTE"},
        {"key": "c", "value": "3", "effect": "PREFER_NO_SCHEDULE"},
    ]
    node = grown(nodes, taints=taints)[0]

    assert node["spec"]["taints"] == [
        {"key": "a", "value": "1", "effect": "NoSchedule"},
        {"key": "b", "value": "", "effect": "NoExecute"},
        {"key": "c", "value": "3", "effect": "PreferNoSchedule"},
    ]


def test_an_instance_of_a_spot_group_is_of_one_of_its_types_and_stays_so(nodes: Stage) -> None:
    sizes = {"minSize": 1, "maxSize": 20, "desiredSize": 12}
    types = ["t3.medium", "t3a.medium"]
    made = grown(nodes, capacityType="SPOT", instanceTypes=types, scalingConfig=sizes)

    chosen = {node["metadata"]["name"]: labels(node)["node.kubernetes.io/instance-type"] for node in made}
    assert set(chosen.values()) == set(types)
    nodes.change("update_nodegroup_config", nodegroupName="more", scalingConfig={"desiredSize": 6})
    left = {it["metadata"]["name"]: labels(it)["node.kubernetes.io/instance-type"] for it in nodes_of(nodes)}
    assert len(left.items() & chosen.items()) == 6


def test_a_launch_template_gives_type_disk_and_image(nodes: Stage) -> None:
    disk = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 50, "VolumeType": "gp3"}}
    template = nodes.template(InstanceType="m5.large", ImageId="ami-0123456789abcdef0", BlockDeviceMappings=[disk])
    node = grown(nodes, launchTemplate=template)[0]

    assert labels(node)["node.kubernetes.io/instance-type"] == "m5.large"
    assert labels(node)["eks.amazonaws.com/nodegroup-image"] == "ami-0123456789abcdef0"
    assert labels(node)["eks.amazonaws.com/sourceLaunchTemplateId"] == template["id"]
    assert labels(node)["eks.amazonaws.com/sourceLaunchTemplateVersion"] == "1"
    assert node["status"]["capacity"]["ephemeral-storage"] == f"{50 * 1024 * 1024}Ki"


def test_a_template_that_is_gone_takes_no_node_away(nodes: Stage) -> None:
    template = nodes.template(InstanceType="m5.large")
    before = grown(nodes, launchTemplate=template)
    nodes.ec2.delete_launch_template(LaunchTemplateId=template["id"])

    assert {it["metadata"]["name"] for it in before} <= {it["metadata"]["name"] for it in nodes_of(nodes)}


@pytest.mark.parametrize(
    ("ami", "kind", "architecture", "system"),
    [
        ("AL2023_x86_64_STANDARD", "m5.large", "amd64", "Amazon Linux 2023"),
        ("AL2023_ARM_64_STANDARD", "m6g.large", "arm64", "Amazon Linux 2023"),
        ("BOTTLEROCKET_x86_64", "m5.large", "amd64", "Bottlerocket OS"),
    ],
)
def test_a_node_tells_its_system(nodes: Stage, ami: str, kind: str, architecture: str, system: str) -> None:
    told = grown(nodes, amiType=ami, instanceTypes=[kind])[0]["status"]["nodeInfo"]

    assert (told["architecture"], told["osImage"]) == (architecture, system)
    assert told["kubeletVersion"] == "v1.36.2-eks-seatrial"


def test_a_kubelet_may_be_older_than_the_control_plane(nodes: Stage) -> None:
    node = grown(nodes, version="1.34")[0]

    assert node["status"]["nodeInfo"]["kubeletVersion"] == "v1.34.0-eks-seatrial"


def test_what_is_asked_of_the_auto_scaling_group_itself_is_followed(nodes: Stage) -> None:
    (group,) = [it["resources"]["autoScalingGroups"][0]["name"] for it in [nodes.group()]]
    scaling = nodes.account.client("autoscaling")
    scaling.update_auto_scaling_group(AutoScalingGroupName=group, MaxSize=5)
    scaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=5)

    assert nodes.group()["scalingConfig"] == {"minSize": 1, "maxSize": 5, "desiredSize": 5}
    assert len(nodes_of(nodes)) == 5
    scaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    assert nodes.group()["scalingConfig"]["desiredSize"] == 1
    assert len(nodes_of(nodes)) == len(nodes.interfaces("aws-K8S-")) == 1


def instances(stage: Stage) -> list[str]:
    scaling = stage.account.client("autoscaling")
    group = stage.group()["resources"]["autoScalingGroups"][0]["name"]
    found = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"][0]
    return [it["InstanceId"] for it in found["Instances"]]


def ids(stage: Stage) -> set[str]:
    return {node["spec"]["providerID"].rpartition("/")[2] for node in nodes_of(stage)}


def terminate(stage: Stage, instance: str, *, smaller: bool) -> Any:
    scaling = stage.account.client("autoscaling")
    return scaling.terminate_instance_in_auto_scaling_group(
        InstanceId=instance, ShouldDecrementDesiredCapacity=smaller
    )["Activity"]


def test_an_autoscaler_may_end_a_certain_machine(nodes: Stage) -> None:
    first, second = instances(nodes)
    assert "Terminating" in terminate(nodes, first, smaller=True)["Description"]

    assert nodes.group()["scalingConfig"]["desiredSize"] == 1
    assert ids(nodes) == {second} == set(instances(nodes))


def test_a_machine_that_ends_is_replaced_unless_the_group_gets_smaller(nodes: Stage) -> None:
    first, second = instances(nodes)
    terminate(nodes, first, smaller=False)

    assert nodes.group()["scalingConfig"]["desiredSize"] == 2
    assert len(ids(nodes)) == 2
    assert first not in ids(nodes)
    assert second in ids(nodes)


def test_a_group_does_not_get_smaller_than_its_least_size(nodes: Stage) -> None:
    first, second = instances(nodes)
    terminate(nodes, first, smaller=True)
    parameters: dict[str, Any] = {"InstanceId": second, "ShouldDecrementDesiredCapacity": True}
    told = nodes.account.refusal("autoscaling", "terminate_instance_in_auto_scaling_group", **parameters)
    unknown: dict[str, Any] = {"InstanceId": "i-unknown", "ShouldDecrementDesiredCapacity": True}

    assert "violate group's min size constraint" in told
    told = nodes.account.refusal("autoscaling", "terminate_instance_in_auto_scaling_group", **unknown)
    assert told.startswith("ValidationError: Instance Id not found")


def test_another_version_takes_other_machines(nodes: Stage) -> None:
    nodes.create_group("old", version="1.34")
    nodes.wait()
    nodes.group("old")
    before = {node["metadata"]["name"]: node for node in nodes_of(nodes)}
    nodes.change("update_nodegroup_version", nodegroupName="old", version="1.35")
    after = {node["metadata"]["name"]: node for node in nodes_of(nodes)}

    machines = {"before": before, "after": after}
    by_group = {
        when: {
            group: {it["spec"]["providerID"] for it in found.values() if labels(it)[GROUP] == group}
            for group in ("nodes", "old")
        }
        for when, found in machines.items()
    }
    assert by_group["before"]["nodes"] == by_group["after"]["nodes"]
    assert by_group["before"]["old"].isdisjoint(by_group["after"]["old"])
    assert len(by_group["after"]["old"]) == 2
    assert {it["status"]["nodeInfo"]["kubeletVersion"] for it in after.values() if labels(it)[GROUP] == "old"} == {
        "v1.35.0-eks-seatrial"
    }


def test_a_version_update_that_fails_takes_none(nodes: Stage) -> None:
    nodes.create_group("old", version="1.34")
    nodes.wait()
    nodes.group("old")
    before = ids(nodes)
    nodes.fail("UpdateNodegroupVersion")
    nodes.change("update_nodegroup_version", nodegroupName="old", version="1.35")

    assert ids(nodes) == before


def test_a_cluster_has_what_eks_puts_into_every_one(cluster: Stage) -> None:
    (record,) = cluster.account.eks.state.clusters.values()
    with emulator.scope(emulator.home(), "us-east-2"):
        made = wanted.of_cluster(cluster.account.eks, record, "1.36.2", frozenset())

    assert [(it.kind, it.name) for it in made.objects] == [
        ("MutatingWebhookConfiguration", "pod-identity-webhook"),
        ("StorageClass", "gp2"),
    ]


def test_nodes_go_with_their_group(nodes: Stage) -> None:
    nodes.call("delete_nodegroup", nodegroupName="nodes")
    nodes.wait()
    nodes.call("list_nodegroups")

    assert nodes_of(nodes) == []


def test_an_instance_without_a_subnet_is_no_node(nodes: Stage) -> None:
    for interface in nodes.interfaces("aws-K8S-"):
        emulated = nodes.account.eks.state
        with emulator.scope(emulator.home(), "us-east-2"):
            record = emulator.store("ec2", "_network_interfaces")[interface["NetworkInterfaceId"]]
            record["SubnetId"] = "subnet-gone"
        assert emulated.nodegroups

    assert nodes_of(nodes) == []


def test_names_in_the_oldest_region_have_no_region() -> None:
    subnet = {"AvailabilityZone": "us-east-1a"}

    assert content.fleet.Machine("i-1", {}, "10.0.0.4", subnet).name == "ip-10-0-0-4.ec2.internal"


def test_a_type_that_nobody_knows_counts_as_a_usual_one(nodes: Stage) -> None:
    template = nodes.template(InstanceType="x9.unknown", ImageId="ami-0123456789abcdef0")
    node = grown(nodes, launchTemplate=template)[0]

    assert labels(node)["node.kubernetes.io/instance-type"] == "t3.medium"
