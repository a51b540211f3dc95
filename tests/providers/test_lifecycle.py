"""Every resource type: made, read, imported, changed, replaced, removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.aws.registry import RESOURCE_TYPES

if TYPE_CHECKING:
    from conftest import Driver, Landscape, Values

Inputs = Callable[["Landscape"], "Values"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One resource and what becomes of it."""

    kind: str
    inputs: Inputs
    changed: Inputs = field(default=lambda _: {})
    """Inputs that differ after a change in place."""
    changes: dict[str, str] = field(default_factory=dict[str, str])
    """The differences that they make."""
    calls: list[str] = field(default_factory=list[str])
    """The API calls that they take."""
    replaced: Inputs
    """Inputs that differ after a change that takes a new resource."""
    replaces: dict[str, str]
    """The differences that they make."""
    first: bool = False
    """Whether the old one has to go first."""
    unread: frozenset[str] = frozenset()
    """Inputs that an import can't find out."""
    imported: Callable[[Values], str] = field(default=lambda state: state["id"])
    """What names it to an import."""

    def __str__(self) -> str:
        return self.kind.rpartition(":")[2]


TAGS = {"Name": "it", "kubernetes.io/role/elb": "1"}
RETAGGED = {"tags": {"Name": "that", "Owner": "me"}}
TAG_CHANGES = {"tags.Name": "UPDATE", 'tags["kubernetes.io/role/elb"]': "DELETE", "tags.Owner": "ADD"}
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
WIDER = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def _tls_only(action: str) -> Values:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": "arn:aws:s3:::land/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


CASES = [
    Case(
        kind="aws:ec2/vpc:Vpc",
        inputs=lambda _: {"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": True, "tags": TAGS},
        changed=lambda _: {"enableDnsHostnames": False, "enableDnsSupport": False, **RETAGGED},
        changes={"enableDnsHostnames": "UPDATE", "enableDnsSupport": "UPDATE", **TAG_CHANGES},
        calls=["ModifyVpcAttribute", "ModifyVpcAttribute", "DeleteTags", "CreateTags"],
        replaced=lambda _: {"cidrBlock": "10.2.0.0/16"},
        replaces={"cidrBlock": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:ec2/subnet:Subnet",
        inputs=lambda it: {
            "vpcId": it.vpc,
            "cidrBlock": "10.0.100.0/24",
            "availabilityZone": f"{it.region}a",
            "mapPublicIpOnLaunch": True,
            "tags": TAGS,
        },
        changed=lambda _: {"mapPublicIpOnLaunch": False, **RETAGGED},
        changes={"mapPublicIpOnLaunch": "UPDATE", **TAG_CHANGES},
        calls=["ModifySubnetAttribute", "DeleteTags", "CreateTags"],
        replaced=lambda it: {"availabilityZone": f"{it.region}b"},
        replaces={"availabilityZone": "UPDATE_REPLACE"},
        first=True,
    ),
    Case(
        kind="aws:ec2/internetGateway:InternetGateway",
        inputs=lambda _: {"tags": TAGS},
        changed=lambda _: RETAGGED,
        changes=TAG_CHANGES,
        calls=["DeleteTags", "CreateTags"],
        replaced=lambda _: {"region": "eu-west-1"},
        replaces={"region": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:ec2/eip:Eip",
        inputs=lambda _: {"domain": "vpc", "tags": TAGS},
        changed=lambda _: RETAGGED,
        changes=TAG_CHANGES,
        calls=["DeleteTags", "CreateTags"],
        replaced=lambda _: {"domain": "standard"},
        replaces={"domain": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:ec2/natGateway:NatGateway",
        inputs=lambda it: {"allocationId": it.address, "subnetId": it.subnets[0], "tags": TAGS},
        changed=lambda _: RETAGGED,
        changes=TAG_CHANGES,
        calls=["DeleteTags", "CreateTags"],
        replaced=lambda it: {"subnetId": it.subnets[1]},
        replaces={"subnetId": "UPDATE_REPLACE"},
        first=True,
    ),
    Case(
        kind="aws:ec2/routeTable:RouteTable",
        inputs=lambda it: {"vpcId": it.vpc, "tags": TAGS},
        changed=lambda _: RETAGGED,
        changes=TAG_CHANGES,
        calls=["DeleteTags", "CreateTags"],
        replaced=lambda _: {"vpcId": "vpc-other"},
        replaces={"vpcId": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:ec2/route:Route",
        inputs=lambda it: {"routeTableId": it.table, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": it.gateway},
        replaced=lambda _: {"destinationCidrBlock": "192.168.0.0/16"},
        replaces={"destinationCidrBlock": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:ec2/routeTableAssociation:RouteTableAssociation",
        inputs=lambda it: {"routeTableId": it.table, "subnetId": it.subnets[0]},
        replaced=lambda it: {"subnetId": it.subnets[1]},
        replaces={"subnetId": "UPDATE_REPLACE"},
        imported=lambda state: f"{state['subnetId']}/{state['routeTableId']}",
    ),
    Case(
        kind="aws:ec2/securityGroup:SecurityGroup",
        inputs=lambda it: {
            "name": "it",
            "description": "It",
            "vpcId": it.vpc,
            "ingress": [
                {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"], "description": "in"},
                {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True},
            ],
            "tags": TAGS,
        },
        changed=lambda _: {
            "ingress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}],
            "egress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}],
            **RETAGGED,
        },
        changes={"ingress": "UPDATE", "egress": "ADD", **TAG_CHANGES},
        calls=["RevokeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "DeleteTags", "CreateTags"],
        replaced=lambda _: {"description": "Else"},
        replaces={"description": "UPDATE_REPLACE"},
        first=True,
    ),
    *(
        Case(
            kind=f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule",
            inputs=lambda it: {
                "securityGroupId": it.group,
                "ipProtocol": "tcp",
                "fromPort": 80,
                "toPort": 81,
                "cidrIpv4": "10.0.0.0/8",
                "tags": TAGS,
            },
            changed=lambda _: {"toPort": 82, "description": "Web", **RETAGGED},
            changes={"toPort": "UPDATE", "description": "ADD", **TAG_CHANGES},
            calls=["ModifySecurityGroupRules", "DeleteTags", "CreateTags"],
            replaced=lambda _: {"securityGroupId": "sg-other"},
            replaces={"securityGroupId": "UPDATE_REPLACE"},
        )
        for direction in ("Ingress", "Egress")
    ),
    Case(
        kind="aws:ec2/vpcEndpoint:VpcEndpoint",
        inputs=lambda it: {
            "vpcId": it.vpc,
            "serviceName": f"com.amazonaws.{it.region}.s3",
            "routeTableIds": [it.table],
            "tags": TAGS,
        },
        changed=lambda _: {"routeTableIds": [], **RETAGGED},
        changes={"routeTableIds": "DELETE", **TAG_CHANGES},
        calls=["ModifyVpcEndpoint", "DeleteTags", "CreateTags"],
        replaced=lambda _: {"vpcEndpointType": "Interface"},
        replaces={"vpcEndpointType": "UPDATE_REPLACE"},
        first=True,
    ),
    Case(
        kind="aws:ec2/flowLog:FlowLog",
        inputs=lambda it: {
            "vpcId": it.vpc,
            "trafficType": "ALL",
            "logDestination": it.log_group,
            "iamRoleArn": it.flow_role,
            "maxAggregationInterval": 60,
            "tags": TAGS,
        },
        changed=lambda _: RETAGGED,
        changes=TAG_CHANGES,
        calls=["DeleteTags", "CreateTags"],
        replaced=lambda _: {"trafficType": "REJECT", "maxAggregationInterval": 600},
        replaces={"trafficType": "UPDATE_REPLACE", "maxAggregationInterval": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:ec2/launchTemplate:LaunchTemplate",
        inputs=lambda it: {
            "name": "it",
            "updateDefaultVersion": True,
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
            "monitoring": {"enabled": True},
            "blockDeviceMappings": [
                {
                    "deviceName": "/dev/xvda",
                    "ebs": {"encrypted": "true", "kmsKeyId": it.key, "volumeSize": 50, "volumeType": "gp3"},
                }
            ],
            "tagSpecifications": [
                {"resourceType": "volume", "tags": {"Name": "it"}},
                {"resourceType": "instance", "tags": {"Name": "it"}},
            ],
            "vpcSecurityGroupIds": [it.group],
            "tags": TAGS,
        },
        changed=lambda it: {
            "blockDeviceMappings": [
                {
                    "deviceName": "/dev/xvda",
                    "ebs": {"encrypted": "true", "kmsKeyId": it.key, "volumeSize": 80, "volumeType": "gp3"},
                }
            ],
            "monitoring": {"enabled": False},
            **RETAGGED,
        },
        changes={"blockDeviceMappings[0].ebs.volumeSize": "UPDATE", "monitoring.enabled": "UPDATE", **TAG_CHANGES},
        calls=["CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "DeleteTags", "CreateTags"],
        replaced=lambda _: {"name": "that"},
        replaces={"name": "UPDATE_REPLACE"},
        unread=frozenset({"updateDefaultVersion"}),
    ),
    Case(
        kind="aws:iam/role:Role",
        inputs=lambda it: {"name": "it", "assumeRolePolicy": it.trust("ec2"), "description": "It", "tags": TAGS},
        changed=lambda it: {
            "assumeRolePolicy": it.trust("eks"),
            "maxSessionDuration": 7200,
            "managedPolicyArns": ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
            "inlinePolicies": [{"name": "read", "policy": json.dumps(POLICY)}],
            "permissionsBoundary": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
            **RETAGGED,
        },
        changes={
            "assumeRolePolicy": "UPDATE",
            "maxSessionDuration": "UPDATE",
            "managedPolicyArns": "ADD",
            "inlinePolicies": "ADD",
            "permissionsBoundary": "ADD",
            **TAG_CHANGES,
        },
        calls=[
            "UpdateAssumeRolePolicy",
            "UpdateRole",
            "PutRolePermissionsBoundary",
            "AttachRolePolicy",
            "PutRolePolicy",
            "UntagRole",
            "TagRole",
        ],
        replaced=lambda _: {"path": "/team/"},
        replaces={"path": "UPDATE_REPLACE"},
        first=True,
    ),
    Case(
        kind="aws:iam/rolePolicy:RolePolicy",
        inputs=lambda it: {"name": "it", "role": it.node_role.rpartition("/")[2], "policy": json.dumps(POLICY)},
        changed=lambda _: {"policy": json.dumps(WIDER)},
        changes={"policy": "UPDATE"},
        calls=["PutRolePolicy"],
        replaced=lambda _: {"name": "that"},
        replaces={"name": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs=lambda it: {
            "role": it.pod_role.rpartition("/")[2],
            "policyArn": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        },
        replaced=lambda _: {"policyArn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"},
        replaces={"policyArn": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:iam/policy:Policy",
        inputs=lambda _: {"name": "it", "policy": json.dumps(POLICY), "tags": TAGS},
        changed=lambda _: {"policy": json.dumps(WIDER), **RETAGGED},
        changes={"policy": "UPDATE", **TAG_CHANGES},
        calls=["CreatePolicyVersion", "UntagPolicy", "TagPolicy"],
        replaced=lambda _: {"description": "Else"},
        replaces={"description": "ADD_REPLACE"},
        first=True,
    ),
    Case(
        kind="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        inputs=lambda _: {
            "url": "https://issuer.example.com/id",
            "clientIdLists": ["sts.amazonaws.com", "old"],
            "thumbprintLists": ["a" * 40],
            "tags": TAGS,
        },
        changed=lambda _: {"clientIdLists": ["new", "sts.amazonaws.com"], "thumbprintLists": ["b" * 40], **RETAGGED},
        changes={"clientIdLists": "UPDATE", "thumbprintLists[0]": "UPDATE", **TAG_CHANGES},
        calls=[
            "AddClientIDToOpenIDConnectProvider",
            "RemoveClientIDFromOpenIDConnectProvider",
            "UpdateOpenIDConnectProviderThumbprint",
            "UntagOpenIDConnectProvider",
            "TagOpenIDConnectProvider",
        ],
        replaced=lambda _: {"url": "https://issuer.example.com/other"},
        replaces={"url": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:kms/key:Key",
        inputs=lambda _: {
            "description": "It",
            "enableKeyRotation": True,
            "rotationPeriodInDays": 180,
            "deletionWindowInDays": 7,
            "tags": TAGS,
        },
        changed=lambda it: {
            "description": "That",
            "policy": it.key_policy(),
            "enableKeyRotation": False,
            "deletionWindowInDays": 8,
            **RETAGGED,
        },
        changes={
            "description": "UPDATE",
            "policy": "UPDATE",
            "enableKeyRotation": "UPDATE",
            "deletionWindowInDays": "UPDATE",
            **TAG_CHANGES,
        },
        calls=["UpdateKeyDescription", "PutKeyPolicy", "DisableKeyRotation", "UntagResource", "TagResource"],
        replaced=lambda _: {"keyUsage": "SIGN_VERIFY"},
        replaces={"keyUsage": "UPDATE_REPLACE"},
        unread=frozenset({"deletionWindowInDays"}),
    ),
    Case(
        kind="aws:kms/alias:Alias",
        inputs=lambda it: {"name": "alias/it", "targetKeyId": it.key},
        changed=lambda it: {"targetKeyId": it.other_key},
        changes={"targetKeyId": "UPDATE"},
        calls=["UpdateAlias"],
        replaced=lambda _: {"name": "alias/that"},
        replaces={"name": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:cloudwatch/logGroup:LogGroup",
        inputs=lambda it: {"name": "/it", "retentionInDays": 7, "kmsKeyId": it.key, "tags": TAGS},
        changed=lambda it: {"retentionInDays": 14, "kmsKeyId": it.other_key, **RETAGGED},
        changes={"retentionInDays": "UPDATE", "kmsKeyId": "UPDATE", **TAG_CHANGES},
        calls=["PutRetentionPolicy", "AssociateKmsKey", "UntagResource", "TagResource"],
        replaced=lambda _: {"logGroupClass": "INFREQUENT_ACCESS"},
        replaces={"logGroupClass": "UPDATE_REPLACE"},
        first=True,
    ),
    Case(
        kind="aws:eks/cluster:Cluster",
        inputs=lambda it: {
            "name": "it",
            "version": "1.34",
            "roleArn": it.cluster_role,
            "vpcConfig": {
                "subnetIds": [it.subnets[1], it.subnets[0]],
                "endpointPrivateAccess": True,
                "publicAccessCidrs": ["203.0.113.0/24"],
            },
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
            "bootstrapSelfManagedAddons": False,
            "enabledClusterLogTypes": ["audit", "api"],
            "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"},
            "upgradePolicy": {"supportType": "STANDARD"},
            "tags": TAGS,
        },
        changed=lambda it: {
            "version": "1.35",
            "vpcConfig": {
                "subnetIds": [it.subnets[0], it.subnets[1]],
                "endpointPrivateAccess": True,
                "endpointPublicAccess": False,
                "publicAccessCidrs": ["203.0.113.0/24"],
            },
            "deletionProtection": False,
            "enabledClusterLogTypes": ["audit"],
            "encryptionConfig": {"provider": {"keyArn": it.key}, "resources": ["secrets"]},
            "upgradePolicy": {"supportType": "EXTENDED"},
            "zonalShiftConfig": {"enabled": True},
            **RETAGGED,
        },
        changes={
            "version": "UPDATE",
            "vpcConfig.endpointPublicAccess": "UPDATE",
            "enabledClusterLogTypes": "UPDATE",
            "encryptionConfig.provider.keyArn": "ADD",
            "encryptionConfig.resources": "ADD",
            "upgradePolicy.supportType": "UPDATE",
            "zonalShiftConfig.enabled": "UPDATE",
            **TAG_CHANGES,
        },
        calls=[
            "UpdateClusterConfig",
            "UpdateClusterConfig",
            "AssociateEncryptionConfig",
            "UpdateClusterVersion",
            "UpdateClusterConfig",
            "UpdateClusterConfig",
            "UntagResource",
            "TagResource",
        ],
        replaced=lambda it: {"roleArn": it.node_role},
        replaces={"roleArn": "UPDATE_REPLACE"},
        first=True,
        unread=frozenset({"accessConfig", "bootstrapSelfManagedAddons"}),
    ),
    Case(
        kind="aws:eks/nodeGroup:NodeGroup",
        inputs=lambda it: {
            "clusterName": it.cluster,
            "nodeGroupName": "it",
            "nodeRoleArn": it.node_role,
            "subnetIds": [it.subnets[2], it.subnets[1]],
            "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 2},
            "instanceTypes": ["m5.large", "m5a.large"],
            "capacityType": "SPOT",
            "labels": {"pool": "it", "old": "1"},
            "taints": [{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}],
            "launchTemplate": {"id": it.template, "version": "1"},
            "updateConfig": {"maxUnavailablePercentage": 33},
            "tags": TAGS,
        },
        changed=lambda _: {
            "scalingConfig": {"minSize": 1, "maxSize": 5, "desiredSize": 3},
            "labels": {"pool": "that"},
            "taints": [{"key": "batch", "effect": "NO_EXECUTE"}],
            **RETAGGED,
        },
        changes={
            "scalingConfig.maxSize": "UPDATE",
            "scalingConfig.desiredSize": "UPDATE",
            "labels.pool": "UPDATE",
            "labels.old": "DELETE",
            "taints": "UPDATE",
            **TAG_CHANGES,
        },
        calls=["UpdateNodegroupConfig", "UntagResource", "TagResource"],
        replaced=lambda _: {"instanceTypes": ["m5a.large", "m5.large"]},
        replaces={"instanceTypes[0]": "UPDATE_REPLACE", "instanceTypes[1]": "UPDATE_REPLACE"},
        first=True,
    ),
    Case(
        kind="aws:eks/addon:Addon",
        inputs=lambda it: {
            "clusterName": it.cluster,
            "addonName": "kube-proxy",
            "resolveConflictsOnCreate": "OVERWRITE",
            "configurationValues": json.dumps({"resources": {"requests": {"cpu": "100m"}}}),
            "tags": TAGS,
        },
        changed=lambda _: {
            "configurationValues": json.dumps({"resources": {"requests": {"cpu": "200m"}}}),
            "resolveConflictsOnUpdate": "PRESERVE",
            **RETAGGED,
        },
        changes={"configurationValues": "UPDATE", "resolveConflictsOnUpdate": "ADD", **TAG_CHANGES},
        calls=["UpdateAddon", "UntagResource", "TagResource"],
        replaced=lambda _: {"addonName": "coredns"},
        replaces={"addonName": "UPDATE_REPLACE"},
        unread=frozenset({"resolveConflictsOnCreate"}),
    ),
    Case(
        kind="aws:eks/accessEntry:AccessEntry",
        inputs=lambda it: {
            "clusterName": it.cluster,
            "principalArn": it.pod_role,
            "kubernetesGroups": ["viewers", "readers"],
            "tags": TAGS,
        },
        changed=lambda _: {"kubernetesGroups": ["readers"], "userName": "someone", **RETAGGED},
        changes={"kubernetesGroups": "UPDATE", "userName": "UPDATE", **TAG_CHANGES},
        calls=["UpdateAccessEntry", "UntagResource", "TagResource"],
        replaced=lambda _: {"type": "EC2_LINUX"},
        replaces={"type": "UPDATE_REPLACE"},
        first=True,
    ),
    Case(
        kind="aws:eks/podIdentityAssociation:PodIdentityAssociation",
        inputs=lambda it: {
            "clusterName": it.cluster,
            "namespace": "it",
            "serviceAccount": "it",
            "roleArn": it.pod_role,
            "tags": TAGS,
        },
        changed=lambda _: {"disableSessionTags": True, **RETAGGED},
        changes={"disableSessionTags": "UPDATE", **TAG_CHANGES},
        calls=["UpdatePodIdentityAssociation", "UntagResource", "TagResource"],
        replaced=lambda _: {"namespace": "that"},
        replaces={"namespace": "UPDATE_REPLACE"},
        imported=lambda state: f"{state['clusterName']},{state['id']}",
    ),
    Case(
        kind="aws:s3/bucket:Bucket",
        inputs=lambda _: {"bucket": "its-bucket", "forceDestroy": True, "tags": TAGS},
        changed=lambda _: RETAGGED,
        changes=TAG_CHANGES,
        calls=["PutBucketTagging", "PutBucketTagging"],
        replaced=lambda _: {"bucket": "that-bucket"},
        replaces={"bucket": "UPDATE_REPLACE"},
        unread=frozenset({"forceDestroy"}),
    ),
    Case(
        kind="aws:s3/bucketPolicy:BucketPolicy",
        inputs=lambda it: {"bucket": it.bucket, "policy": json.dumps(_tls_only("s3:GetObject"))},
        changed=lambda _: {"policy": json.dumps(_tls_only("s3:*"))},
        changes={"policy": "UPDATE"},
        calls=["PutBucketPolicy"],
        replaced=lambda _: {"bucket": "that"},
        replaces={"bucket": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        inputs=lambda it: {"bucket": it.bucket, "blockPublicAcls": True, "ignorePublicAcls": True},
        changed=lambda _: {"blockPublicPolicy": True, "ignorePublicAcls": False},
        changes={"blockPublicPolicy": "ADD", "ignorePublicAcls": "UPDATE"},
        calls=["PutBucketPublicAccessBlock"],
        replaced=lambda _: {"bucket": "that"},
        replaces={"bucket": "UPDATE_REPLACE"},
    ),
    Case(
        kind="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        inputs=lambda it: {"bucket": it.bucket, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        changed=lambda _: {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
        changes={"rule.objectOwnership": "UPDATE"},
        calls=["PutBucketOwnershipControls"],
        replaced=lambda _: {"bucket": "that"},
        replaces={"bucket": "UPDATE_REPLACE"},
    ),
]

OWN_TESTS = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
}
"""Types that other tests lead through their life."""


def test_every_type_is_tested() -> None:
    assert {case.kind for case in CASES} | OWN_TESTS == set(RESOURCE_TYPES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_resource_is_made_read_changed_and_removed(
    case: Case, driver: Driver, landscape: Landscape, calls: Callable[[], list[str]]
) -> None:
    inputs = case.inputs(landscape)
    state = driver.create(case.kind, inputs)

    assert driver.read(case.kind, state["id"], state, inputs) == (state, inputs)
    assert driver.changes(case.kind, state, inputs) == {}
    assert driver.update(case.kind, state, inputs) == state
    _expect_import(case, driver, state, inputs)

    answer = driver.diff(case.kind, state, {**inputs, **case.replaced(landscape)})
    assert {path: change.kind.name for path, change in answer.detailed_diff.items()} == case.replaces
    assert answer.delete_before_replace is case.first
    assert set(answer.replaces) == set(answer.diffs)

    calls()
    changed = {**inputs, **case.changed(landscape)}
    assert driver.changes(case.kind, state, changed) == case.changes
    after = driver.update(case.kind, state, changed)
    assert calls() == case.calls
    assert driver.changes(case.kind, after, changed) == {}
    assert driver.read(case.kind, after["id"], after, changed) == (after, changed)

    driver.delete(case.kind, after)
    assert driver.read(case.kind, after["id"], after, changed) is None
    driver.delete(case.kind, after)


def _expect_import(case: Case, driver: Driver, state: Values, inputs: Values) -> None:
    found = driver.read(case.kind, case.imported(state), {}, {})
    assert found is not None
    assert found[0]["id"] == state["id"]
    assert {path.partition(".")[0] for path in driver.changes(case.kind, found[0], inputs)} <= case.unread
    assert driver.changes(case.kind, found[0], found[1]) == {}
    assert not driver.check(case.kind, found[1])


def test_default_security_group_is_adopted_and_left(driver: Driver) -> None:
    kind = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    vpc = driver.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.3.0.0/16"})
    inputs: dict[str, Any] = {"vpcId": vpc["id"], "tags": TAGS}

    state = driver.create(kind, inputs)
    assert state["id"] == vpc["defaultSecurityGroupId"]
    assert (state["ingress"], state["egress"], state["name"]) == ([], [], "default")

    opened = {**inputs, "egress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["0.0.0.0/0"]}]}
    assert driver.changes(kind, state, opened) == {"egress": "ADD"}
    after = driver.update(kind, state, opened)
    assert driver.read(kind, after["id"], after, opened) == (after, opened)

    driver.delete(kind, after)
    assert driver.read(kind, after["id"], after, opened) is not None
    driver.delete("aws:ec2/vpc:Vpc", vpc)
    assert driver.read(kind, after["id"], after, opened) is None


def test_access_policy_is_associated_with_an_entry(driver: Driver, landscape: Landscape) -> None:
    entry = "aws:eks/accessEntry:AccessEntry"
    names = {"clusterName": landscape.cluster, "principalArn": landscape.flow_role}
    made = driver.create(entry, names)
    kind = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    inputs: dict[str, Any] = {
        **names,
        "policyArn": policy,
        "accessScope": {"type": "namespace", "namespaces": ["b", "a"]},
    }

    state = driver.create(kind, inputs)
    assert driver.read(kind, state["id"], {}, {}) == (state, inputs)
    wider = driver.diff(kind, state, {**inputs, "accessScope": {"type": "cluster"}})
    assert (wider.replaces, wider.delete_before_replace) == (["accessScope"], True)

    driver.delete(kind, state)
    assert driver.read(kind, state["id"], state, inputs) is None
    driver.delete(entry, made)
