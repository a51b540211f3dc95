"""A refresh reports what was changed behind the program's back, exactly that and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Driver, Landscape, Values

VPC = "aws:ec2/vpc:Vpc"
ROLE = "aws:iam/role:Role"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
ENTRY = "aws:eks/accessEntry:AccessEntry"
BUCKET = "aws:s3/bucket:Bucket"
ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def refreshed(driver: Driver, kind: str, state: Values, inputs: Values) -> tuple[Values, Values, dict[str, str]]:
    """The state and inputs after a refresh, and the differences that the engine would show, inverted."""
    found = driver.read(kind, state["id"], state, inputs)
    assert found is not None
    return (*found, driver.changes(kind, found[0], inputs))


def test_tags_and_attributes(driver: Driver, client: Callable[[str], Any]) -> None:
    inputs: Values = {"cidrBlock": "10.20.0.0/16", "enableDnsHostnames": True, "tags": {"Name": "it", "Gone": "1"}}
    state = driver.create(VPC, inputs)
    ec2 = client("ec2")
    ec2.create_tags(Resources=[state["id"]], Tags=[{"Key": "Name", "Value": "else"}, {"Key": "New", "Value": "1"}])
    ec2.delete_tags(Resources=[state["id"]], Tags=[{"Key": "Gone"}])
    ec2.modify_vpc_attribute(VpcId=state["id"], EnableDnsHostnames={"Value": False})

    found, now, drift = refreshed(driver, VPC, state, inputs)

    assert drift == {"enableDnsHostnames": "UPDATE", "tags.Name": "UPDATE", "tags.Gone": "ADD", "tags.New": "DELETE"}
    assert now == {**inputs, "enableDnsHostnames": False, "tags": {"Name": "else", "New": "1"}}
    assert {name for name in found if found[name] != state.get(name)} == {"enableDnsHostnames", "tags", "tagsAll"}

    repaired = driver.update(VPC, found, inputs)
    assert repaired == state
    driver.delete(VPC, repaired)


def test_tags_on_what_had_none(driver: Driver, client: Callable[[str], Any]) -> None:
    inputs: Values = {"cidrBlock": "10.21.0.0/16"}
    state = driver.create(VPC, inputs)
    client("ec2").create_tags(Resources=[state["id"]], Tags=[{"Key": "New", "Value": "1"}])

    _, now, drift = refreshed(driver, VPC, state, inputs)

    assert drift == {"tags.New": "DELETE"}
    assert now == {**inputs, "tags": {"New": "1"}}
    driver.delete(VPC, state)


def test_policy(driver: Driver, client: Callable[[str], Any], landscape: Landscape) -> None:
    inputs: Values = {"name": "drifting", "assumeRolePolicy": landscape.trust("ec2")}
    state = driver.create(ROLE, inputs)
    iam = client("iam")
    iam.update_assume_role_policy(RoleName="drifting", PolicyDocument=landscape.trust("eks"))
    iam.attach_role_policy(RoleName="drifting", PolicyArn="arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy")

    found, now, drift = refreshed(driver, ROLE, state, inputs)

    assert drift == {"assumeRolePolicy": "UPDATE"}
    assert json.loads(now["assumeRolePolicy"]) == json.loads(landscape.trust("eks"))
    assert found["managedPolicyArns"] == ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"]
    driver.delete(ROLE, found)


def test_rules_that_the_program_leaves_to_others(
    driver: Driver, client: Callable[[str], Any], landscape: Landscape
) -> None:
    inputs: Values = {"name": "drifting", "description": "It", "vpcId": landscape.vpc}
    state = driver.create(GROUP, inputs)
    permission = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    client("ec2").authorize_security_group_ingress(GroupId=state["id"], IpPermissions=[permission])

    found, now, drift = refreshed(driver, GROUP, state, inputs)

    assert (drift, now) == ({}, inputs)
    assert [rule["cidrBlocks"] for rule in found["ingress"]] == [["10.0.0.0/8"]]
    driver.delete(GROUP, {**found, "revokeRulesOnDelete": True})


def test_nested_objects_keep_to_what_was_asked_for(
    driver: Driver, client: Callable[[str], Any], landscape: Landscape
) -> None:
    inputs: Values = {
        "clusterName": landscape.cluster,
        "nodeGroupName": "drifting",
        "nodeRoleArn": landscape.node_role,
        "subnetIds": landscape.subnets[1:],
        "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 1},
        "launchTemplate": {"id": landscape.template, "version": "1"},
        "updateConfig": {"maxUnavailable": 1},
    }
    state = driver.create(NODE_GROUP, inputs)
    size = {"minSize": 1, "maxSize": 4, "desiredSize": 2}
    eks = client("eks")
    eks.update_nodegroup_config(
        clusterName=landscape.cluster,
        nodegroupName="drifting",
        scalingConfig=size,
        labels={"addOrUpdateLabels": {"a": "b"}},
    )

    names = {"clusterName": landscape.cluster, "nodegroupName": "drifting"}
    eks.get_waiter("nodegroup_active").wait(**names, WaiterConfig={"Delay": 0.1})
    _, now, drift = refreshed(driver, NODE_GROUP, state, inputs)

    assert drift == {"labels.a": "DELETE", "scalingConfig.desiredSize": "UPDATE", "scalingConfig.maxSize": "UPDATE"}
    assert now == {**inputs, "scalingConfig": size, "labels": {"a": "b"}}
    driver.delete(NODE_GROUP, state)


def test_resource_that_is_gone(driver: Driver, client: Callable[[str], Any], landscape: Landscape) -> None:
    inputs: Values = {"clusterName": landscape.cluster, "principalArn": landscape.flow_role}
    state = driver.create(ENTRY, inputs)
    client("eks").delete_access_entry(**inputs)

    assert driver.read(ENTRY, state["id"], state, inputs) is None


def test_a_bucket_that_somebody_opened(driver: Driver, client: Callable[[str], Any]) -> None:
    named: Values = {"bucket": "opened", "forceDestroy": True, "tags": {"Name": "opened"}}
    made = driver.create(BUCKET, named)
    inputs: Values = {"bucket": "opened", "blockPublicAcls": True, "blockPublicPolicy": True}
    state = driver.create(ACCESS_BLOCK, inputs)
    s3 = client("s3")
    s3.put_public_access_block(
        Bucket="opened", PublicAccessBlockConfiguration={"BlockPublicAcls": True, "BlockPublicPolicy": False}
    )
    s3.put_bucket_tagging(Bucket="opened", Tagging={"TagSet": [{"Key": "Name", "Value": "else"}]})

    found, _, drift = refreshed(driver, ACCESS_BLOCK, state, inputs)
    retagged, _, renamed = refreshed(driver, BUCKET, made, named)

    assert drift == {"blockPublicPolicy": "UPDATE"}
    assert renamed == {"tags.Name": "UPDATE"}
    assert driver.update(ACCESS_BLOCK, found, inputs) == state
    driver.delete(BUCKET, retagged)
