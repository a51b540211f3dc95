"""The API calls of changes that an emulated account doesn't know, or that are rare."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.aws import lifecycle
from seatrial.rehearsal.providers.aws.clients import Clients
from seatrial.rehearsal.providers.aws.cloud import Answer, Cloud
from seatrial.rehearsal.providers.aws.functions import FUNCTIONS
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.aws.registry import RESOURCE_TYPES
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.refusals import InitFailed, NotReady, ProviderFault, Rejected

if TYPE_CHECKING:
    from conftest import Values

Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted(Cloud):
    """An account that answers what a test says, and notes what it was asked."""

    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    asked: list[Call] = field(default_factory=list[Call])

    def call(self, service: str, operation: str, **parameters: Any) -> Answer:  # noqa: ARG002 (as in Cloud)
        self.asked.append((operation, parameters))
        answer = self.answers.get(operation, {})
        if isinstance(answer, Refusal):
            raise answer
        return answer

    @property
    def account(self) -> str:
        return "123456789012"

    def changes(self) -> list[Call]:
        return [(name, wanted) for name, wanted in self.asked if not name.startswith(("Describe", "Get", "List"))]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATRIAL_SETTLE_SECONDS", "0")


def scripted(answers: Mapping[str, Any], region: str = "us-east-1") -> Scripted:
    return Scripted(clients=Clients(region), region=region, answers=answers)


def changed(kind: str, state: Values, inputs: Values, answers: Mapping[str, Any]) -> list[Call]:
    """The calls of an update, whether or not its result can be read."""
    cloud = scripted(answers)
    full: Values = {"id": "c:n_it", "keyId": "c:n_it", "arn": "arn", "tagsAll": {}, **state}
    with contextlib.suppress(InitFailed, KeyError, Refusal, NotReady):
        lifecycle.update(RESOURCE_TYPES[kind], cloud, full["id"], full, inputs)
    return cloud.changes()


DONE = {"DescribeUpdate": {"update": {"status": "Successful"}}}
STARTED = {"update": {"id": "u"}}
NAT = "aws:ec2/natGateway:NatGateway"
ADDRESS = "aws:ec2/eip:Eip"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
ADDON = "aws:eks/addon:Addon"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
KEY = "aws:kms/key:Key"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


@pytest.mark.parametrize(
    ("kind", "state", "inputs", "answers", "calls"),
    [
        pytest.param(
            NAT,
            {"secondaryAllocationIds": ["a", "b"]},
            {"secondaryAllocationIds": ["b", "c"]},
            {
                "DescribeNatGateways": {
                    "NatGateways": [
                        {"State": "available", "NatGatewayAddresses": [{"AllocationId": "a", "AssociationId": "x"}]}
                    ]
                }
            },
            [
                ("AssociateNatGatewayAddress", {"NatGatewayId": "c:n_it", "AllocationIds": ["c"]}),
                ("DisassociateNatGatewayAddress", {"NatGatewayId": "c:n_it", "AssociationIds": ["x"]}),
            ],
            id="nat-addresses",
        ),
        pytest.param(
            NAT,
            {"secondaryAllocationIds": ["a"]},
            {"secondaryAllocationIds": []},
            {
                "DescribeNatGateways": {
                    "NatGateways": [
                        {"State": "available", "NatGatewayAddresses": [{"AllocationId": "a", "AssociationId": "x"}]}
                    ]
                }
            },
            [("DisassociateNatGatewayAddress", {"NatGatewayId": "c:n_it", "AssociationIds": ["x"]})],
            id="nat-address-removed",
        ),
        pytest.param(
            NAT,
            {"secondaryAllocationIds": []},
            {"secondaryAllocationIds": ["a"]},
            {},
            [("AssociateNatGatewayAddress", {"NatGatewayId": "c:n_it", "AllocationIds": ["a"]})],
            id="nat-address-added",
        ),
        pytest.param(
            "aws:ec2/internetGateway:InternetGateway",
            {"vpcId": "vpc-1"},
            {"vpcId": "vpc-2"},
            {},
            [
                ("DetachInternetGateway", {"InternetGatewayId": "c:n_it", "VpcId": "vpc-1"}),
                ("AttachInternetGateway", {"InternetGatewayId": "c:n_it", "VpcId": "vpc-2"}),
            ],
            id="gateway-moved",
        ),
        pytest.param(
            ADDRESS,
            {"associationId": "x", "instance": "i-1"},
            {"networkInterface": "eni-1", "associateWithPrivateIp": "10.0.0.1"},
            {},
            [
                ("DisassociateAddress", {"AssociationId": "x"}),
                (
                    "AssociateAddress",
                    {"AllocationId": "c:n_it", "NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.1"},
                ),
            ],
            id="address-moved",
        ),
        pytest.param(
            ENDPOINT,
            {"policy": "{}", "privateDnsEnabled": False, "securityGroupIds": ["a"], "vpcId": "v", "serviceName": "s"},
            {
                "vpcId": "v",
                "serviceName": "s",
                "policy": '{"Statement": []}',
                "privateDnsEnabled": True,
                "dnsOptions": {"dnsRecordIpType": "ipv4"},
                "securityGroupIds": ["b"],
                "autoAccept": True,
            },
            {},
            [
                (
                    "ModifyVpcEndpoint",
                    {"VpcEndpointId": "c:n_it", "AddSecurityGroupIds": ["b"], "RemoveSecurityGroupIds": ["a"]},
                ),
                (
                    "ModifyVpcEndpoint",
                    {"VpcEndpointId": "c:n_it", "DnsOptions": {"DnsRecordIpType": "ipv4"}, "PrivateDnsEnabled": True},
                ),
                ("AcceptVpcEndpointConnections", {"ServiceId": "s", "VpcEndpointIds": ["c:n_it"]}),
            ],
            id="endpoint",
        ),
        pytest.param(
            ENDPOINT,
            {"policy": '{"Version": "1"}', "autoAccept": True, "vpcId": "v"},
            {"vpcId": "v", "policy": "{}"},
            {},
            [("ModifyVpcEndpoint", {"VpcEndpointId": "c:n_it", "PolicyDocument": "{}"})],
            id="endpoint-policy",
        ),
        pytest.param(
            VPC,
            {"instanceTenancy": "dedicated", "assignGeneratedIpv6CidrBlock": True, "ipv6AssociationId": "x"},
            {},
            {},
            [
                ("DisassociateVpcCidrBlock", {"AssociationId": "x"}),
                ("ModifyVpcTenancy", {"VpcId": "c:n_it", "InstanceTenancy": "default"}),
            ],
            id="vpc-gives-up",
        ),
        pytest.param(
            VPC,
            {},
            {"assignGeneratedIpv6CidrBlock": True},
            {},
            [("AssociateVpcCidrBlock", {"VpcId": "c:n_it", "AmazonProvidedIpv6CidrBlock": True})],
            id="vpc-ipv6",
        ),
        pytest.param(
            SUBNET,
            {"ipv6CidrBlock": "a::/64", "ipv6CidrBlockAssociationId": "x", "enableDns64": True, "vpcId": "v"},
            {"vpcId": "v", "ipv6CidrBlock": "b::/64", "privateDnsHostnameTypeOnLaunch": "resource-name"},
            {},
            [
                ("DisassociateSubnetCidrBlock", {"AssociationId": "x"}),
                ("AssociateSubnetCidrBlock", {"SubnetId": "c:n_it", "Ipv6CidrBlock": "b::/64"}),
                ("ModifySubnetAttribute", {"SubnetId": "c:n_it", "EnableDns64": {"Value": False}}),
                ("ModifySubnetAttribute", {"SubnetId": "c:n_it", "PrivateDnsHostnameTypeOnLaunch": "resource-name"}),
            ],
            id="subnet",
        ),
        pytest.param(
            SUBNET,
            {"ipv6CidrBlock": "a::/64", "ipv6CidrBlockAssociationId": "x", "vpcId": "v"},
            {"vpcId": "v"},
            {},
            [("DisassociateSubnetCidrBlock", {"AssociationId": "x"})],
            id="subnet-without-ipv6",
        ),
        pytest.param(
            SUBNET,
            {"vpcId": "v"},
            {"vpcId": "v", "ipv6CidrBlock": "b::/64"},
            {},
            [("AssociateSubnetCidrBlock", {"SubnetId": "c:n_it", "Ipv6CidrBlock": "b::/64"})],
            id="subnet-with-ipv6",
        ),
        pytest.param(
            TEMPLATE,
            {"defaultVersion": 1, "name": "t"},
            {"defaultVersion": 2},
            {},
            [("ModifyLaunchTemplate", {"LaunchTemplateId": "c:n_it", "DefaultVersion": "2"})],
            id="template-default",
        ),
        pytest.param(
            TEMPLATE,
            {"updateDefaultVersion": True, "imageId": "ami-1"},
            {"imageId": "ami-2"},
            {},
            [
                (
                    "CreateLaunchTemplateVersion",
                    {"LaunchTemplateId": "c:n_it", "LaunchTemplateData": {"ImageId": "ami-2"}},
                )
            ],
            id="template-without-default",
        ),
        pytest.param(
            CLUSTER,
            {"computeConfig": {"enabled": True}, "deletionProtection": True, "name": "c:n_it", "roleArn": "r"},
            {"name": "c:n_it", "roleArn": "r", "storageConfig": {"blockStorage": {"enabled": True}}},
            {"UpdateClusterConfig": STARTED, **DONE},
            [
                (
                    "UpdateClusterConfig",
                    {
                        "name": "c:n_it",
                        "computeConfig": {"enabled": False},
                        "storageConfig": {"blockStorage": {"enabled": True}},
                        "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": False}},
                    },
                ),
                ("UpdateClusterConfig", {"name": "c:n_it", "deletionProtection": False}),
            ],
            id="auto-mode",
        ),
        pytest.param(
            CLUSTER,
            {"version": "1.34", "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}, "name": "c:n_it"},
            {
                "name": "c:n_it",
                "version": 1.35,
                "forceUpdateVersion": True,
                "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
            },
            {"UpdateClusterConfig": STARTED, "UpdateClusterVersion": STARTED, **DONE},
            [
                ("UpdateClusterConfig", {"name": "c:n_it", "accessConfig": {"authenticationMode": "API"}}),
                ("UpdateClusterVersion", {"name": "c:n_it", "version": "1.35", "force": True}),
            ],
            id="forced-upgrade",
        ),
        pytest.param(
            CLUSTER,
            {
                "name": "c:n_it",
                "vpcConfig": {"subnetIds": ["a"], "endpointPublicAccess": True, "securityGroupIds": ["x"]},
            },
            {
                "name": "c:n_it",
                "vpcConfig": {"subnetIds": ["b"], "endpointPrivateAccess": True, "securityGroupIds": ["x"]},
            },
            {"UpdateClusterConfig": STARTED, **DONE},
            [
                (
                    "UpdateClusterConfig",
                    {
                        "name": "c:n_it",
                        "resourcesVpcConfig": {"endpointPrivateAccess": True, "endpointPublicAccess": True},
                    },
                ),
                (
                    "UpdateClusterConfig",
                    {"name": "c:n_it", "resourcesVpcConfig": {"subnetIds": ["b"], "securityGroupIds": ["x"]}},
                ),
            ],
            id="cluster-moved",
        ),
        pytest.param(
            NODE_GROUP,
            {"launchTemplate": {"id": "lt", "version": "1"}, "version": "1.34"},
            {"launchTemplate": {"id": "lt", "version": 2}, "version": "1.35", "forceUpdateVersion": True},
            {"UpdateNodegroupVersion": STARTED, **DONE},
            [
                (
                    "UpdateNodegroupVersion",
                    {
                        "clusterName": "c",
                        "nodegroupName": "n_it",
                        "launchTemplate": {"id": "lt", "version": "2"},
                        "version": "1.35",
                        "force": True,
                    },
                )
            ],
            id="node-group-version",
        ),
        pytest.param(
            NODE_GROUP,
            {"labels": {"a": "1"}, "taints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}]},
            {"nodeRepairConfig": {"enabled": True}},
            {"UpdateNodegroupConfig": STARTED, **DONE},
            [
                (
                    "UpdateNodegroupConfig",
                    {
                        "clusterName": "c",
                        "nodegroupName": "n_it",
                        "nodeRepairConfig": {"enabled": True},
                        "labels": {"removeLabels": ["a"]},
                        "taints": {"removeTaints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}]},
                    },
                )
            ],
            id="node-group-stripped",
        ),
        pytest.param(
            ADDON,
            {"podIdentityAssociations": [], "clusterName": "c", "addonName": "n_it"},
            {
                "clusterName": "c",
                "addonName": "n_it",
                "podIdentityAssociations": [{"roleArn": "r", "serviceAccount": "s"}],
            },
            {"UpdateAddon": STARTED, **DONE},
            [
                (
                    "UpdateAddon",
                    {
                        "clusterName": "c",
                        "addonName": "n_it",
                        "podIdentityAssociations": [{"roleArn": "r", "serviceAccount": "s"}],
                    },
                )
            ],
            id="addon-identities",
        ),
        pytest.param(
            ROLE,
            {
                "name": "c:n_it",
                "permissionsBoundary": "b",
                "managedPolicyArns": ["p", "q"],
                "inlinePolicies": [{"name": "x", "policy": "{}"}],
            },
            {"name": "c:n_it", "managedPolicyArns": ["q"], "inlinePolicies": []},
            {},
            [
                ("DeleteRolePermissionsBoundary", {"RoleName": "c:n_it"}),
                ("DetachRolePolicy", {"RoleName": "c:n_it", "PolicyArn": "p"}),
                ("DeleteRolePolicy", {"RoleName": "c:n_it", "PolicyName": "x"}),
            ],
            id="role-stripped",
        ),
        pytest.param(
            POLICY,
            {"name": "p", "policy": "{}"},
            {"policy": '{"Version": "2012-10-17"}'},
            {
                "ListPolicyVersions": {
                    "Versions": [
                        {"VersionId": f"v{number}", "IsDefaultVersion": number == 12} for number in (12, 11, 10, 9, 8)
                    ]
                }
            },
            [
                ("DeletePolicyVersion", {"PolicyArn": "c:n_it", "VersionId": "v8"}),
                (
                    "CreatePolicyVersion",
                    {"PolicyArn": "c:n_it", "PolicyDocument": '{"Version": "2012-10-17"}', "SetAsDefault": True},
                ),
            ],
            id="sixth-version",
        ),
        pytest.param(
            KEY,
            {"isEnabled": True, "enableKeyRotation": False},
            {"isEnabled": False, "enableKeyRotation": True},
            {},
            [("DisableKey", {"KeyId": "c:n_it"}), ("EnableKeyRotation", {"KeyId": "c:n_it"})],
            id="key",
        ),
        pytest.param(KEY, {"isEnabled": False}, {}, {}, [("EnableKey", {"KeyId": "c:n_it"})], id="key-enabled"),
        pytest.param(
            LOG_GROUP,
            {"retentionInDays": 7, "kmsKeyId": "k", "name": "c:n_it"},
            {"name": "c:n_it", "deletionProtectionEnabled": True},
            {},
            [
                ("DeleteRetentionPolicy", {"logGroupName": "c:n_it"}),
                ("DisassociateKmsKey", {"logGroupName": "c:n_it"}),
                (
                    "PutLogGroupDeletionProtection",
                    {"logGroupIdentifier": "c:n_it", "deletionProtectionEnabled": True},
                ),
            ],
            id="log-group",
        ),
        pytest.param(
            "aws:ec2/route:Route",
            {"gatewayId": "igw-1", "destinationCidrBlock": "0.0.0.0/0", "routeTableId": "rtb-1"},
            {"natGatewayId": "nat-1", "destinationCidrBlock": "0.0.0.0/0", "routeTableId": "rtb-1"},
            {},
            [
                (
                    "ReplaceRoute",
                    {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"},
                )
            ],
            id="route",
        ),
        pytest.param(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            {"routeTableId": "rtb-1", "subnetId": "s"},
            {"routeTableId": "rtb-2", "subnetId": "s"},
            {},
            [("ReplaceRouteTableAssociation", {"AssociationId": "c:n_it", "RouteTableId": "rtb-2"})],
            id="association",
        ),
    ],
)
def test_change_takes_only_the_calls_it_needs(
    kind: str, state: Values, inputs: Values, answers: Mapping[str, Any], calls: list[Call]
) -> None:
    assert changed(kind, state, inputs, answers) == calls


@pytest.mark.parametrize(
    ("kind", "inputs", "answers", "calls"),
    [
        pytest.param(
            ADDRESS,
            {"instance": "i-1"},
            {"AllocateAddress": {"AllocationId": "a"}},
            [
                ("AllocateAddress", {"Domain": "vpc"}),
                ("AssociateAddress", {"AllocationId": "a", "InstanceId": "i-1"}),
            ],
            id="address-of-an-instance",
        ),
        pytest.param(
            KEY,
            {"isEnabled": False, "tags": {"a": "b"}},
            {"CreateKey": {"KeyMetadata": {"KeyId": "k"}}},
            [("CreateKey", {"Tags": [{"TagKey": "a", "TagValue": "b"}]}), ("DisableKey", {"KeyId": "k"})],
            id="disabled-key",
        ),
        pytest.param(
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            {},
            {"DescribeSecurityGroups": {"SecurityGroups": [{"GroupId": "sg-1"}]}},
            [],
            id="default-group-of-the-default-vpc",
        ),
        pytest.param(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            {
                "securityGroupId": "sg-1",
                "ipProtocol": "tcp",
                "fromPort": 1,
                "toPort": 2,
                "description": "d",
                "prefixListId": "pl",
            },
            {"AuthorizeSecurityGroupIngress": {"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1"}]}},
            [
                (
                    "AuthorizeSecurityGroupIngress",
                    {
                        "GroupId": "sg-1",
                        "IpPermissions": [
                            {
                                "IpProtocol": "tcp",
                                "FromPort": 1,
                                "ToPort": 2,
                                "PrefixListIds": [{"PrefixListId": "pl", "Description": "d"}],
                            }
                        ],
                    },
                )
            ],
            id="rule-of-a-prefix-list",
        ),
        pytest.param(
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            {"securityGroupId": "sg-1", "ipProtocol": "-1", "cidrIpv6": "::/0"},
            {"AuthorizeSecurityGroupEgress": {"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1"}]}},
            [
                (
                    "AuthorizeSecurityGroupEgress",
                    {"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]},
                )
            ],
            id="rule-for-everything",
        ),
    ],
)
def test_creation_takes_these_calls(kind: str, inputs: Values, answers: Mapping[str, Any], calls: list[Call]) -> None:
    cloud = scripted(answers)

    RESOURCE_TYPES[kind].create(cloud, inputs)

    assert cloud.changes() == calls


@pytest.mark.parametrize(
    ("kind", "state", "answers", "calls"),
    [
        pytest.param(
            ROLE,
            {"forceDetachPolicies": True},
            {
                "ListInstanceProfilesForRole": {"InstanceProfiles": [{"InstanceProfileName": "p"}]},
                "ListAttachedRolePolicies": {"AttachedPolicies": [{"PolicyArn": "a"}]},
                "ListRolePolicies": {"PolicyNames": ["x"]},
            },
            [
                ("RemoveRoleFromInstanceProfile", {"RoleName": "it", "InstanceProfileName": "p"}),
                ("DetachRolePolicy", {"RoleName": "it", "PolicyArn": "a"}),
                ("DeleteRolePolicy", {"RoleName": "it", "PolicyName": "x"}),
                ("DeleteRole", {"RoleName": "it"}),
            ],
            id="role",
        ),
        pytest.param(
            ROLE,
            {},
            {"ListInstanceProfilesForRole": {"InstanceProfiles": []}},
            [("DeleteRole", {"RoleName": "it"})],
            id="plain-role",
        ),
        pytest.param(LOG_GROUP, {"skipDestroy": True}, {}, [], id="kept-log-group"),
        pytest.param(
            ADDON,
            {"preserve": True, "id": "c:n_it"},
            {},
            [("DeleteAddon", {"clusterName": "c", "addonName": "n_it", "preserve": True})],
            id="preserved-addon",
        ),
        pytest.param(
            ADDRESS,
            {"instance": "i-1"},
            {"DescribeAddresses": {"Addresses": [{"AssociationId": "x"}]}},
            [("DisassociateAddress", {"AssociationId": "x"}), ("ReleaseAddress", {"AllocationId": "it"})],
            id="address-in-use",
        ),
        pytest.param(
            ADDRESS,
            {"networkInterface": "eni-1"},
            {"DescribeAddresses": {"Addresses": [{"AllocationId": "it"}]}},
            [("ReleaseAddress", {"AllocationId": "it"})],
            id="address-freed-meanwhile",
        ),
        pytest.param(
            "aws:ec2/internetGateway:InternetGateway",
            {"vpcId": "vpc-1"},
            {"DetachInternetGateway": Refusal("ec2 DetachInternetGateway", "Gateway.NotAttached", "")},
            [
                ("DetachInternetGateway", {"InternetGatewayId": "it", "VpcId": "vpc-1"}),
                ("DeleteInternetGateway", {"InternetGatewayId": "it"}),
            ],
            id="detached-gateway",
        ),
        pytest.param(
            POLICY,
            {},
            {"ListPolicyVersions": {"Versions": [{"VersionId": "v1", "IsDefaultVersion": False}]}},
            [
                ("DeletePolicyVersion", {"PolicyArn": "it", "VersionId": "v1"}),
                ("DeletePolicy", {"PolicyArn": "it"}),
            ],
            id="policy-versions",
        ),
    ],
)
def test_deletion_takes_these_calls(kind: str, state: Values, answers: Mapping[str, Any], calls: list[Call]) -> None:
    cloud = scripted(answers)

    RESOURCE_TYPES[kind].delete(cloud, state.get("id", "it"), state)

    assert cloud.changes() == calls


UNSUCCESSFUL = {"Unsuccessful": [{"Error": {"Code": "Denied", "Message": "not you"}}]}


@pytest.mark.parametrize(
    ("kind", "operation"),
    [("aws:ec2/flowLog:FlowLog", "DeleteFlowLogs"), (ENDPOINT, "DeleteVpcEndpoints")],
)
def test_refusal_within_an_answer_is_one(kind: str, operation: str) -> None:
    with pytest.raises(Refusal, match=f"ec2 {operation}: Denied: not you"):
        RESOURCE_TYPES[kind].delete(scripted({operation: UNSUCCESSFUL}), "it", {})


def test_refused_flow_log_is_not_made() -> None:
    with pytest.raises(Refusal, match="ec2 CreateFlowLogs: Denied: not you"):
        RESOURCE_TYPES["aws:ec2/flowLog:FlowLog"].create(scripted({"CreateFlowLogs": UNSUCCESSFUL}), {"vpcId": "v"})


def test_refused_detachment_is_told() -> None:
    refusal = Refusal("ec2 DetachInternetGateway", "UnauthorizedOperation", "not you")

    with pytest.raises(Refusal, match="not you"):
        RESOURCE_TYPES["aws:ec2/internetGateway:InternetGateway"].delete(
            scripted({"DetachInternetGateway": refusal}), "it", {"vpcId": "v"}
        )


@pytest.mark.parametrize(
    ("kind", "answers", "told"),
    [
        pytest.param(
            NAT,
            {
                "DescribeNatGateways": {
                    "NatGateways": [
                        {
                            "NatGatewayId": "it",
                            "State": "available",
                            "NatGatewayAddresses": [
                                {"IsPrimary": False, "AllocationId": "b", "PrivateIp": "10.0.0.2"},
                                {
                                    "IsPrimary": True,
                                    "AllocationId": "a",
                                    "PrivateIp": "10.0.0.1",
                                    "PublicIp": "1.1.1.1",
                                },
                            ],
                        }
                    ]
                }
            },
            {
                "allocationId": "a",
                "privateIp": "10.0.0.1",
                "publicIp": "1.1.1.1",
                "secondaryAllocationIds": ["b"],
                "secondaryPrivateIpAddresses": ["10.0.0.2"],
                "secondaryPrivateIpAddressCount": 1,
            },
            id="nat-gateway",
        ),
        pytest.param(
            "aws:ec2/route:Route",
            {
                "DescribeRouteTables": {
                    "RouteTables": [
                        {"Routes": [{"DestinationCidrBlock": "", "GatewayId": "vpce-1", "State": "active"}]}
                    ]
                }
            },
            {"vpcEndpointId": "vpce-1", "routeTableId": "it", "state": "active"},
            id="route-to-an-endpoint",
        ),
        pytest.param(
            ADDRESS,
            {"DescribeAddresses": {"Addresses": [{"PublicIp": "1.2.3.4", "PrivateIpAddress": "10.0.0.1"}]}},
            {"publicDns": "ec2-1-2-3-4.compute-1.amazonaws.com", "privateDns": "ip-10-0-0-1.ec2.internal"},
            id="names-of-the-first-region",
        ),
        pytest.param(
            ADDON,
            {
                "DescribeAddon": {
                    "addon": {"clusterName": "it", "podIdentityAssociations": ["arn:x/podidentityassociation/it/a-1"]}
                },
                "DescribePodIdentityAssociation": {"association": {"roleArn": "r", "serviceAccount": "s"}},
            },
            {"podIdentityAssociations": [{"roleArn": "r", "serviceAccount": "s"}]},
            id="addon-identities",
        ),
        pytest.param(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            {
                "DescribeSecurityGroupRules": {
                    "SecurityGroupRules": [
                        {"IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "ReferencedGroupInfo": {"GroupId": "sg-2"}}
                    ]
                }
            },
            {"ipProtocol": "-1", "fromPort": None, "toPort": None, "referencedSecurityGroupId": "sg-2"},
            id="rule-without-ports",
        ),
        pytest.param(
            "aws:ec2/flowLog:FlowLog",
            {"DescribeFlowLogs": {"FlowLogs": [{"ResourceId": "tgw-attach-1"}]}},
            {"transitGatewayAttachmentId": "tgw-attach-1"},
            id="flow-log-of-an-attachment",
        ),
    ],
)
def test_description_is_told(kind: str, answers: Mapping[str, Any], told: Values) -> None:
    identities = {"aws:ec2/route:Route": "it_", ADDON: "it:name"}

    state = RESOURCE_TYPES[kind].read(scripted(answers), identities.get(kind, "it"), {})

    assert state is not None
    assert {name: state[name] for name in told} == told


@pytest.mark.parametrize("state", ["deleted", "deleting", "Deleted"])
@pytest.mark.parametrize(("kind", "member"), [(NAT, "NatGateways"), (ENDPOINT, "VpcEndpoints")])
def test_what_is_going_is_gone(kind: str, member: str, state: str) -> None:
    cloud = scripted({f"Describe{member}": {member: [{"State": state.lower() if kind == NAT else state}]}})

    assert RESOURCE_TYPES[kind].read(cloud, "it", {}) is None


def test_empty_description_is_of_nothing() -> None:
    cloud = scripted({"DescribeFlowLogs": {"FlowLogs": []}})

    assert lifecycle.read(RESOURCE_TYPES["aws:ec2/flowLog:FlowLog"], cloud, "fl-1", {}) is None


def test_addon_that_aws_offers_in_no_version_is_refused() -> None:
    arguments = {"addonName": "it", "kubernetesVersion": "1.34"}

    with pytest.raises(Rejected, match=r"it: no version for Kubernetes 1\.34"):
        FUNCTIONS["aws:eks/getAddonVersion:getAddonVersion"](
            scripted({"DescribeAddonVersions": {"addons": []}}), arguments
        )


@pytest.mark.parametrize(
    ("described", "text"),
    [
        ({"nodegroup": {"status": "DELETE_FAILED", "health": {"issues": [{"message": "in use"}]}}}, "in use"),
        (Refusal("eks DescribeNodegroup", "AccessDenied", "not you"), "not you"),
        ({"nodegroup": {"status": "DELETING"}}, "still DELETING after 0 s"),
    ],
    ids=["failed", "refused", "stuck"],
)
def test_deletion_that_does_not_end_is_told(described: Any, text: str) -> None:
    cloud = dataclasses.replace(scripted({"DescribeNodegroup": described}), seconds=0.01)

    with pytest.raises(ProviderFault, match=text):
        lifecycle.delete(RESOURCE_TYPES[NODE_GROUP], cloud, "c:n", {})


CLUSTER_INPUTS = {"name": "it", "roleArn": "arn", "vpcConfig": {"subnetIds": ["a", "b"]}}
CREATING = {"DescribeCluster": {"cluster": {"name": "it", "status": "CREATING"}}}


def test_waiting_ends() -> None:
    cloud = dataclasses.replace(scripted(CREATING), seconds=0.01)

    with pytest.raises(InitFailed, match="still CREATING after 0 s") as failed:
        lifecycle.create(RESOURCE_TYPES[CLUSTER], cloud, CLUSTER_INPUTS, Creations(None), "urn")

    assert (failed.value.identity, failed.value.state["status"]) == ("it", "CREATING")


def test_cancelled_deployment_keeps_what_was_made() -> None:
    cloud = scripted(CREATING)
    cloud.cancelled.set()

    with pytest.raises(InitFailed, match="stopped waiting: the deployment was cancelled") as failed:
        lifecycle.create(RESOURCE_TYPES[CLUSTER], cloud, CLUSTER_INPUTS, Creations(None), "urn")

    assert failed.value.state["status"] == "CREATING"


def test_update_that_takes_too_long_is_told() -> None:
    answers = {"UpdateClusterConfig": STARTED, "DescribeUpdate": {"update": {"status": "InProgress"}}, **CREATING}
    cloud = dataclasses.replace(scripted(answers), seconds=0.01)
    state = {**CLUSTER_INPUTS, "id": "it", "arn": "arn", "tagsAll": {}}

    with pytest.raises(InitFailed, match="still update InProgress after 0 s"):
        lifecycle.update(RESOURCE_TYPES[CLUSTER], cloud, "it", state, {**CLUSTER_INPUTS, "deletionProtection": True})


def test_what_is_as_good_as_gone_is_gone() -> None:
    cloud = scripted({"DescribeNatGateways": {"NatGateways": [{"State": "deleted"}]}})

    lifecycle.delete(RESOURCE_TYPES[NAT], cloud, "nat-1", {})

    assert [name for name, _ in cloud.asked] == ["DeleteNatGateway", "DescribeNatGateways"]


def test_status_that_may_not_be_asked_for_is_told() -> None:
    refusal = Refusal("eks DescribeNodegroup", "AccessDenied", "not you")
    cloud = scripted({"DescribeNodegroup": refusal})

    with pytest.raises(InitFailed, match="not you"):
        lifecycle.create(
            RESOURCE_TYPES[NODE_GROUP], cloud, {"clusterName": "c", "nodeGroupName": "n"}, Creations(None), "urn"
        )


def test_what_never_shows_up_is_told() -> None:
    refusal = Refusal("eks DescribeNodegroup", "ResourceNotFoundException", "no such group")
    cloud = scripted({"DescribeNodegroup": refusal})

    with pytest.raises(InitFailed, match="no such group"):
        lifecycle.create(
            RESOURCE_TYPES[NODE_GROUP], cloud, {"clusterName": "c", "nodeGroupName": "n"}, Creations(None), "urn"
        )


@pytest.mark.parametrize(
    ("kind", "answers", "text"),
    [
        pytest.param(
            NAT,
            {
                "CreateNatGateway": {"NatGateway": {"NatGatewayId": "it"}},
                "DescribeNatGateways": {
                    "NatGateways": [
                        {"State": "failed", "FailureCode": "Gateway.NotAttached", "FailureMessage": "no way out"}
                    ]
                },
            },
            "ended as failed: Gateway.NotAttached: no way out",
            id="nat-gateway",
        ),
        pytest.param(
            ENDPOINT,
            {
                "CreateVpcEndpoint": {"VpcEndpoint": {"VpcEndpointId": "it"}},
                "DescribeVpcEndpoints": {"VpcEndpoints": [{"State": "Failed", "LastError": {"Message": "no zone"}}]},
            },
            "ended as failed: no zone",
            id="endpoint",
        ),
    ],
)
def test_failure_tells_what_aws_says(kind: str, answers: Mapping[str, Any], text: str) -> None:
    with pytest.raises(InitFailed, match=text):
        lifecycle.create(RESOURCE_TYPES[kind], scripted(answers), {}, Creations(None), "urn")


def test_pages_are_read_to_the_end() -> None:
    pages = iter([{"Aliases": [1], "NextToken": "a"}, {"Aliases": [2], "nextToken": "b"}, {"Aliases": [3]}])

    class Paged(Scripted):
        def call(self, service: str, operation: str, **parameters: Any) -> Answer:  # noqa: ARG002 (as in Cloud)
            self.asked.append((operation, parameters))
            return next(pages)

    cloud = Paged(clients=Clients("x"), region="x")

    assert cloud.pages("kms", "ListAliases", "Aliases", KeyId="k") == [1, 2, 3]
    assert [wanted for _, wanted in cloud.asked] == [
        {"KeyId": "k"},
        {"KeyId": "k", "NextToken": "a"},
        {"KeyId": "k", "nextToken": "b"},
    ]


@pytest.mark.parametrize(
    ("code", "message", "settles"),
    [
        ("InvalidParameterException", "Role could not be assumed", True),
        ("InvalidParameterValue", "Unable to assume given IAM role", True),
        ("MalformedPolicyDocument", "Invalid principal in policy", True),
        ("InvalidParameterException", "The KeyArn in encryptionConfig provider is not valid", True),
        ("ResourceInUseException", "Cluster has update in progress", True),
        ("ResourceInUseException", "Cluster already exists", False),
        ("InvalidParameterException", "subnets must be in two zones", False),
        ("InvalidVpcID.NotFound", "", True),
        ("NoSuchEntity", "", True),
        ("AccessDenied", "", False),
    ],
)
def test_what_goes_away_by_itself_is_known(code: str, message: str, settles: bool) -> None:
    assert Refusal("x", code, message).may_settle is settles


def test_call_is_repeated_until_the_account_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATRIAL_SETTLE_SECONDS", "5")
    answers: list[Any] = [Refusal("eks CreateCluster", "InvalidParameterException", "no such role"), {"cluster": {}}]
    monkeypatch.setattr(Cloud, "_call", _script(answers))

    assert Cloud(Clients("x"), "x", settling=True).call("eks", "CreateCluster") == {"cluster": {}}


def test_call_that_never_settles_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = Refusal("eks CreateCluster", "InvalidParameterException", "no such role")
    monkeypatch.setattr(Cloud, "_call", _script([refusal]))

    with pytest.raises(Refusal, match="no such role"):
        Cloud(Clients("x"), "x", settling=True).call("eks", "CreateCluster")


def _script(answers: list[Any]) -> Any:
    """Answers one call after another; the last answer stays."""

    def call(*_: Any) -> Any:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Refusal):
            raise answer
        return answer

    return call


def test_policy_document_given_as_an_object_is_sent_as_text() -> None:
    cloud = scripted({})
    document: Values = {"Version": "2012-10-17", "Statement": []}

    RESOURCE_TYPES[ROLE].create(cloud, {"name": "it", "assumeRolePolicy": document})

    assert json.loads(cloud.changes()[0][1]["AssumeRolePolicyDocument"]) == document


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("aws:iam/rolePolicy:RolePolicy", "ROLE:POLICY"),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "ROLE/POLICY-ARN"),
        ("aws:ec2/route:Route", "ROUTE-TABLE_DESTINATION"),
        (NODE_GROUP, "CLUSTER:NODE-GROUP"),
        (ADDON, "CLUSTER:ADDON"),
        ("aws:eks/accessEntry:AccessEntry", "CLUSTER:PRINCIPAL-ARN"),
        ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "CLUSTER#PRINCIPAL-ARN#POLICY-ARN"),
        ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "CLUSTER,ASSOCIATION"),
    ],
)
def test_import_by_an_id_of_another_form_says_which(kind: str, form: str) -> None:
    with pytest.raises(Rejected, match=f"'it' is no id here; one looks like {form}"):
        RESOURCE_TYPES[kind].read(scripted({}), "it", {})
