"""What the engine is told of a change, with no account at hand."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.provider.experimental import provider as protocol

from seatrial.rehearsal.providers.aws.provider import AwsProvider
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.values import UNKNOWN

if TYPE_CHECKING:
    from conftest import Driver, MakeDriver, Values

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
ROLE = "aws:iam/role:Role"
ALIAS = "aws:kms/alias:Alias"
CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
ADDON = "aws:eks/addon:Addon"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"

REGIONAL = {"region": "us-east-2"}
TAGGED: dict[str, Any] = {**REGIONAL, "tags": {}, "tagsAll": {}}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


TRUST = {"Effect": "Allow", "Principal": {"AWS": ["a", "b"]}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
EQUAL_TRUST = {"Action": ["sts:TagSession", "sts:AssumeRole"], "Effect": "Allow", "Principal": {"AWS": ["b", "a"]}}
EVERYONE = {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": False}}}
EQUAL_EVERYONE = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": ["*"],
    "Condition": {"Bool": {"aws:SecureTransport": ["false"]}},
}


@pytest.mark.parametrize(
    ("kind", "state", "inputs"),
    [
        pytest.param(VPC, {"cidrBlock": "10.0.0.0/16", "instanceTenancy": "default"}, {}, id="computed-and-default"),
        pytest.param(VPC, {"enableDnsHostnames": False, "enableDnsSupport": True}, {}, id="false-is-nothing"),
        pytest.param(
            VPC, {}, {"enableDnsHostnames": False, "enableDnsSupport": True, "tags": {}}, id="nothing-is-false"
        ),
        pytest.param(
            ENDPOINT, {"subnetIds": ["b", "a"], "vpcId": "v"}, {"vpcId": "v", "subnetIds": ["a", "b"]}, id="set"
        ),
        pytest.param(
            GROUP,
            {
                "ingress": [
                    {"protocol": "udp", "fromPort": 1, "toPort": 1},
                    {"protocol": "tcp", "fromPort": 2, "toPort": 2},
                ]
            },
            {
                "ingress": [
                    {"protocol": "tcp", "fromPort": 2, "toPort": 2},
                    {"protocol": "udp", "fromPort": 1, "toPort": 1},
                ]
            },
            id="set-of-objects",
        ),
        pytest.param(
            ROLE,
            {"assumeRolePolicy": policy(TRUST, EVERYONE)},
            {"assumeRolePolicy": policy(EQUAL_EVERYONE, EQUAL_TRUST)},
            id="policy",
        ),
        pytest.param(
            ROLE, {"assumeRolePolicy": policy(TRUST)}, {"assumeRolePolicy": json.loads(policy(TRUST))}, id="object"
        ),
        pytest.param(
            ROLE,
            {"assumeRolePolicy": policy(TRUST)},
            {"assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": {**TRUST, "Condition": {}}})},
            id="one-statement",
        ),
        pytest.param(
            ADDON,
            {"configurationValues": '{"a": 1, "b": 2}', "clusterName": "c", "addonName": "a"},
            {"configurationValues": '{"b":2,"a":1}', "clusterName": "c", "addonName": "a"},
            id="json",
        ),
        pytest.param(
            ALIAS, {"name": "alias/a", "targetKeyId": "k"}, {"targetKeyId": "arn:aws:kms:x:1:key/k"}, id="key"
        ),
        pytest.param(
            RULE,
            {"ipProtocol": "6", "securityGroupId": "g"},
            {"ipProtocol": "tcp", "securityGroupId": "g"},
            id="protocol",
        ),
        pytest.param(
            NODE_GROUP,
            {"launchTemplate": {"id": "lt", "name": "t", "version": "1"}, "updateConfig": {"maxUnavailable": 1}},
            {"launchTemplate": {"id": "lt", "version": 1}, "labels": {}},
            id="nested-computed",
        ),
        pytest.param(
            TEMPLATE,
            {"name": "t", "blockDeviceMappings": [{"ebs": {"encrypted": "true", "volumeSize": 20}}]},
            {"blockDeviceMappings": [{"ebs": {"encrypted": True}}]},
            id="computed-in-a-list",
        ),
    ],
)
def test_what_means_the_same_is_no_change(offline: Driver, kind: str, state: Values, inputs: Values) -> None:
    required = {"vpcId": state["vpcId"]} if "vpcId" in state else {}

    assert offline.changes(kind, {**TAGGED, **state}, {**required, **inputs}) == {}


@pytest.mark.parametrize(
    ("kind", "state", "inputs", "changes"),
    [
        pytest.param(
            VPC, {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": UNKNOWN}, {"cidrBlock": "UPDATE_REPLACE"}, id="unknown"
        ),
        pytest.param(VPC, {}, {"tags": {"a": UNKNOWN}}, {"tags.a": "ADD"}, id="unknown-tag"),
        pytest.param(
            ENDPOINT, {"subnetIds": ["a"]}, {"subnetIds": ["a", UNKNOWN]}, {"subnetIds": "UPDATE"}, id="unknown-item"
        ),
        pytest.param(VPC, {"region": "eu-west-1"}, {}, {"region": "UPDATE_REPLACE"}, id="provider-moved"),
        pytest.param(VPC, {"instanceTenancy": "dedicated"}, {}, {"instanceTenancy": "UPDATE"}, id="in-place-this-way"),
        pytest.param(
            VPC, {}, {"instanceTenancy": "dedicated"}, {"instanceTenancy": "UPDATE_REPLACE"}, id="replaced-that-way"
        ),
        pytest.param(
            CLUSTER,
            {"encryptionConfig": {"provider": {"keyArn": "k"}, "resources": ["secrets"]}},
            {},
            {"encryptionConfig.provider.keyArn": "DELETE_REPLACE", "encryptionConfig.resources": "DELETE_REPLACE"},
            id="object-removed",
        ),
        pytest.param(
            CLUSTER,
            {"computeConfig": {"enabled": True, "nodeRoleArn": "a"}},
            {"computeConfig": {"enabled": True, "nodeRoleArn": "b"}},
            {"computeConfig.nodeRoleArn": "UPDATE_REPLACE"},
            id="role-exchanged",
        ),
        pytest.param(CLUSTER, {"status": "FAILED"}, {}, {"status": "UPDATE_REPLACE"}, id="broken"),
        pytest.param(ROLE, {"tagsAll": {"Team": "old"}}, {}, {"tagsAll": "UPDATE"}, id="provider-tags"),
        pytest.param(
            TEMPLATE,
            {"tagSpecifications": [{"resourceType": "a"}, {"resourceType": "b"}]},
            {"tagSpecifications": [{"resourceType": "b"}]},
            {"tagSpecifications[0].resourceType": "UPDATE", "tagSpecifications[1]": "DELETE"},
            id="ordered",
        ),
        pytest.param(
            NODE_GROUP,
            {"instanceTypes": ["a"]},
            {"instanceTypes": ["a", "b"]},
            {"instanceTypes[1]": "ADD_REPLACE"},
            id="longer",
        ),
        pytest.param(
            ROLE, {"assumeRolePolicy": "{}"}, {"assumeRolePolicy": "{"}, {"assumeRolePolicy": "UPDATE"}, id="no-json"
        ),
        pytest.param(
            ROLE,
            {"assumeRolePolicy": '{"Statement": ["x"]}'},
            {"assumeRolePolicy": "[]"},
            {"assumeRolePolicy": "UPDATE"},
            id="no-policy",
        ),
        pytest.param(
            GROUP,
            {"ingress": [{"protocol": "tcp", "fromPort": 1, "toPort": 1}]},
            {"ingress": [{"protocol": "tcp", "fromPort": 2, "toPort": 2}]},
            {"ingress": "UPDATE"},
            id="set-of-objects",
        ),
    ],
)
def test_change_is_told_where_it_is(
    offline: Driver, kind: str, state: Values, inputs: Values, changes: dict[str, str]
) -> None:
    assert offline.changes(kind, {**TAGGED, **state}, inputs) == changes


@pytest.mark.parametrize(
    ("ignored", "changes"),
    [
        ((), ["enableDnsHostnames", "tags.a", 'tags["b/c"]']),
        (("tags",), ["enableDnsHostnames"]),
        (("tags.a", "enableDnsHostnames"), ['tags["b/c"]']),
    ],
)
def test_ignored_changes_are_left_out(offline: Driver, ignored: tuple[str, ...], changes: list[str]) -> None:
    inputs = {"enableDnsHostnames": True, "tags": {"a": "1", "b/c": "2"}}

    assert list(offline.diff(VPC, TAGGED, inputs, ignored).detailed_diff) == changes


def test_resource_with_a_generated_name_can_stand_beside_its_successor(offline: Driver) -> None:
    state = {**TAGGED, "name": "it-123", "path": "/", "assumeRolePolicy": "{}"}
    inputs = {"path": "/team/", "assumeRolePolicy": "{}"}

    assert offline.diff(ROLE, state, inputs).delete_before_replace is False
    assert offline.diff(ROLE, state, {**inputs, "name": "it-123"}).delete_before_replace is True


def test_provider_resource_is_compared_by_the_engine(offline: Driver) -> None:
    request = protocol.DiffRequest("urn", "id", {}, {}, [])

    assert offline.run(offline.provider.diff_config(request)).changes is None


def test_cancellation_reaches_every_wait(offline: Driver) -> None:
    driver = type(offline)(AwsProvider(Creations(None)))
    driver.configure(region="us-east-2")

    driver.run(driver.provider.cancel())

    cancelled: threading.Event = vars(driver.provider)["_workers"].cancelled
    assert cancelled.is_set()


def test_schema_has_a_name_only(offline: Driver) -> None:
    answer = offline.run(offline.provider.get_schema(protocol.GetSchemaRequest(0)))

    assert answer.schema == '{"name": "aws"}'


def test_tags_of_the_provider_are_on_every_resource(make_driver: MakeDriver) -> None:
    driver = make_driver(defaultTags=json.dumps({"tags": {"Team": "blue", "Owner": "us"}}))
    inputs = {"cidrBlock": "10.9.0.0/16", "tags": {"Owner": "me"}}

    state = driver.create(VPC, inputs)
    assert (state["tags"], state["tagsAll"]) == ({"Owner": "me"}, {"Owner": "me", "Team": "blue"})
    assert driver.changes(VPC, state, inputs) == {}
    assert driver.read(VPC, state["id"], state, inputs) == (state, inputs)

    other = make_driver(defaultTags={"tags": {"Team": "red"}})
    assert other.changes(VPC, state, inputs) == {"tagsAll": "UPDATE"}
    after = other.update(VPC, state, inputs)
    assert after["tagsAll"] == {"Owner": "me", "Team": "red"}
    other.delete(VPC, after)
