"""No false alarm: what a description may ask for, and what a program may add soundly, passes."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from seatrial import rules
from seatrial.plan import Plan
from seatrial.rules import Status

BASE: dict[str, Any] = {
    "environment": "prod",
    "environmentSuffix": "prod",
    "owner": "team",
    "costCenter": "cc",
    "kubernetes": {"enabled": False},
    "cluster": {"deletionProtection": True},
}
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CLASSIC = "aws:ec2/securityGroupRule:SecurityGroupRule"
SG = "aws:ec2/securityGroup:SecurityGroup"
ROLE = "aws:iam/role:Role"
POD_IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
FARGATE = "aws:eks/fargateProfile:FargateProfile"
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
PLAIN_DATA = "IyEvYmluL3NoCmRiX3Bhc3N3b3JkPSR7REJfUEFTU1dPUkR9CnRva2VuPWFhYWFhYWFhYWEKbW9kZTogV2ViaG9vawo="

MIME_DATA = "TUlNRS1WZXJzaW9uOiAxLjAKQ29udGVudC1UcmFuc2Zlci1FbmNvZGluZzogYmFzZTY0CgphR1ZzYkc4PQo="
BROKEN_MIME = "Q29udGVudC1UcmFuc2Zlci1FbmNvZGluZzogYmFzZTY0CgphYWFhYQo="
PACKED = "H4sIAAAAAAACA8tIzcnJ5wIAIDA6NgYAAAA="

DESCRIPTIONS: dict[str, dict[str, Any]] = {
    "least": {},
    "no NAT": {"network": {"nat": "none"}},
    "regional NAT": {"network": {"nat": "regional"}},
    "endpoints": {"network": {"interfaceEndpoints": True}},
    "public for a range": {
        "cluster": {"deletionProtection": True, "endpoint": {"public": True, "publicAccessCidrs": ["198.51.100.0/24"]}}
    },
    "extended": {"cluster": {"deletionProtection": True, "supportType": "EXTENDED"}},
    "Bottlerocket and prefixes": {
        "nodeGroups": {"a": {"amiType": "BOTTLEROCKET_x86_64"}},
        "addons": {"vpcCni": {"prefixDelegation": True}},
    },
    "snapshots": {"addons": {"snapshotController": {"enabled": True}}},
    "two zones": {"network": {"zoneCount": 2, "cidrBlock": "10.0.0.0/20"}},
    "administrators whose names begin alike": {
        "cluster": {
            "deletionProtection": True,
            "admins": {name: f"arn:aws:iam::123456789012:role/{name}" for name in ("a", "a-policy")},
        },
        "kubernetes": {"deployAs": "a-policy"},
    },
    "more pods on a node by prefixes": {
        "nodeGroups": {"a": {"instanceTypes": ["m6i.2xlarge"], "desiredSize": 4}},
        "addons": {"vpcCni": {"prefixDelegation": True}, "coredns": {"replicas": 200}},
        "network": {"zoneCount": 2},
    },
    "no EBS": {"addons": {"ebsCsi": {"enabled": False}}},
}


ANSWERED_FOR = {"NP-05"}
"""What every description of production has to answer for: a waiver is part of the stack, not of the plan."""


def merged(sections: Mapping[str, Any]) -> dict[str, Any]:
    return {**BASE, **sections}


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_a_sound_description_has_no_finding(name: str, described: Callable[[Mapping[str, object]], Plan]) -> None:
    planned = described(merged(DESCRIPTIONS[name]))

    outcome = rules.check(planned, rules.every(), today=date(2026, 11, 23))

    assert [(finding.rule, finding.found) for finding in outcome.findings if finding.rule not in ANSWERED_FOR] == []


CHANGED: dict[str, tuple[str, dict[str, Any]]] = {
    "flow logs off": ("NET-04", {"network": {"flowLogs": {"enabled": False}}}),
    "single NAT in production": ("NET-03", {"network": {"nat": "single"}}),
    "no protection in production": ("CP-07", {"cluster": {}}),
    "a month of logs in production": ("CP-03", {"cluster": {"deletionProtection": True, "logRetentionDays": 30}}),
    "policies off": ("NP-04", {"addons": {"vpcCni": {"networkPolicy": False}}}),
    "repair off": ("NODE-08", {"nodeGroups": {"a": {"nodeRepair": False}}}),
    "no zonal shift": ("CP-11", {"cluster": {"deletionProtection": True, "zonalShift": False}}),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_weakening_choice_of_a_description_is_one_finding(
    name: str, described: Callable[[Mapping[str, object]], Plan]
) -> None:
    rule, sections = CHANGED[name]

    outcome = rules.check(described(merged(sections)), rules.every(), today=date(2026, 11, 23))

    assert {finding.rule for finding in outcome.findings} - ANSWERED_FOR == {rule}


def trusting_pods(account: str = "123456789012") -> str:
    condition = {
        "StringEquals": {
            "aws:SourceAccount": account,
            "aws:SourceArn": f"arn:aws:eks:us-east-2:{account}:cluster/eks-cluster-prod",
        }
    }
    statement = {
        "Effect": "Allow",
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def forge(subject: str) -> str:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"},
        "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": subject}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def document(**parts: Any) -> tuple[Any, ...]:
    text = json.dumps({"Version": "2012-10-17", "Statement": [parts]})
    return ("add", "aws:iam/policy:Policy", "added", {"policy": text})


KEY = ("add", "aws:kms/key:Key", "added", {"enableKeyRotation": True})
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ENDPOINTS_OF_OTHERS: list[dict[str, Any]] = [
    {"vpcEndpointType": "GatewayLoadBalancer", "serviceName": "com.amazonaws.vpce.us-east-2.vpce-svc-1"},
    {"vpcEndpointType": "Interface", "serviceName": "com.amazonaws.vpce.us-east-2.vpce-svc-1"},
]
POOL_NODES = (
    "add",
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    "added",
    {
        "metadata": {"name": "a"},
        "spec": {
            "amiSelectorTerms": [{"alias": "bottlerocket@v1.50.0"}],
            "subnetSelectorTerms": [{"tags": {"kubernetes.io/role/internal-elb": "1"}}],
            "role": "@eks-node-role:name",
            "blockDeviceMappings": [
                {"deviceName": "/dev/xvda", "ebs": {"encrypted": True, "kmsKeyID": "@eks-volumes-alias:arn"}}
            ],
        },
    },
)
DELEGATIONS: list[dict[str, Any]] = [
    {
        "Effect": "Allow",
        "Action": ["iam:AttachRolePolicy", "iam:PutRolePolicy"],
        "Resource": "arn:aws:iam::123456789012:role/app-*",
        "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/Bound"}},
    },
    {
        "Effect": "Allow",
        "Action": "iam:AttachRolePolicy",
        "Resource": "*",
        "Condition": {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}},
    },
    {
        "Effect": "Allow",
        "Action": ["iam:PassRole", "ec2:RunInstances"],
        "Resource": "arn:aws:iam::123456789012:role/nodes",
        "Condition": {"StringLike": {"iam:PassedToService": "ec2.amazonaws.com"}},
    },
]
"""What Karpenter and delivery roles are given by their makers: bounded, or for named roles and services."""

DENIED = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["iam:Put*", "iam:Get*", "s3:Get*"], "Resource": "*"},
            {"Effect": "Deny", "Action": "iam:Put*Policy", "Resource": "*"},
            {"Effect": "Deny", "NotAction": ["iam:*", "s3:Get*Acl"], "Resource": "*"},
        ],
    }
)
BOUND = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
BOUNDED = ("put", "eks-node-role", "permissionsBoundary", "@bound:id")
IN_ORG = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Principal": "*",
            "Resource": "*",
            "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}},
        },
    }
)


SOUND: list[tuple[str, tuple[tuple[Any, ...], ...]]] = [
    ("CP-06", (("put", "eks-kube-proxy-addon", "addonVersion", None),)),
    ("CP-06", (("put", "eks-spot-ng", "version", "1.33"),)),
    ("CP-06", (("put", "eks-spot-ng", "clusterName", "elsewhere"),)),
    ("IAM-02", (("put", "eks-node-role", "assumeRolePolicy", forge("repo:acme/platform:*")),)),
    ("IAM-08", (document(Effect="Deny", Action="iam:PassRole", Resource="*"),)),
    (
        "NET-06",
        (
            (
                "add",
                CLASSIC,
                "added",
                {"type": "egress", "securityGroupId": "sg-1", "description": "x", "protocol": "-1"},
            ),
        ),
    ),
    ("CP-08", (("add", "kubernetes:core/v1:ConfigMap", "added", {"metadata": {"name": "other"}}),)),
    (
        "CP-09",
        (
            (
                "put",
                "eks-delivery-access-policy",
                "policyArn",
                "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            ),
        ),
    ),
    ("NET-01", (("drop", "eks-private-rta-us-east-2a"),)),
    (
        "NET-01",
        (
            (
                "put",
                "eks-private-rt-us-east-2a",
                "routes",
                [
                    {"cidrBlock": "0.0.0.0/0", "vpcPeeringConnectionId": "pcx-1"},
                    {"cidrBlock": "10.1.0.0/16", "gatewayId": "vgw-1"},
                ],
            ),
        ),
    ),
    ("NET-02", (("put", "eks-spot-lt", "networkInterfaces", [{"associatePublicIpAddress": "false"}]),)),
    ("NET-05", (("add", INGRESS, "added", {"securityGroupId": "sg-1"}),)),
    (
        "NET-06",
        (
            ("add", SG, "added", {"description": "x"}),
            ("add", "aws:lb/loadBalancer:LoadBalancer", "balancer", {"securityGroups": ["@added:id"]}),
            (
                "add",
                INGRESS,
                "rule",
                {
                    "securityGroupId": "@added:id",
                    "description": "HTTPS",
                    "ipProtocol": "tcp",
                    "fromPort": 443,
                    "toPort": 443,
                    "cidrIpv4": "0.0.0.0/0",
                },
            ),
        ),
    ),
    (
        "NET-06",
        (
            (
                "add",
                CLASSIC,
                "added",
                {
                    "type": "ingress",
                    "securityGroupId": "sg-1",
                    "self": True,
                    "description": "x",
                    "protocol": "6",
                    "fromPort": 1,
                    "toPort": 9,
                    "cidrBlocks": ["no range"],
                },
            ),
        ),
    ),
    (
        "NET-07",
        (
            (
                "add",
                EGRESS,
                "added",
                {
                    "securityGroupId": "sg-1",
                    "ipProtocol": "tcp",
                    "fromPort": 443,
                    "toPort": 443,
                    "cidrIpv4": "0.0.0.0/0",
                },
            ),
        ),
    ),
    (
        "NET-07",
        (
            (
                "add",
                CLASSIC,
                "added",
                {"type": "egress", "securityGroupId": "sg-1", "protocol": "-1", "sourceSecurityGroupId": "sg-2"},
            ),
        ),
    ),
    (
        "NET-08",
        (
            ("add", ACL_RULE, "one", {"ruleAction": "deny", "protocol": "-1", "cidrBlock": "0.0.0.0/0"}),
            (
                "add",
                ACL_RULE,
                "two",
                {"egress": True, "ruleAction": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0"},
            ),
        ),
    ),
    (
        "NET-08",
        (
            (
                "add",
                ACL_RULE,
                "one",
                {"ruleAction": "allow", "protocol": "6", "fromPort": 443, "toPort": 443, "cidrBlock": "0.0.0.0/0"},
            ),
        ),
    ),
    (
        "NET-10",
        (
            ("put", "eks-spot-lt", "vpcSecurityGroupIds", ["sg-of-eks", "sg-more"]),
            ("answer", "eks-cluster", "vpcConfig.clusterSecurityGroupId", "sg-of-eks"),
        ),
    ),
    (
        "NET-10",
        (
            ("answer", "eks-cluster", "vpcConfig.clusterSecurityGroupId", "sg-of-eks"),
            (
                "add",
                SG,
                "nodes",
                {
                    "ingress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["10.64.0.0/16"]}],
                    "egress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["10.0.0.0/8"]}],
                },
            ),
            (
                "add",
                INGRESS,
                "to-api",
                {
                    "securityGroupId": "sg-of-eks",
                    "ipProtocol": "tcp",
                    "fromPort": 443,
                    "toPort": 443,
                    "referencedSecurityGroupId": "@nodes:id",
                },
            ),
            ("put", "eks-spot-lt", "vpcSecurityGroupIds", ["@nodes:id"]),
        ),
    ),
    (
        "NODE-02",
        (
            (
                "put",
                "eks-spot-lt",
                "blockDeviceMappings",
                [
                    {"deviceName": "/dev/xvda", "ebs": {"encrypted": True, "kmsKeyId": "@eks-volumes-key:arn"}},
                    {"deviceName": "/dev/sdb", "virtualName": "ephemeral0"},
                ],
            ),
        ),
    ),
    ("NODE-03", (("put", "eks-spot-ng", "remoteAccess", {"ec2SshKey": "mine", "sourceSecurityGroupIds": ["sg-1"]}),)),
    *(
        (rule, (("put", "eks-spot-lt", "userData", data),))
        for rule in ("NODE-05", "NODE-06")
        for data in (PLAIN_DATA, MIME_DATA, BROKEN_MIME, PACKED)
    ),
    (
        "NODE-07",
        (
            ("put", "eks-node-role", "managedPolicyArns", ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy"]),
            ("drop", "eks-node-AmazonEKSWorkerNodePolicy"),
        ),
    ),
    (
        "IAM-03",
        (
            ("add", ROLE, "added", {"name": "added", "assumeRolePolicy": trusting_pods()}),
            ("add", POD_IDENTITY, "association", {"roleArn": "@added:id"}),
        ),
    ),
    ("IAM-04", (("add", POD_IDENTITY, "association", {"roleArn": "@eks-node-role:arn"}),)),
    (
        "IAM-04",
        (
            (
                "add",
                "aws:eks/addon:Addon",
                "added",
                {"addonName": "other", "serviceAccountRoleArn": "@eks-vpc-cni-role:arn"},
            ),
            ("put", "eks-vpc-cni-addon", "serviceAccountRoleArn", None),
        ),
    ),
    ("IAM-05", (document(Effect="Deny", Action="*", Resource="*"),)),
    (
        "IAM-08",
        (
            document(
                Effect="Allow",
                Action="iam:PassRole",
                Resource="arn:aws:iam::1:role/x",
                Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            ),
        ),
    ),
    ("IAM-08", (document(Effect="Allow", NotAction=["iam:*", "sts:*"], Resource="*"),)),
    (
        "IAM-09",
        (
            (
                "put",
                "eks-node-role",
                "assumeRolePolicy",
                '{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}}',
            ),
        ),
    ),
    ("IAM-10", (("put", "eks-*-role", "permissionsBoundary", "arn:aws:iam::1:policy/Boundary"),)),
    (
        "IAM-11",
        (
            document(
                Effect="Allow",
                Action="s3:Get*",
                Resource="arn:aws:s3:::bucket/*",
                Condition={"Bool": {"aws:SecureTransport": True}, "ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}},
            ),
        ),
    ),
    ("IAM-11", (document(Effect="Deny", NotAction="*", NotResource="arn:aws:s3:::bucket"),)),
    ("IAM-13", (("put", "eks-node-role", "assumeRolePolicy", forge("repo:acme/platform:ref:refs/heads/*")),)),
    ("DST-02", (("put", "eks-coredns-addon", "podIdentityAssociations", [{"roleArn": "@eks-node-role:arn"}]),)),
    ("DST-12", (("put", "eks-spot-ng", "nodeGroupName", None), ("set", "eks-spot-ng", "delete_before_replace", False))),
    ("DST-12", (("put", "eks-spot-ng", "launchTemplate", None),)),
    ("DST-12", (("put", "eks-spot-ng", "launchTemplate.version", "?"),)),
    ("DST-13", (("answer", "eks-cluster", "vpcConfig.clusterSecurityGroupId", "?"),)),
    (
        "DST-14",
        (
            ("add", FARGATE, "one", {"clusterName": "@eks-cluster:id"}, "eks-cluster"),
            ("add", FARGATE, "two", {"clusterName": "@eks-cluster:id"}, "one"),
            ("add", FARGATE, "far", {"clusterName": "elsewhere"}),
        ),
    ),
    ("NP-04", (("add", "aws:eks/addon:Addon", "added", {"addonName": "other"}),)),
    (
        "IAM-06",
        (document(Effect="Allow", Action="sqs:SendMessage", Resource="arn:aws:sqs:us-east-2:123456789012:jobs"),),
    ),
    ("IAM-06", (document(Effect="Allow", Action="ecr:PutImage", Resource="arn:aws:ecr:us-east-2:123456789012:*"),)),
    *(
        (rule, (("add", "aws:iam/policy:Policy", "bound", {"policy": BOUND}), BOUNDED))
        for rule in ("IAM-05", "IAM-06", "IAM-07", "IAM-08")
    ),
    *(("IAM-07", (document(**each),)) for each in DELEGATIONS),
    ("IAM-07", (("add", "aws:iam/policy:Policy", "added", {"policy": DENIED}),)),
    ("IAM-08", (document(**DELEGATIONS[2]),)),
    ("IAM-11", (("add", "aws:iam/policy:Policy", "added", {"policy": json.loads(DENIED)}),)),
    (
        "IAM-02",
        (
            (
                "add",
                "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
                "forge",
                {"url": "https://token.actions.githubusercontent.com", "clientIdLists": ["sts.amazonaws.com"]},
            ),
        ),
    ),
    (
        "IAM-13",
        (
            (
                "put",
                "eks-node-role",
                "assumeRolePolicy",
                forge("repo:acme/platform:*").replace("StringLike", "ForAnyValue:StringLike"),
            ),
        ),
    ),
    (
        "IAM-03",
        (
            (
                "add",
                ROLE,
                "added",
                {"name": "added", "assumeRolePolicy": trusting_pods().replace("StringEquals", "StringLike")},
            ),
            ("put", "eks-coredns-addon", "podIdentityAssociations", [{"roleArn": "@added:id"}]),
        ),
    ),
    ("CP-05", (KEY, ("add", "aws:kms/keyPolicy:KeyPolicy", "its", {"keyId": "@added:id", "policy": IN_ORG}))),
    (
        "CP-05",
        (
            KEY,
            ("put", "added", "customerMasterKeySpec", "ECC_NIST_P256"),
            ("put", "added", "enableKeyRotation", None),
            ("put", "added", "policy", IN_ORG),
        ),
    ),
    *(("NET-09", (("add", ENDPOINT, "added", inputs),)) for inputs in ENDPOINTS_OF_OTHERS),
    (
        "NET-09",
        (
            ("put", "eks-s3-endpoint", "policy", None),
            (
                "add",
                "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
                "added",
                {"vpcEndpointId": "@eks-s3-endpoint:id", "policy": IN_ORG},
            ),
        ),
    ),
    *(
        (rule, (POOL_NODES,))
        for rule in ("NET-01", "NET-02", "NODE-01", "NODE-02", "NODE-04", "NODE-05", "NODE-06", "NODE-07")
    ),
    *(
        (rule, (("put", "eks-spot-ng", "launchTemplate", {"name": "@eks-spot-lt:name", "version": "1"}),))
        for rule in ("NODE-01", "NODE-02", "NET-10", "DST-12")
    ),
    ("NODE-04", (("put", "eks-spot-ng", "amiType", None),)),
    (
        "NODE-02",
        (
            (
                "add",
                "kubernetes:storage.k8s.io/v1:StorageClass",
                "added",
                {"metadata": {"name": "a"}, "provisioner": "efs.csi.aws.com"},
            ),
        ),
    ),
    (
        "NET-01",
        (
            (
                "add",
                "aws:ec2/route:Route",
                "added",
                {
                    "routeTableId": "@eks-private-rt-us-east-2a:id",
                    "destinationIpv6CidrBlock": "::/0",
                    "egressOnlyGatewayId": "eigw-1",
                },
            ),
        ),
    ),
    (
        "NET-04",
        (("add", "aws:ec2/flowLog:FlowLog", "added", {"vpcId": "@eks-vpc:id", "trafficType": "REJECT"}),),
    ),
    *(
        (
            rule,
            tuple(
                step
                for zone in "abc"
                for step in (
                    ("put", f"eks-*-subnet-us-east-2{zone}", "availabilityZone", None),
                    ("put", f"eks-*-subnet-us-east-2{zone}", "availabilityZoneId", f"use2-az{zone}"),
                )
            ),
        )
        for rule in ("CP-10", "HA-06", "NET-03", "HA-04")
    ),
    (
        "NET-06",
        (
            ("add", SG, "added", {"description": "x"}),
            (
                "add",
                "kubernetes:networking.k8s.io/v1:Ingress",
                "web",
                {
                    "metadata": {
                        "name": "web",
                        "annotations": {"alb.ingress.kubernetes.io/security-groups": "sg-more, added-id"},
                    }
                },
            ),
            (
                "add",
                INGRESS,
                "rule",
                {
                    "securityGroupId": "@added:id",
                    "description": "HTTPS",
                    "ipProtocol": "tcp",
                    "fromPort": 443,
                    "toPort": 443,
                    "cidrIpv6": "::/0",
                },
            ),
        ),
    ),
    (
        "NET-12",
        (
            (
                "add",
                "aws:ec2/subnet:Subnet",
                "database",
                {"vpcId": "@eks-vpc:id", "availabilityZone": "us-east-2a", "cidrBlock": "10.64.250.0/24"},
            ),
        ),
    ),
    *((rule, (("put", "eks-spot-ng", "instanceTypes", None),)) for rule in ("NET-11", "HA-04", "HA-05")),
    (
        "NET-11",
        (
            ("put", "eks-spot-ng", "instanceTypes", None),
            ("put", "eks-spot-lt", "instanceType", "t3.large"),
        ),
    ),
    (
        "IAM-05",
        (
            (
                "add",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "added",
                {"role": "@eks-ebs-csi-role:id", "policyArn": "arn:aws:iam::123456789012:policy/ReadOnlyAccess"},
            ),
        ),
    ),
]


@pytest.mark.parametrize(("rule", "steps"), SOUND, ids=[f"{row[0]}-{index}" for index, row in enumerate(SOUND)])
def test_a_sound_addition_has_no_finding(
    rule: str, steps: tuple[tuple[Any, ...], ...], judged: Callable[..., rules.Result]
) -> None:
    result = judged(rule, *steps)

    assert [finding.found for finding in result.findings] == []
    assert result.status is Status.PASSED
