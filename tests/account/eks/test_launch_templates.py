"""What a node group takes from a launch template, and what it refuses in one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

SCALING = "arn:aws:iam::000000000000:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
ROOT = "arn:aws:iam::000000000000:root"


def refused(stage: Stage, **parameters: Any) -> str:
    given = {"nodegroupName": "nodes", "subnets": stage.facts.subnets, "nodeRole": stage.facts.node_role}
    return stage.refused("create_nodegroup", **{**given, **parameters})


def test_a_template_is_named_by_id_or_by_name(cluster: Stage) -> None:
    template = cluster.template()
    name = cluster.ec2.describe_launch_templates()["LaunchTemplates"][0]["LaunchTemplateName"]
    by_id = cluster.create_group("a", launchTemplate={"id": template["id"]})
    by_name = cluster.create_group("b", launchTemplate={"name": name})
    expected = {"id": template["id"], "name": name, "version": "1"}

    assert by_id["launchTemplate"] == by_name["launchTemplate"] == expected
    assert "diskSize" not in by_id
    for group in cluster.account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]:
        assert group["LaunchTemplate"]["LaunchTemplateId"] == template["id"]


@pytest.mark.parametrize(("wanted", "found"), [({}, "1"), ("$Default", "1"), ("$Latest", "2"), ("2", "2"), ("1", "1")])
def test_a_version_of_a_template_is_found(cluster: Stage, wanted: Any, found: str) -> None:
    template = cluster.template()
    cluster.ec2.create_launch_template_version(
        LaunchTemplateId=template["id"], LaunchTemplateData={"EbsOptimized": False}
    )
    named = {"id": template["id"], "version": wanted} if wanted else {"id": template["id"]}

    assert cluster.create_group(launchTemplate=named)["launchTemplate"]["version"] == found


def test_the_type_of_nodes_may_stand_in_the_template(cluster: Stage) -> None:
    group = cluster.create_group(launchTemplate=cluster.template(InstanceType="m5.large"))

    assert "instanceTypes" not in group


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"id": "lt-0"}, "You can use only existing launch templates: lt-0 does not exist"),
        ({"name": "none"}, "You can use only existing launch templates: none does not exist"),
        ({"version": "1"}, "Either provide launch template ID or launch template name"),
        ({"id": "lt-0", "name": "none"}, "Either provide launch template ID or launch template name"),
    ],
)
def test_a_template_that_is_not_named_well_is_refused(cluster: Stage, wanted: dict[str, str], message: str) -> None:
    cluster.template()
    refusal = refused(cluster, launchTemplate=wanted)

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal


def test_a_version_that_is_not_there_is_refused(cluster: Stage) -> None:
    template = cluster.template()

    assert refused(cluster, launchTemplate={**template, "version": "9"}) == (
        f"InvalidParameterException: Version 9 of launch template {template['id']} does not exist"
    )


@pytest.mark.parametrize(
    ("data", "parameters", "message"),
    [
        ({"IamInstanceProfile": {"Name": "own"}}, {}, "should not specify an instance profile"),
        ({"InstanceMarketOptions": {"MarketType": "spot"}}, {}, "should not specify the instance market options"),
        ({"HibernationOptions": {"Configured": True}}, {}, "should not specify hibernation options"),
        ({"InstanceInitiatedShutdownBehavior": "stop"}, {}, "should not specify the instance initiated shutdown"),
        ({"NetworkInterfaces": [{"SubnetId": "subnet-0"}]}, {}, "should not specify subnets"),
        ({"InstanceType": "t3.large"}, {"instanceTypes": ["t3.large"]}, "Cannot specify instance types in launch"),
        ({}, {"diskSize": 20}, "Disk size must be specified within the launch template"),
        ({}, {"remoteAccess": {"ec2SshKey": "key"}}, "Remote access configuration cannot be specified"),
        ({"ImageId": "ami-1"}, {"amiType": "AL2023_x86_64_STANDARD"}, "cannot specify an AMI type"),
        ({"ImageId": "ami-1"}, {"releaseVersion": "1.36.1-20260101"}, "cannot specify an AMI type"),
    ],
)
def test_a_template_that_does_not_fit_a_node_group_is_refused(
    cluster: Stage, data: dict[str, Any], parameters: dict[str, Any], message: str
) -> None:
    refusal = refused(cluster, launchTemplate=cluster.template(**data), **parameters)

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal


def test_interfaces_without_subnets_fit_a_node_group(cluster: Stage) -> None:
    data = {"NetworkInterfaces": [{"DeviceIndex": 0, "DeleteOnTermination": True}]}

    assert cluster.create_group(launchTemplate=cluster.template(**data))["status"] == "CREATING"


def test_nodes_do_not_start_from_a_template_that_is_gone(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    template, other = cluster.template(), cluster.template()
    cluster.create_group(launchTemplate=template)
    cluster.create_group("more", launchTemplate=other)
    cluster.ec2.delete_launch_template(LaunchTemplateId=template["id"])
    cluster.wait()

    assert cluster.group()["status"] == "CREATE_FAILED"
    assert cluster.group()["health"]["issues"][0]["code"] == "Ec2LaunchTemplateNotFound"
    assert cluster.group("more")["status"] == "ACTIVE"


@pytest.fixture
def scaled(cluster: Stage) -> Stage:
    """A cluster that nodes can join, in an account that has Auto Scaling's own role."""
    trust = {"Effect": "Allow", "Principal": {"Service": "autoscaling.amazonaws.com"}, "Action": "sts:AssumeRole"}
    # CreateServiceLinkedRole of the emulator writes the role's name in another case.
    cluster.iam.create_role(
        Path="/aws-service-role/autoscaling.amazonaws.com/",
        RoleName="AWSServiceRoleForAutoScaling",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    cluster.create_addons("vpc-cni", "kube-proxy")
    return cluster


def key(stage: Stage, *principals: Any, effect: str = "Allow") -> str:
    """Make a key whose policy names principals beside the account."""
    everything = {"Action": "kms:*", "Resource": "*"}
    statements = [{"Effect": "Allow", "Principal": {"AWS": ROOT}, **everything}]
    statements += [{"Effect": effect, "Principal": principal, **everything} for principal in principals]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return stage.account.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"]


def volumes(*keys: str) -> dict[str, Any]:
    mappings = [
        {"DeviceName": f"/dev/xvd{letter}", "Ebs": {"Encrypted": True, "KmsKeyId": key}}
        for letter, key in zip("ab", keys, strict=False)
    ]
    return {"BlockDeviceMappings": [{"DeviceName": "/dev/xvdz", "Ebs": {"VolumeSize": 9}}, *mappings]}


@pytest.mark.parametrize(
    "principals",
    [[{"AWS": SCALING}], [{"AWS": [ROOT, SCALING]}], [{"AWS": "*"}], ["*"], [{"Service": "logs.amazonaws.com"}, "*"]],
)
def test_nodes_start_when_auto_scaling_may_use_the_key_of_their_volumes(scaled: Stage, principals: list[Any]) -> None:
    scaled.create_group(launchTemplate=scaled.template(**volumes(key(scaled, *principals))))
    scaled.wait()

    assert scaled.group()["status"] == "ACTIVE"


def test_a_policy_of_a_single_statement_admits_as_well(scaled: Stage) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    made = scaled.account.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"]
    scaled.create_group(launchTemplate=scaled.template(**volumes(made)))
    scaled.wait()

    assert scaled.group()["status"] == "ACTIVE"


def test_nodes_do_not_start_when_auto_scaling_may_not_use_the_key_of_a_volume(scaled: Stage) -> None:
    keys = key(scaled, {"AWS": SCALING}), scaled.facts.key
    scaled.create_group(launchTemplate=scaled.template(**volumes(*keys)))
    scaled.wait()
    (issue,) = scaled.group()["health"]["issues"]

    assert scaled.group()["status"] == "CREATE_FAILED"
    assert issue["code"] == "AsgInstanceLaunchFailures"
    assert keys[1] in issue["message"]
    assert "/dev/xvdb" in issue["message"]


def test_a_denial_of_the_key_is_no_permission(scaled: Stage) -> None:
    denied = key(scaled, {"AWS": SCALING}, effect="Deny")
    scaled.create_group(launchTemplate=scaled.template(**volumes(denied)))
    scaled.wait()

    assert scaled.group()["health"]["issues"][0]["code"] == "AsgInstanceLaunchFailures"


def test_nodes_do_not_start_with_a_key_that_is_not_there(scaled: Stage) -> None:
    absent = "arn:aws:kms:us-east-2:000000000000:key/none"
    scaled.create_group(launchTemplate=scaled.template(**volumes(absent)))
    scaled.wait()

    assert scaled.group()["health"]["issues"][0]["code"] == "AsgInstanceLaunchFailures"
