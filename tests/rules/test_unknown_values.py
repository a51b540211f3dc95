"""What only a deployment can tell never passes: each rule says so."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from seatrial import rules
from seatrial.rules import Status

Judged = Callable[..., rules.Result]

POD_IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
SG = "aws:ec2/securityGroup:SecurityGroup"

UNKNOWN: list[tuple[str, tuple[tuple[Any, ...], ...], list[str]]] = [
    (
        "CP-01",
        (("put", "eks-cluster", "vpcConfig", "?"),),
        ["eks-cluster vpcConfig.endpointPrivateAccess", "eks-cluster vpcConfig.endpointPublicAccess"],
    ),
    (
        "CP-02",
        (("put", "eks-cluster", "enabledClusterLogTypes", ["api", "?"]),),
        ["eks-cluster enabledClusterLogTypes"],
    ),
    ("CP-03", (("put", "eks-cluster-logs", "retentionInDays", "?"),), ["eks-cluster-logs retentionInDays"]),
    (
        "CP-03",
        (("put", "eks-cluster-logs", "kmsKeyId", "?"), ("cut", "eks-cluster-logs", "*")),
        ["eks-cluster-logs kmsKeyId"],
    ),
    ("CP-03", (("put", "eks-cluster", "name", "?"),), ["eks-cluster name"]),
    (
        "CP-04",
        (
            ("put", "eks-cluster", "encryptionConfig", {"resources": ["secrets"], "provider": {"keyArn": "?"}}),
            ("cut", "eks-cluster", "*"),
        ),
        ["eks-cluster encryptionConfig.provider.keyArn"],
    ),
    ("CP-05", (("put", "eks-logs-key", "policy", "?"),), ["eks-logs-key policy"]),
    ("CP-06", (("put", "eks-cluster", "version", "?"),), ["eks-cluster version"]),
    (
        "CP-06",
        (("put", "eks-cluster", "version", "1.99"),),
        ["eks-cluster version", "eks-kube-proxy-addon addonVersion", "eks-ondemand-ng version", "eks-spot-ng version"],
    ),
    ("CP-06", (("put", "eks-spot-ng", "version", "?"),), ["eks-spot-ng version"]),
    ("CP-07", (("put", "eks-cluster", "deletionProtection", "?"),), ["eks-cluster deletionProtection"]),
    (
        "CP-08",
        (("put", "eks-cluster", "accessConfig.authenticationMode", "?"),),
        ["eks-cluster accessConfig.authenticationMode"],
    ),
    ("CP-09", (("put", "eks-delivery-access-policy", "policyArn", "?"),), ["eks-delivery-access-policy policyArn"]),
    (
        "CP-09",
        (("put", "eks-delivery-access-policy", "principalArn", "?"),),
        ["eks-delivery-access-policy principalArn"],
    ),
    ("CP-10", (("put", "eks-cluster", "vpcConfig.subnetIds", ["?"]),), ["eks-cluster vpcConfig.subnetIds"]),
    (
        "CP-10",
        (
            ("put", "eks-private-default-route-us-east-2a", "natGatewayId", "?"),
            ("cut", "eks-private-default-route-us-east-2a", "eks-nat-*"),
        ),
        ["eks-cluster vpcConfig.subnetIds[0]"],
    ),
    ("CP-11", (("put", "eks-cluster", "upgradePolicy", "?"),), ["eks-cluster upgradePolicy.supportType"]),
    ("NET-01", (("put", "eks-spot-ng", "subnetIds", ["?"]),), ["eks-spot-ng subnetIds"]),
    (
        "NET-01",
        (("put", "eks-private-rta-us-east-2a", "subnetId", "?"), ("cut", "eks-private-rta-us-east-2a", "*")),
        ["eks-ondemand-ng subnetIds[0]", "eks-spot-ng subnetIds[0]"],
    ),
    (
        "NET-01",
        (
            ("put", "eks-private-default-route-us-east-2a", "destinationCidrBlock", "?"),
            ("put", "eks-private-default-route-us-east-2a", "natGatewayId", "?"),
            ("cut", "eks-private-default-route-us-east-2a", "eks-nat-*"),
        ),
        ["eks-ondemand-ng subnetIds[0]", "eks-spot-ng subnetIds[0]"],
    ),
    (
        "NET-01",
        (("put", "eks-private-rt-us-east-2a", "routes", "?"),),
        ["eks-ondemand-ng subnetIds[0]", "eks-spot-ng subnetIds[0]"],
    ),
    (
        "NET-01",
        (("put", "eks-public-default-route", "routeTableId", "?"), ("cut", "eks-public-default-route", "*")),
        [f"eks-{name}-ng subnetIds[{index}]" for name in ("ondemand", "spot") for index in range(3)],
    ),
    (
        "NET-02",
        (("put", "eks-public-subnet-us-east-2a", "mapPublicIpOnLaunch", "?"),),
        ["eks-public-subnet-us-east-2a mapPublicIpOnLaunch"],
    ),
    (
        "NET-03",
        (
            ("put", "eks-private-default-route-us-east-2a", "natGatewayId", "?"),
            ("cut", "eks-private-default-route-us-east-2a", "eks-nat-*"),
        ),
        ["eks-private-subnet-us-east-2a availabilityZone"],
    ),
    ("NET-04", (("put", "eks-flow-log", "vpcId", "?"), ("cut", "eks-flow-log", "*")), ["eks-vpc"]),
    ("NET-05", (("put", "eks-default-sg", "vpcId", "?"), ("cut", "eks-default-sg", "*")), ["eks-vpc"]),
    ("NET-05", (("put", "eks-default-sg", "ingress", "?"),), ["eks-default-sg ingress"]),
    (
        "NET-05",
        (("add", "aws:ec2/securityGroupRule:SecurityGroupRule", "added", {"type": "ingress", "securityGroupId": "?"}),),
        ["added"],
    ),
    (
        "NET-06",
        (("add", SG, "added", {"ingress": ["?"]}),),
        ["added ingress[0].cidrBlocks", "added ingress[0].description"],
    ),
    (
        "NET-06",
        (
            (
                "add",
                SG,
                "added",
                {
                    "ingress": [
                        {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["?"], "description": "x"}
                    ]
                },
            ),
        ),
        ["added ingress[0].cidrBlocks"],
    ),
    (
        "NET-07",
        (("add", SG, "added", {"egress": [{"protocol": "?", "cidrBlocks": ["0.0.0.0/0"], "description": "x"}]}),),
        ["added egress[0]"],
    ),
    ("NET-08", (("add", "aws:ec2/networkAclRule:NetworkAclRule", "added", {"ruleAction": "?"}),), ["added"]),
    ("NET-08", (("add", "aws:ec2/networkAcl:NetworkAcl", "added", {"ingress": "?"}),), ["added ingress[0]"]),
    ("NET-09", (("put", "eks-s3-endpoint", "policy", "?"),), ["eks-s3-endpoint policy"]),
    (
        "NET-09",
        (("put", "eks-s3-endpoint", "routeTableIds", ["?"]),),
        [f"eks-private-subnet-us-east-2{zone}" for zone in "abc"],
    ),
    ("NET-10", (("put", "eks-spot-lt", "vpcSecurityGroupIds", ["?"]),), ["eks-spot-lt vpcSecurityGroupIds"]),
    ("NET-10", (("put", "eks-spot-ng", "clusterName", "elsewhere"),), ["eks-spot-ng launchTemplate"]),
    ("NET-11", (("put", "eks-spot-ng", "instanceTypes", ["?"]),), ["eks-spot-ng instanceTypes"]),
    ("NET-11", (("put", "eks-spot-ng", "instanceTypes", ["m99.huge"]),), ["eks-spot-ng instanceTypes"]),
    ("NET-11", (("put", "eks-spot-ng", "subnetIds", ["?"]),), ["eks-spot-ng subnetIds"]),
    (
        "NET-12",
        (("put", "eks-private-rta-us-east-2a", "subnetId", "?"), ("cut", "eks-private-rta-us-east-2a", "*")),
        ["eks-private-subnet-us-east-2a tags"],
    ),
    (
        "NET-12",
        (("put", "eks-private-subnet-us-east-2a", "tags", {"kubernetes.io/role/elb": "?"}),),
        ["eks-private-subnet-us-east-2a tags"],
    ),
    (
        "NODE-01",
        (("put", "eks-spot-lt", "metadataOptions", "?"),),
        [f"eks-spot-lt metadataOptions.{key}" for key in ("httpPutResponseHopLimit", "httpTokens")],
    ),
    (
        "NODE-01",
        (("put", "eks-spot-ng", "launchTemplate", {"id": "?"}), ("cut", "eks-spot-ng", "*")),
        ["eks-spot-ng launchTemplate"],
    ),
    (
        "NODE-02",
        (("put", "eks-spot-lt", "blockDeviceMappings.0.ebs.encrypted", "?"),),
        ["eks-spot-lt blockDeviceMappings[0].ebs.encrypted"],
    ),
    (
        "NODE-02",
        (("put", "eks-spot-lt", "blockDeviceMappings.0.ebs.kmsKeyId", "?"), ("cut", "eks-spot-lt", "*")),
        ["eks-spot-lt blockDeviceMappings[0].ebs.kmsKeyId"],
    ),
    (
        "NODE-02",
        (("put", "eks-spot-lt", "blockDeviceMappings", "?"),),
        ["eks-spot-lt blockDeviceMappings[0].ebs.encrypted", "eks-spot-ng launchTemplate"],
    ),
    ("NODE-03", (("put", "eks-spot-ng", "remoteAccess", "?"),), ["eks-spot-ng remoteAccess"]),
    ("NODE-04", (("put", "eks-spot-ng", "amiType", "?"),), ["eks-spot-ng amiType"]),
    ("NODE-05", (("put", "eks-spot-lt", "userData", "?"),), ["eks-spot-lt userData"]),
    ("NODE-05", (("put", "eks-spot-lt", "userData", "no base64"),), ["eks-spot-lt userData"]),
    ("NODE-06", (("put", "eks-spot-lt", "userData", "?"),), ["eks-spot-lt userData"]),
    ("NODE-06", (("put", "eks-spot-lt", "userData", "////"),), ["eks-spot-lt userData"]),
    ("NODE-07", (("put", "eks-spot-ng", "nodeRoleArn", "?"), ("cut", "eks-spot-ng", "*")), ["eks-spot-ng nodeRoleArn"]),
    (
        "NODE-07",
        (("put", "eks-ebs-csi-volumes", "role", "?"), ("cut", "eks-ebs-csi-volumes", "*")),
        ["eks-ebs-csi-volumes role"],
    ),
    ("NODE-08", (("put", "eks-spot-ng", "updateConfig", "?"),), ["eks-spot-ng updateConfig"]),
    ("IAM-01", (("put", "eks-vpc-cni-role", "assumeRolePolicy", "?"),), ["eks-vpc-cni-role assumeRolePolicy"]),
    ("IAM-02", (("put", "eks-vpc-cni-role", "assumeRolePolicy", "?"),), ["eks-vpc-cni-role assumeRolePolicy"]),
    ("IAM-02", (("put", "eks-oidc-provider", "url", "?"),), ["eks-oidc-provider url"]),
    (
        "IAM-03",
        (
            ("add", POD_IDENTITY, "added", {"roleArn": "@eks-node-role:arn"}),
            ("put", "eks-node-role", "assumeRolePolicy", "?"),
        ),
        ["eks-node-role assumeRolePolicy"],
    ),
    (
        "IAM-03",
        (
            ("answer", "eks-cluster", "arn", "?"),
            (
                "put",
                "eks-node-role",
                "assumeRolePolicy",
                '{"Statement":{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"StringEquals":{"aws:SourceAccount":"1"}}}}',
            ),
        ),
        ["eks-node-role assumeRolePolicy.Statement[0].Condition.aws:SourceArn"],
    ),
    ("IAM-04", (("put", "eks-vpc-cni-role", "assumeRolePolicy", "?"),), ["eks-vpc-cni-addon serviceAccountRoleArn"]),
    (
        "IAM-04",
        (("put", "eks-vpc-cni-addon", "serviceAccountRoleArn", "?"), ("cut", "eks-vpc-cni-addon", "*")),
        ["eks-vpc-cni-addon serviceAccountRoleArn"],
    ),
    ("IAM-04", (("add", POD_IDENTITY, "added", {"roleArn": "?"}),), ["added roleArn"]),
    ("IAM-05", (("put", "eks-ebs-csi-volumes", "policy", "?"),), ["eks-ebs-csi-volumes policy"]),
    ("IAM-08", (("put", "eks-ebs-csi-volumes", "policy", "?"),), ["eks-ebs-csi-volumes policy"]),
    ("IAM-09", (("put", "eks-cluster-role", "assumeRolePolicy", "?"),), ["eks-cluster-role assumeRolePolicy"]),
    ("IAM-10", (("put", "eks-*-role", "path", "/eks/"), ("put", "eks-node-role", "path", "?")), ["eks-node-role path"]),
    ("IAM-11", (("put", "eks-ebs-csi-volumes", "policy", "?"),), ["eks-ebs-csi-volumes policy"]),
    ("IAM-13", (("put", "eks-node-role", "assumeRolePolicy", "?"),), ["eks-node-role assumeRolePolicy"]),
    (
        "DST-02",
        (("put", "eks-vpc-cni-addon", "serviceAccountRoleArn", "?"), ("cut", "eks-vpc-cni-addon", "eks-vpc-cni-role")),
        ["eks-vpc-cni-addon serviceAccountRoleArn"],
    ),
    (
        "DST-03",
        (("put", "eks-aws-ebs-csi-driver-addon", "configurationValues", "?"),),
        ["eks-aws-ebs-csi-driver-addon configurationValues"],
    ),
    (
        "DST-03",
        (
            ("put", "aws-load-balancer-controller-release", "values.clusterName", "?"),
            ("cut", "aws-load-balancer-controller-release", "eks-cluster"),
        ),
        ["aws-load-balancer-controller-release values.clusterName"],
    ),
    (
        "DST-04",
        (("put", "eks-spot-ng", "nodeRoleArn", "?"), ("cut", "eks-spot-ng", "eks-node-role")),
        ["eks-spot-ng nodeRoleArn"],
    ),
    (
        "DST-04",
        (("put", "eks-ebs-csi-volumes", "role", "?"), ("cut", "eks-ebs-csi-volumes", "eks-ebs-csi-role")),
        ["eks-ebs-csi-volumes role"],
    ),
    (
        "DST-12",
        (("put", "eks-spot-ng", "launchTemplate.id", "?"), ("cut", "eks-spot-ng", "eks-spot-lt")),
        ["eks-spot-ng launchTemplate.id"],
    ),
    ("NP-04", (("put", "eks-vpc-cni-addon", "configurationValues", "?"),), ["eks-vpc-cni-addon configurationValues"]),
    ("HA-06", (("put", "eks-spot-ng", "subnetIds", ["?"]),), ["eks-spot-ng subnetIds"]),
    (
        "IAM-04",
        (
            (
                "add",
                "kubernetes:core/v1:ServiceAccount",
                "added",
                {"metadata": {"name": "app", "namespace": "dev", "annotations": {"eks.amazonaws.com/role-arn": "?"}}},
            ),
        ),
        ["added metadata.annotations.eks.amazonaws.com/role-arn"],
    ),
]

DECIDED_BY_EDGES = {"DST-01", "DST-07", "DST-13", "DST-14"}
"""Rules that look at edges alone, which a plan always knows."""


@pytest.mark.parametrize(
    ("rule", "steps", "expected"), UNKNOWN, ids=[f"{row[0]}-{index}" for index, row in enumerate(UNKNOWN)]
)
def test_an_unknown_value_is_a_finding(
    rule: str, steps: tuple[tuple[Any, ...], ...], expected: list[str], judged: Judged, places: Any
) -> None:
    result = judged(rule, *steps)

    assert result.status is Status.FAILED
    assert places(result.findings) == expected
    assert any(finding.unknown for finding in result.findings)


def test_every_rule_meets_an_unknown_value(in_cluster: frozenset[str]) -> None:
    assert {row[0] for row in UNKNOWN} | DECIDED_BY_EDGES == set(rules.ids()) - in_cluster


@pytest.mark.parametrize("stack", ["dev", "prod", "full"])
def test_before_a_first_deployment_rules_go_by_the_edges(stack: str, shipped: Any, waivers: Any) -> None:
    """In a preview ids are unknown; what refers to what is still known, and only documents with ids in them are not."""
    preview = shipped(stack, preview=True)

    outcome = rules.check(preview, rules.every(), today=date(2026, 11, 23), waivers=waivers)

    failed = [result for result in outcome.results if result.status is Status.FAILED]
    assert {result.rule.area for result in failed} == {"IAM"}
    assert all(finding.unknown for result in failed for finding in result.findings)
