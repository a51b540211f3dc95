"""Inputs that the published provider, or AWS, would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.values import UNKNOWN

if TYPE_CHECKING:
    from conftest import Driver, Values

VPC = "aws:ec2/vpc:Vpc"
CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
ROLE = "aws:iam/role:Role"
AMI_TYPE_FAULT = (
    'amiType: found "AL3"; allowed: AL2_x86_64, AL2_x86_64_GPU, AL2_ARM_64, CUSTOM, BOTTLEROCKET_ARM_64, '
    "BOTTLEROCKET_x86_64, BOTTLEROCKET_ARM_64_FIPS, BOTTLEROCKET_x86_64_FIPS, "
    "BOTTLEROCKET_ARM_64_NVIDIA, BOTTLEROCKET_x86_64_NVIDIA, BOTTLEROCKET_ARM_64_NVIDIA_FIPS, "
    "BOTTLEROCKET_x86_64_NVIDIA_FIPS, …"
)
RETENTION_FAULT = (
    "retentionInDays: found 8; allowed: 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, "
    "731, 1096, 1827, 2192, 2557, 2922, 3288, 3653"
)
TAG_FAULT = 'tags["aws:Name"]: found "aws:Name"; allowed: a key of 1 to 128 characters that doesn\'t start with aws:'
TYPE_FAULTS = ["cidrBlock: found {}; allowed: a string", "tags: found true; allowed: a map"]
NODES: dict[str, Any] = {
    "clusterName": "it",
    "nodeRoleArn": "arn",
    "subnetIds": ["subnet-1"],
    "scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 1},
}


@pytest.mark.parametrize(
    ("kind", "inputs", "faults"),
    [
        pytest.param(
            VPC,
            {"cidrblock": "10.0.0.0/16"},
            ["cidrblock: found a property that this type doesn't have; allowed: did you mean cidrBlock?"],
            id="misspelt",
        ),
        pytest.param(
            "aws:kms/alias:Alias",
            {"targetKeyId": "k", "x": 1},
            ["x: found a property that this type doesn't have; allowed: name, namePrefix, region, targetKeyId"],
            id="unlike-any",
        ),
        pytest.param(
            "aws:ec2/subnet:Subnet",
            {"cidrBlock": "10.0.0.0/24"},
            ["vpcId: found (missing); allowed: a string is required"],
            id="missing",
        ),
        pytest.param(
            CLUSTER,
            {"roleArn": "arn", "vpcConfig": {"subnetIdz": []}},
            [
                "vpcConfig.subnetIdz: found a property that this type doesn't have; allowed: did you mean subnetIds?",
                "vpcConfig.subnetIds: found (missing); allowed: a list is required",
            ],
            id="nested",
        ),
        pytest.param(
            VPC,
            {"cidrBlock": ["10.0.0.0/16"], "enableDnsSupport": "yes", "tags": {"Name": {}}},
            [
                "cidrBlock: found ['10.0.0.0/16']; allowed: a string",
                'enableDnsSupport: found "yes"; allowed: a boolean',
                "tags.Name: found {}; allowed: a string",
            ],
            id="types",
        ),
        pytest.param(
            NODE_GROUP,
            {**NODES, "amiType": "AL3", "capacityType": "CHEAP"},
            [
                'capacityType: found "CHEAP"; allowed: ON_DEMAND, SPOT, CAPACITY_BLOCK',
                AMI_TYPE_FAULT,
            ],
            id="choices",
        ),
        pytest.param(
            NODE_GROUP,
            {**NODES, "scalingConfig": {"minSize": -1, "maxSize": 0, "desiredSize": 1}},
            [
                "scalingConfig.minSize: found -1; allowed: at least 0",
                "scalingConfig.maxSize: found 0; allowed: at least 1",
            ],
            id="ranges",
        ),
        pytest.param(
            NODE_GROUP,
            {**NODES, "taints": [{"key": "k", "effect": "NEVER"}], "labels": {"k": "v" * 64}},
            [
                'taints[0].effect: found "NEVER"; allowed: NO_SCHEDULE, NO_EXECUTE, PREFER_NO_SCHEDULE',
                f'labels.k: found "{"v" * 64}" (64 characters); allowed: 1 to 63 characters',
            ],
            id="lists-and-maps",
        ),
        pytest.param(
            ROLE,
            {"name": "a b", "assumeRolePolicy": "{}", "maxSessionDuration": 60},
            [
                'name: found "a b"; allowed: text that matches [\\w+=,.@-]+',
                "maxSessionDuration: found 60; allowed: 3600 to 43200",
            ],
            id="patterns",
        ),
        pytest.param(
            TEMPLATE,
            {"blockDeviceMappings": [{"ebs": {"volumeType": "gp9"}}], "name": "it"},
            ['blockDeviceMappings[0].ebs.volumeType: found "gp9"; allowed: standard, io1, io2, gp2, sc1, st1, gp3'],
            id="template-data",
        ),
        pytest.param(
            TEMPLATE,
            {"metadataOptions": {"httpTokens": "always"}, "name": "it"},
            ['metadataOptions.httpTokens: found "always"; allowed: optional, required'],
            id="one-for-a-list",
        ),
        pytest.param(
            CLUSTER,
            {
                "roleArn": "arn",
                "vpcConfig": {"subnetIds": []},
                "encryptionConfig": {"provider": {"keyArn": "arn"}, "resources": ["secrets", "pods"]},
                "name": "",
            },
            ['name: found "" (0 characters); allowed: 1 to 100 characters'],
            id="list-for-one",
        ),
        pytest.param(
            "aws:cloudwatch/logGroup:LogGroup",
            {"tags": {"Größe": "1"}, "name": "a b"},
            ['name: found "a b"; allowed: text that matches [\\.\\-_/#A-Za-z0-9]+'],
            id="letters",
        ),
        pytest.param(
            "aws:cloudwatch/logGroup:LogGroup",
            {"retentionInDays": 8},
            [RETENTION_FAULT],
            id="numbers",
        ),
        pytest.param(
            "aws:kms/key:Key",
            {"deletionWindowInDays": 31, "rotationPeriodInDays": 90},
            ["deletionWindowInDays: found 31; allowed: 7 to 30"],
            id="number-range",
        ),
        pytest.param(
            "aws:ec2/routeTable:RouteTable",
            {"vpcId": "vpc-1", "routes": []},
            ["routes: found a property that a rehearsal doesn't support; allowed: leaving it out"],
            id="unserved",
        ),
        pytest.param(
            VPC,
            {"tags": {"aws:Name": "it", "Long": "v" * 257}},
            [
                TAG_FAULT,
                "tags.Long: found 257 characters; allowed: at most 256 characters",
            ],
            id="tags",
        ),
        pytest.param(VPC, {"cidrBlock": {}, "tags": True}, TYPE_FAULTS, id="no-map"),
        pytest.param("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcId": "v", "policy": "{}"}, [], id="document"),
    ],
)
def test_fault_names_what_stands_where_and_what_may(
    offline: Driver, kind: str, inputs: Values, faults: list[str]
) -> None:
    found = offline.check(kind, inputs)

    # How many there are in all depends on the version of botocore.
    assert sorted(fault.partition("…")[0] for fault in found) == sorted(fault.partition("…")[0] for fault in faults)


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        pytest.param(VPC, {"cidrBlock": UNKNOWN, "enableDnsSupport": UNKNOWN, "tags": {"Name": UNKNOWN}}, id="unknown"),
        pytest.param(NODE_GROUP, {**NODES, "subnetIds": [UNKNOWN], "scalingConfig": UNKNOWN}, id="nested-unknown"),
        pytest.param(
            NODE_GROUP, {**NODES, "diskSize": "50", "version": 1, "forceUpdateVersion": "true"}, id="converts"
        ),
        pytest.param(
            TEMPLATE, {"blockDeviceMappings": [{"ebs": {"encrypted": True, "iops": 3000}}]}, id="truth-as-text"
        ),
        pytest.param(ROLE, {"assumeRolePolicy": {"Version": "2012-10-17"}}, id="document-as-object"),
        pytest.param(NODE_GROUP, {**NODES, "warmPoolConfig": {"minSize": 0}}, id="nothing"),
        pytest.param(TEMPLATE, {"instanceRequirements": {"memoryMib": {"min": 1}, "vcpuCount": {"min": 1}}}, id="deep"),
        pytest.param(
            TEMPLATE,
            {
                "instanceRequirements": {
                    "memoryMib": {"min": 1},
                    "vcpuCount": {"min": 1},
                    "memoryGibPerVcpu": {"min": 0.5},
                }
            },
            id="fraction",
        ),
    ],
)
def test_acceptable_inputs_pass(offline: Driver, kind: str, inputs: Values) -> None:
    assert offline.check(kind, inputs) == []


def test_secret_is_not_printed(offline: Driver) -> None:
    inputs = {"name": "top secret", "assumeRolePolicy": "{}"}

    assert offline.check(ROLE, inputs, ("name",)) == ["name: found a secret; allowed: text that matches [\\w+=,.@-]+"]


def test_configuration_of_the_published_provider_is_refused_where_it_would_be_ignored(offline: Driver) -> None:
    assert offline.check_config({"region": "us-east-2", "skipRegionValidation": "true"}) == []
    assert [fault.partition(":")[0] for fault in offline.check_config({"accessKey": "AKIA"})] == ["accessKey"]
