"""For every rule, faults planted into the plan of the shipped platform, and what the rule must find of each."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from seatrial import rules
from seatrial.rules import Status

USER_DATA = {
    "password": "ZGJfcGFzc3dvcmQ9IlhrOSN2UTJtWjchdExwIgo=",  # db_password="…"
    "anonymous": "a3ViZWxldDoKICBhbm9ueW1vdXMtYXV0aDogdHJ1ZQo=",  # kubelet: anonymous-auth: true
    "key": "ZXhwb3J0IEFXU19BQ0NFU1NfS0VZX0lEPUFLSUFJT1NGT0ROTjdFWEFNUExFCg==",  # export AWS_ACCESS_KEY_ID=AKIA…
}
ANYWHERE = "0.0.0.0/0"
SG = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ENTRY = "aws:eks/accessEntry:AccessEntry"
FARGATE = "aws:eks/fargateProfile:FargateProfile"
GROUP_ADDED: tuple[Any, ...] = (
    "add",
    SG,
    "added",
    {"description": "ours", "vpcId": "@eks-vpc:id", "ingress": [], "egress": []},
)
BARE_NAT = ("put", "eks-private-default-route-us-east-2b", "natGatewayId", "@eks-nat-us-east-2a:id")


def allows(**parts: Any) -> str:
    """A document of one statement that allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **parts}]})


def trusting_pods(**conditions: Any) -> tuple[Any, ...]:
    trust = allows(
        Action=["sts:AssumeRole", "sts:TagSession"],
        Principal={"Service": "pods.eks.amazonaws.com"},
        Condition={"StringEquals": {"aws:SourceAccount": "123456789012", **conditions}},
    )
    return ("add", ROLE, "added", {"assumeRolePolicy": trust, "name": "added"})


def policy(document: str) -> tuple[Any, ...]:
    return ("add", ROLE_POLICY, "added", {"policy": document, "role": "@eks-ebs-csi-role:id"})


def node_class(**spec: Any) -> tuple[Any, ...]:
    return ("add", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "added", {"metadata": {"name": "a"}, "spec": spec})


CLASSES: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        "NET-01",
        {
            "subnetSelectorTerms": [
                {"tags": {"kubernetes.io/role/elb": "1", "Name": "*2a*"}},
                {"id": "subnet-elsewhere"},
            ]
        },
        ["spec.subnetSelectorTerms[0]", "spec.subnetSelectorTerms[1]"],
    ),
    (
        "NET-01",
        {
            "subnetSelectorTerms": [
                {"tags": {"kubernetes.io/role/elb": "*"}},
                {"id": "@eks-public-subnet-us-east-2a:id"},
            ]
        },
        [
            *(f"spec.subnetSelectorTerms[0].eks-public-subnet-us-east-2{zone}-prod" for zone in "abc"),
            "spec.subnetSelectorTerms[1].eks-public-subnet-us-east-2a-prod",
        ],
    ),
    ("NET-02", {"associatePublicIPAddress": True}, ["spec.associatePublicIPAddress"]),
    (
        "NODE-01",
        {"metadataOptions": {"httpTokens": "optional", "httpPutResponseHopLimit": 2}},
        ["spec.metadataOptions.httpPutResponseHopLimit", "spec.metadataOptions.httpTokens"],
    ),
    ("NODE-02", {}, ["spec.blockDeviceMappings"]),
    (
        "NODE-02",
        {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"encrypted": False}}]},
        ["spec.blockDeviceMappings[0].ebs.encrypted", "spec.blockDeviceMappings[0].ebs.kmsKeyID"],
    ),
    (
        "NODE-04",
        {"amiSelectorTerms": [{"alias": "al2023@latest"}, {"name": "mine-*"}]},
        ["spec.amiSelectorTerms[0].alias", "spec.amiSelectorTerms[1].alias"],
    ),
    ("NODE-05", {"userData": "kubelet --read-only-port=10255"}, ["spec.userData"]),
    ("NODE-06", {"userData": "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE"}, ["spec.userData"]),
]

DISK_KEY = "eks-spot-lt blockDeviceMappings[0].ebs.kmsKeyId"
LIKE_ANY = {"StringLike": {"iam:PassedToService": "*"}}

FAULTS: list[tuple[str, tuple[tuple[Any, ...], ...], list[str]]] = [
    (
        "NET-10",
        (
            ("answer", "eks-cluster", "vpcConfig.clusterSecurityGroupId", "sg-of-eks"),
            ("add", EGRESS, "out", {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}),
            ("put", "eks-spot-lt", "vpcSecurityGroupIds", ["sg-1"]),
        ),
        ["eks-spot-lt vpcSecurityGroupIds"],
    ),
    (
        "CP-01",
        (("put", "eks-cluster", "vpcConfig.endpointPrivateAccess", False),),
        ["eks-cluster vpcConfig.endpointPrivateAccess"],
    ),
    (
        "CP-01",
        (("put", "eks-cluster", "vpcConfig.endpointPublicAccess", True),),
        ["eks-cluster vpcConfig.publicAccessCidrs"],
    ),
    (
        "CP-01",
        (
            ("put", "eks-cluster", "vpcConfig.endpointPublicAccess", True),
            (
                "put",
                "eks-cluster",
                "vpcConfig.publicAccessCidrs",
                ["198.51.100.0/24", ANYWHERE, "::/0", "20.0.0.0/8", "no range", "?"],
            ),
        ),
        [f"eks-cluster vpcConfig.publicAccessCidrs[{index}]" for index in (1, 2, 3, 4, 5)],
    ),
    (
        "CP-02",
        (("put", "eks-cluster", "enabledClusterLogTypes", ["api", "audit"]),),
        ["eks-cluster enabledClusterLogTypes"],
    ),
    ("CP-02", (("put", "eks-cluster", "enabledClusterLogTypes", None),), ["eks-cluster enabledClusterLogTypes"]),
    ("CP-03", (("put", "eks-cluster-logs", "retentionInDays", 60),), ["eks-cluster-logs retentionInDays"]),
    ("CP-03", (("put", "eks-cluster-logs", "retentionInDays", None),), ["eks-cluster-logs retentionInDays"]),
    ("CP-03", (("put", "eks-cluster-logs", "kmsKeyId", None),), ["eks-cluster-logs kmsKeyId"]),
    ("CP-03", (("put", "eks-cluster-logs", "name", "/aws/eks/other/cluster"),), ["eks-cluster enabledClusterLogTypes"]),
    ("CP-03", (("cut", "eks-cluster", "eks-cluster-logs"),), ["eks-cluster"]),
    (
        "CP-04",
        (("put", "eks-cluster", "encryptionConfig", None),),
        ["eks-cluster encryptionConfig.provider.keyArn", "eks-cluster encryptionConfig.resources"],
    ),
    (
        "CP-04",
        (("put", "eks-cluster", "encryptionConfig.provider.keyArn", "arn:aws:kms:us-east-2:1:key/other"),),
        ["eks-cluster encryptionConfig.provider.keyArn"],
    ),
    ("CP-05", (("put", "eks-logs-key", "enableKeyRotation", False),), ["eks-logs-key enableKeyRotation"]),
    ("CP-05", (("put", "eks-logs-key", "deletionWindowInDays", 3),), ["eks-logs-key deletionWindowInDays"]),
    ("CP-05", (("put", "eks-logs-key", "policy", None),), ["eks-logs-key policy"]),
    ("CP-05", (("put", "eks-logs-key", "policy", "{}"),), ["eks-logs-key policy"]),
    (
        "CP-05",
        (("put", "eks-logs-key", "policy", allows(Action="kms:*", Resource="*", Principal="*")),),
        ["eks-logs-key policy"],
    ),
    (
        "CP-05",
        (("replace", "eks-volumes-key", "policy", '"kms:CallerAccount":"123456789012",', ""),),
        ["eks-volumes-key policy"],
    ),
    (
        "CP-06",
        (("put", "eks-cluster", "version", "1.33"),),
        ["eks-cluster version", "eks-kube-proxy-addon addonVersion", "eks-ondemand-ng version", "eks-spot-ng version"],
    ),
    ("CP-06", (("put", "eks-spot-ng", "version", "1.32"),), ["eks-spot-ng version"]),
    (
        "CP-06",
        (("put", "eks-kube-proxy-addon", "addonVersion", "v1.37.0-eksbuild.1"),),
        ["eks-kube-proxy-addon addonVersion"],
    ),
    ("CP-07", (("put", "eks-cluster", "deletionProtection", False),), ["eks-cluster deletionProtection"]),
    ("CP-07", (("put", "eks-cluster", "deletionProtection", None),), ["eks-cluster deletionProtection"]),
    (
        "CP-08",
        (("put", "eks-cluster", "accessConfig.authenticationMode", "API_AND_CONFIG_MAP"),),
        ["eks-cluster accessConfig.authenticationMode"],
    ),
    (
        "CP-08",
        (("put", "eks-cluster", "accessConfig.bootstrapClusterCreatorAdminPermissions", None),),
        ["eks-cluster accessConfig.bootstrapClusterCreatorAdminPermissions"],
    ),
    (
        "CP-08",
        (("add", "kubernetes:core/v1:ConfigMap", "added", {"metadata": {"name": "aws-auth"}}),),
        ["added metadata.name"],
    ),
    (
        "CP-09",
        (("put", "eks-delivery-access-policy", "principalArn", "arn:aws:iam::000000000000:role/stranger"),),
        ["eks-delivery-access-policy principalArn"],
    ),
    (
        "CP-09",
        (("put", "eks-delivery-access", "kubernetesGroups", ["system:masters"]),),
        ["eks-delivery-access kubernetesGroups"],
    ),
    (
        "CP-10",
        (("put", "eks-cluster", "vpcConfig.subnetIds", ["@eks-private-subnet-us-east-2a:id"]),),
        ["eks-cluster vpcConfig.subnetIds"],
    ),
    (
        "CP-10",
        (
            (
                "put",
                "eks-cluster",
                "vpcConfig.subnetIds",
                ["@eks-private-subnet-us-east-2a:id", "@eks-public-subnet-us-east-2b:id"],
            ),
        ),
        ["eks-cluster vpcConfig.subnetIds[1]"],
    ),
    ("CP-11", (("put", "eks-cluster", "upgradePolicy", None),), ["eks-cluster upgradePolicy.supportType"]),
    ("CP-11", (("put", "eks-cluster", "zonalShiftConfig.enabled", False),), ["eks-cluster zonalShiftConfig.enabled"]),
    (
        "NET-01",
        (
            (
                "put",
                "eks-spot-ng",
                "subnetIds",
                ["@eks-public-subnet-us-east-2a:id", "@eks-private-subnet-us-east-2b:id"],
            ),
        ),
        ["eks-spot-ng subnetIds[0]"],
    ),
    ("NET-01", (("put", "eks-spot-ng", "subnetIds", ["subnet-elsewhere"]),), ["eks-spot-ng subnetIds"]),
    (
        "NET-01",
        (("put", "eks-private-rta-us-east-2a", "routeTableId", "@eks-public-rt:id"),),
        ["eks-ondemand-ng subnetIds[0]", "eks-spot-ng subnetIds[0]"],
    ),
    (
        "NET-01",
        (
            ("put", "eks-private-default-route-us-east-2c", "natGatewayId", None),
            ("put", "eks-private-default-route-us-east-2c", "gatewayId", "igw-0123"),
        ),
        ["eks-ondemand-ng subnetIds[2]", "eks-spot-ng subnetIds[2]"],
    ),
    (
        "NET-01",
        (("put", "eks-private-rt-us-east-2a", "routes", [{"ipv6CidrBlock": "::/0", "gatewayId": "@eks-igw:id"}]),),
        ["eks-ondemand-ng subnetIds[0]", "eks-spot-ng subnetIds[0]"],
    ),
    (
        "NET-01",
        (
            ("drop", "eks-private-rta-us-east-2a"),
            (
                "add",
                "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
                "main",
                {"vpcId": "@eks-vpc:id", "routeTableId": "@eks-public-rt:id"},
            ),
        ),
        ["eks-ondemand-ng subnetIds[0]", "eks-spot-ng subnetIds[0]"],
    ),
    (
        "NET-02",
        (("put", "eks-public-subnet-us-east-2a", "mapPublicIpOnLaunch", True),),
        ["eks-public-subnet-us-east-2a mapPublicIpOnLaunch"],
    ),
    (
        "NET-02",
        (("put", "eks-spot-lt", "networkInterfaces", [{"associatePublicIpAddress": "true"}]),),
        ["eks-spot-lt networkInterfaces[0].associatePublicIpAddress"],
    ),
    ("NET-03", (BARE_NAT,), ["eks-private-subnet-us-east-2b availabilityZone"]),
    ("NET-03", (("drop", "eks-nat-us-east-2c"),), ["eks-private-subnet-us-east-2c availabilityZone"]),
    ("NET-04", (("put", "eks-flow-log", "trafficType", "REJECT"),), ["eks-flow-log trafficType"]),
    ("NET-04", (("drop", "eks-flow-log"),), ["eks-vpc"]),
    ("NET-05", (("drop", "eks-default-sg"),), ["eks-vpc"]),
    (
        "NET-05",
        (
            (
                "put",
                "eks-default-sg",
                "egress",
                [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": [ANYWHERE]}],
            ),
        ),
        ["eks-default-sg egress"],
    ),
    (
        "NET-05",
        (
            (
                "add",
                INGRESS,
                "added",
                {
                    "securityGroupId": "@eks-default-sg:id",
                    "ipProtocol": "tcp",
                    "fromPort": 1,
                    "toPort": 2,
                    "cidrIpv4": "10.0.0.0/16",
                },
            ),
        ),
        ["added"],
    ),
    (
        "NET-06",
        (
            (
                "add",
                INGRESS,
                "added",
                {
                    "securityGroupId": "sg-1",
                    "description": "x",
                    "ipProtocol": "tcp",
                    "fromPort": 22,
                    "toPort": 22,
                    "cidrIpv4": ANYWHERE,
                },
            ),
        ),
        ["added"],
    ),
    (
        "NET-06",
        (
            (
                "add",
                INGRESS,
                "added",
                {
                    "securityGroupId": "sg-1",
                    "ipProtocol": "tcp",
                    "fromPort": 22,
                    "toPort": 22,
                    "cidrIpv4": "10.0.0.0/16",
                },
            ),
        ),
        ["added description"],
    ),
    (
        "NET-06",
        (
            (
                "add",
                "aws:ec2/securityGroupRule:SecurityGroupRule",
                "added",
                {
                    "type": "ingress",
                    "securityGroupId": "sg-1",
                    "description": "x",
                    "protocol": "tcp",
                    "fromPort": 443,
                    "toPort": 443,
                    "ipv6CidrBlocks": ["::/0"],
                },
            ),
        ),
        ["added"],
    ),
    (
        "NET-06",
        (
            GROUP_ADDED,
            (
                "put",
                "added",
                "ingress",
                [
                    {
                        "protocol": "all",
                        "fromPort": 0,
                        "toPort": 0,
                        "cidrBlocks": ["128.0.0.0/1"],
                        "description": "x",
                        "self": True,
                    }
                ],
            ),
        ),
        ["added ingress[0].cidrBlocks"],
    ),
    (
        "NET-07",
        (
            (
                "add",
                EGRESS,
                "added",
                {"securityGroupId": "sg-1", "description": "x", "ipProtocol": "-1", "cidrIpv4": ANYWHERE},
            ),
        ),
        ["added"],
    ),
    (
        "NET-08",
        (
            (
                "add",
                "aws:ec2/networkAcl:NetworkAcl",
                "added",
                {
                    "ingress": [
                        {"action": "allow", "protocol": "tcp", "fromPort": 20, "toPort": 25, "cidrBlock": ANYWHERE}
                    ]
                },
            ),
        ),
        ["added ingress[0]"],
    ),
    (
        "NET-08",
        (
            (
                "add",
                "aws:ec2/networkAclRule:NetworkAclRule",
                "added",
                {"ruleAction": "allow", "protocol": "-1", "ipv6CidrBlock": "::/0"},
            ),
        ),
        ["added"],
    ),
    ("NET-09", (("drop", "eks-s3-endpoint"),), [f"eks-private-subnet-us-east-2{zone}" for zone in "abc"]),
    (
        "NET-09",
        (("put", "eks-s3-endpoint", "routeTableIds", ["@eks-private-rt-us-east-2a:id"]),),
        ["eks-private-subnet-us-east-2b", "eks-private-subnet-us-east-2c"],
    ),
    ("NET-09", (("drop", "eks-private-default-route-us-east-2a"),), ["eks-private-subnet-us-east-2a"]),
    ("NET-09", (("put", "eks-s3-endpoint", "policy", None),), ["eks-s3-endpoint policy"]),
    ("NET-09", (("put", "eks-s3-endpoint", "policy", "no"),), ["eks-s3-endpoint policy"]),
    (
        "NET-09",
        (("put", "eks-s3-endpoint", "policy", allows(Action="*", Resource="*", Principal="*")),),
        ["eks-s3-endpoint policy"],
    ),
    (
        "NET-09",
        (
            (
                "add",
                ENDPOINT,
                "added",
                {
                    "vpcEndpointType": "Interface",
                    "serviceName": "com.amazonaws.us-east-2.sts",
                    "policy": allows(Action="sts:*", Resource="arn:aws:iam::1:role/x", Principal="*"),
                },
            ),
        ),
        ["added privateDnsEnabled"],
    ),
    ("NET-10", (("put", "eks-spot-lt", "vpcSecurityGroupIds", ["sg-alone"]),), ["eks-spot-lt vpcSecurityGroupIds"]),
    (
        "NET-10",
        (("put", "eks-spot-lt", "networkInterfaces", [{"securityGroups": ["sg-alone"]}]),),
        ["eks-spot-lt networkInterfaces[0].securityGroups"],
    ),
    (
        "NET-11",
        (("put", "eks-private-subnet-*", "cidrBlock", "10.64.0.0/26"),),
        ["eks-ondemand-ng scalingConfig.maxSize", "eks-spot-ng scalingConfig.maxSize"],
    ),
    ("NET-11", (("put", "eks-spot-ng", "scalingConfig.maxSize", 5000),), ["eks-spot-ng scalingConfig.maxSize"]),
    (
        "NET-11",
        (("put", "eks-private-subnet-*", "cidrBlock", "no range"),),
        ["eks-ondemand-ng scalingConfig.maxSize", "eks-spot-ng scalingConfig.maxSize"],
    ),
    (
        "NET-12",
        (("put", "eks-private-subnet-us-east-2a", "tags", {"kubernetes.io/role/elb": "1"}),),
        ["eks-private-subnet-us-east-2a tags"],
    ),
    ("NET-12", (("put", "eks-public-subnet-us-east-2a", "tags", None),), ["eks-public-subnet-us-east-2a tags"]),
    (
        "NET-12",
        (GROUP_ADDED, ("put", "added", "tags", {"kubernetes.io/cluster/eks-cluster-prod": "owned"})),
        ["added tags"],
    ),
    (
        "NODE-01",
        (("put", "eks-spot-lt", "metadataOptions.httpTokens", "optional"),),
        ["eks-spot-lt metadataOptions.httpTokens"],
    ),
    (
        "NODE-01",
        (("put", "eks-spot-lt", "metadataOptions.httpPutResponseHopLimit", 2),),
        ["eks-spot-lt metadataOptions.httpPutResponseHopLimit"],
    ),
    ("NODE-01", (("put", "eks-spot-ng", "launchTemplate", None),), ["eks-spot-ng launchTemplate"]),
    (
        "NODE-02",
        (("put", "eks-spot-lt", "blockDeviceMappings.0.ebs.encrypted", "false"),),
        ["eks-spot-lt blockDeviceMappings[0].ebs.encrypted"],
    ),
    (
        "NODE-02",
        (("put", "eks-spot-lt", "blockDeviceMappings.0.ebs.kmsKeyId", None),),
        ["eks-spot-lt blockDeviceMappings[0].ebs.kmsKeyId"],
    ),
    ("NODE-02", (("put", "eks-spot-lt", "blockDeviceMappings", []),), ["eks-spot-ng launchTemplate"]),
    ("NODE-02", (("put", "eks-spot-ng", "amiType", "BOTTLEROCKET_x86_64"),), ["eks-spot-ng launchTemplate"]),
    ("NODE-02", (("put", "eks-spot-ng", "launchTemplate.id", "lt-elsewhere"),), ["eks-spot-ng launchTemplate"]),
    ("NODE-03", (("put", "eks-spot-ng", "remoteAccess", {"ec2SshKey": "mine"}),), ["eks-spot-ng remoteAccess"]),
    ("NODE-03", (("put", "eks-spot-lt", "keyName", "mine"),), ["eks-spot-lt keyName"]),
    ("NODE-04", (("put", "eks-spot-ng", "amiType", "AL2_x86_64"),), ["eks-spot-ng amiType"]),
    ("NODE-04", (("put", "eks-spot-lt", "imageId", "ami-0123"),), ["eks-spot-lt imageId"]),
    ("NODE-05", (("put", "eks-spot-lt", "userData", USER_DATA["anonymous"]),), ["eks-spot-lt userData"]),
    ("NODE-06", (("put", "eks-spot-lt", "userData", USER_DATA["key"]),), ["eks-spot-lt userData"]),
    ("NODE-06", (("put", "eks-spot-lt", "userData", USER_DATA["password"]),), ["eks-spot-lt userData"]),
    (
        "NODE-07",
        (
            (
                "add",
                ATTACHMENT,
                "added",
                {"role": "@eks-node-role:id", "policyArn": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"},
            ),
        ),
        ["added policyArn"],
    ),
    ("NODE-07", (("add", ROLE_POLICY, "added", {"role": "@eks-node-role:id", "policy": "{}"}),), ["added policy"]),
    ("NODE-07", (("put", "eks-node-role", "inlinePolicies", [{"policy": "{}"}]),), ["eks-node-role inlinePolicies[0]"]),
    (
        "NODE-07",
        (("put", "eks-node-role", "managedPolicyArns", ["arn:aws:iam::1:policy/Own"]),),
        ["eks-node-role managedPolicyArns[0]"],
    ),
    ("NODE-07", (("drop", "eks-node-AmazonEKSWorkerNodePolicy"),), ["eks-node-role"]),
    ("NODE-08", (("put", "eks-spot-ng", "updateConfig", None),), ["eks-spot-ng updateConfig"]),
    ("NODE-08", (("put", "eks-spot-ng", "updateConfig", {"maxUnavailable": True}),), ["eks-spot-ng updateConfig"]),
    ("NODE-08", (("put", "eks-spot-ng", "updateConfig", {"maxUnavailable": "one"}),), ["eks-spot-ng updateConfig"]),
    ("NODE-08", (("put", "eks-spot-ng", "nodeRepairConfig.enabled", False),), ["eks-spot-ng nodeRepairConfig.enabled"]),
    (
        "IAM-01",
        (("replace", "eks-vpc-cni-role", "assumeRolePolicy", "StringEquals", "StringLike"),),
        [f"eks-vpc-cni-role assumeRolePolicy.Statement[0].Condition.{claim}" for claim in ("aud", "sub")],
    ),
    (
        "IAM-01",
        (("replace", "eks-vpc-cni-role", "assumeRolePolicy", ":aws-node", ":*"),),
        ["eks-vpc-cni-role assumeRolePolicy.Statement[0].Condition.sub"],
    ),
    (
        "IAM-01",
        (
            (
                "replace",
                "eks-vpc-cni-role",
                "assumeRolePolicy",
                '"system:serviceaccount:kube-system:aws-node"',
                '["system:serviceaccount:kube-system:aws-node","system:serviceaccount:kube-system:other"]',
            ),
        ),
        ["eks-vpc-cni-role assumeRolePolicy", "eks-vpc-cni-role assumeRolePolicy.Statement[0].Condition.sub"],
    ),
    (
        "IAM-01",
        (("replace", "eks-vpc-cni-role", "assumeRolePolicy", "sts.amazonaws.com", "other.example.com"),),
        ["eks-vpc-cni-role assumeRolePolicy.Statement[0].Condition.aud"],
    ),
    (
        "IAM-01",
        (("replace", "eks-vpc-cni-role", "assumeRolePolicy", '"Condition"', '"Ignored"'),),
        [f"eks-vpc-cni-role assumeRolePolicy.Statement[0].Condition.{claim}" for claim in ("aud", "sub")],
    ),
    (
        "IAM-01",
        (
            (
                "put",
                "eks-vpc-cni-role",
                "assumeRolePolicy",
                allows(Action="sts:AssumeRoleWithWebIdentity", Principal={"Federated": "*"}),
            ),
        ),
        [f"eks-vpc-cni-role assumeRolePolicy.Statement[0].Condition.{claim}" for claim in ("aud", "sub")],
    ),
    (
        "IAM-02",
        (("put", "eks-oidc-provider", "url", "https://oidc.eks.us-east-2.amazonaws.com/id/OTHER"),),
        ["eks-oidc-provider url"],
    ),
    (
        "IAM-02",
        (("put", "eks-oidc-provider", "clientIdLists", ["sts.amazonaws.com", "other"]),),
        ["eks-oidc-provider clientIdLists"],
    ),
    (
        "IAM-02",
        (
            (
                "replace",
                "eks-vpc-cni-role",
                "assumeRolePolicy",
                "oidc-provider/oidc.eks.us-east-2",
                "oidc-provider/oidc.eks.eu-west-1",
            ),
        ),
        [
            "eks-vpc-cni-role assumeRolePolicy.Statement[0].Condition",
            "eks-vpc-cni-role assumeRolePolicy.Statement[0].Principal.Federated",
        ],
    ),
    ("IAM-03", (trusting_pods(),), ["added assumeRolePolicy.Statement[0].Condition.aws:SourceArn"]),
    (
        "IAM-03",
        (trusting_pods(**{"aws:SourceArn": "arn:aws:eks:us-east-2:123456789012:cluster/other"}),),
        ["added assumeRolePolicy.Statement[0].Condition.aws:SourceArn"],
    ),
    (
        "IAM-03",
        (
            (
                "put",
                "eks-node-role",
                "assumeRolePolicy",
                allows(Action="sts:AssumeRole", Principal={"Service": "pods.eks.amazonaws.com"}),
            ),
        ),
        [
            f"eks-node-role assumeRolePolicy.Statement[0].{part}"
            for part in ("Action", "Condition.aws:SourceAccount", "Condition.aws:SourceArn")
        ],
    ),
    (
        "IAM-03",
        (("add", "aws:eks/podIdentityAssociation:PodIdentityAssociation", "added", {"roleArn": "@eks-node-role:arn"}),),
        ["eks-node-role assumeRolePolicy"],
    ),
    (
        "IAM-04",
        (("put", "eks-aws-ebs-csi-driver-addon", "serviceAccountRoleArn", "@eks-vpc-cni-role:arn"),),
        ["eks-aws-ebs-csi-driver-addon serviceAccountRoleArn", "eks-vpc-cni-addon serviceAccountRoleArn"],
    ),
    (
        "IAM-04",
        (("put", "eks-vpc-cni-addon", "serviceAccountRoleArn", "arn:aws:iam::1:role/elsewhere"),),
        ["eks-vpc-cni-addon serviceAccountRoleArn"],
    ),
    (
        "IAM-04",
        (("replace", "eks-vpc-cni-role", "assumeRolePolicy", ":aws-node", ":ebs-csi-controller-sa"),),
        [
            "eks-ebs-csi-role assumeRolePolicy",
            "eks-vpc-cni-addon serviceAccountRoleArn",
            "eks-vpc-cni-role assumeRolePolicy",
        ],
    ),
    (
        "IAM-04",
        (
            (
                "add",
                "aws:eks/podIdentityAssociation:PodIdentityAssociation",
                "added",
                {"roleArn": "arn:aws:iam::1:role/elsewhere"},
            ),
        ),
        ["added roleArn"],
    ),
    (
        "IAM-04",
        tuple(
            ("add", "aws:eks/podIdentityAssociation:PodIdentityAssociation", name, {"roleArn": "@eks-node-role:arn"})
            for name in ("one", "two")
        ),
        ["one roleArn", "two roleArn"],
    ),
    ("IAM-05", (policy(allows(Action="*", Resource="*")),), ["added policy.Statement[0].Action"]),
    ("IAM-05", (policy(allows(Action=["ec2:Describe*", "s3:*"], Resource="*")),), ["added policy.Statement[0].Action"]),
    ("IAM-05", (policy(allows(Action="s3:?*", Resource="*")),), ["added policy.Statement[0].Action"]),
    ("IAM-05", (policy(allows(NotAction="iam:*", Resource="*")),), ["added policy.Statement[0].NotAction"]),
    (
        "IAM-05",
        (
            (
                "add",
                ATTACHMENT,
                "added",
                {"role": "@eks-ebs-csi-role:id", "policyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"},
            ),
        ),
        ["added policyArn"],
    ),
    (
        "IAM-05",
        (("put", "eks-node-role", "managedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),),
        ["eks-node-role managedPolicyArns[0]"],
    ),
    ("IAM-08", (policy(allows(Action="iam:Pass*", Resource="*")),), ["added policy.Statement[0]"]),
    (
        "IAM-08",
        (policy(allows(Action="iam:PassRole", Resource="arn:aws:iam::1:role/eks-node-role-prod")),),
        ["added policy.Statement[0]"],
    ),
    (
        "IAM-08",
        (policy(allows(NotAction="ec2:*", NotResource="arn:aws:iam::1:role/x")),),
        ["added policy.Statement[0]"],
    ),
    (
        "IAM-09",
        (("replace", "eks-cluster-role", "assumeRolePolicy", '"Condition"', '"Ignored"'),),
        ["eks-cluster-role assumeRolePolicy.Statement[0].Condition"],
    ),
    (
        "IAM-09",
        (
            (
                "put",
                "eks-cluster-role",
                "assumeRolePolicy",
                allows(
                    Action="sts:AssumeRole",
                    Principal={"Service": "eks.amazonaws.com"},
                    Condition={"ArnLike": {"aws:SourceArn": "arn:aws:eks:*:*:cluster/x"}},
                ),
            ),
        ),
        ["eks-cluster-role assumeRolePolicy.Statement[0].Condition"],
    ),
    (
        "IAM-09",
        (("put", "eks-node-role", "assumeRolePolicy", allows(Action="sts:AssumeRole", Principal={"AWS": "*"})),),
        ["eks-node-role assumeRolePolicy.Statement[0].Principal"],
    ),
    (
        "IAM-10",
        (("put", "eks-node-role", "permissionsBoundary", "arn:aws:iam::1:policy/Boundary"),),
        [
            f"eks-{name}-role permissionsBoundary"
            for name in (
                *("cluster-autoscaler", "cluster", "ebs-csi", "flow-logs"),
                *("irsa-demo", "load-balancer-controller", "vpc-cni"),
            )
        ],
    ),
    ("IAM-10", (("put", "eks-*-role", "path", "/eks/"), ("put", "eks-node-role", "path", "/")), ["eks-node-role path"]),
    (
        "IAM-11",
        (policy(allows(Action="ec2:DescribeNothing", Resource="*")),),
        ["added policy.Statement[0].Action[ec2:DescribeNothing]"],
    ),
    (
        "IAM-11",
        (policy(allows(Action="nothing", Resource="arn:aws:ec2")),),
        ["added policy.Statement[0].Action[nothing]", "added policy.Statement[0].Resource[arn:aws:ec2]"],
    ),
    (
        "IAM-11",
        (policy('{"Statement":{"Effect":"Permit","Action":"s3:GetObject","Resource":"*"}}'),),
        ["added policy", "added policy.Statement[0].Effect"],
    ),
    (
        "IAM-11",
        (policy(allows(Action="s3:GetObject", NotAction="s3:PutObject", Principal="*")),),
        [f"added policy.Statement[0].{part}" for part in ("Action", "Principal", "Resource")],
    ),
    (
        "IAM-11",
        (
            policy(
                allows(
                    Action="s3:GetObject",
                    Resource="*",
                    Condition={"Equals": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:Nothing": "x"}},
                )
            ),
        ),
        ["added policy.Statement[0].Condition.Equals", "added policy.Statement[0].Condition.StringEquals[aws:Nothing]"],
    ),
    (
        "IAM-11",
        (("put", "eks-node-role", "assumeRolePolicy", allows(Resource="*")),),
        [f"eks-node-role assumeRolePolicy.Statement[0].{part}" for part in ("Action", "Principal", "Resource")],
    ),
    ("IAM-11", (policy("no document"),), ["added policy"]),
    ("IAM-11", (policy("[]"),), ["added policy"]),
    ("IAM-11", (policy('{"Statement":["no"]}'),), ["added policy"]),
    ("IAM-11", (policy('{"Statement":{"Condition":"no"}}'),), ["added policy"]),
    ("IAM-13", (("add", "aws:iam/user:User", "added", {}),), ["added"]),
    (
        "IAM-13",
        (
            (
                "put",
                "eks-node-role",
                "assumeRolePolicy",
                allows(
                    Action="sts:AssumeRoleWithWebIdentity",
                    Principal={"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"},
                    Condition={
                        "StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*:ref:refs/heads/main"}
                    },
                ),
            ),
        ),
        ["eks-node-role assumeRolePolicy.Statement[0].Condition"],
    ),
    (
        "IAM-13",
        (
            (
                "put",
                "eks-node-role",
                "assumeRolePolicy",
                allows(
                    Action="sts:AssumeRoleWithWebIdentity",
                    Principal={"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"},
                ),
            ),
        ),
        ["eks-node-role assumeRolePolicy.Statement[0].Condition"],
    ),
    (
        "DST-01",
        (("cut", "*", "eks-vpc-cni-addon"),),
        [f"eks-{name}-ng dependsOn.eks-vpc-cni-addon-prod" for name in ("ondemand", "spot")],
    ),
    (
        "DST-01",
        (("cut", "eks-coredns-addon", "*-ng"), ("cut", "addons-after-nodes", "*-ng")),
        ["eks-coredns-addon dependsOn.eks-ondemand-ng-prod", "eks-coredns-addon dependsOn.eks-spot-ng-prod"],
    ),
    (
        "DST-01",
        (("cut", "eks-kube-proxy-addon", "*"), ("cut", "addons-before-nodes", "*")),
        ["eks-kube-proxy-addon dependsOn.eks-cluster-prod"],
    ),
    (
        "DST-02",
        (("cut", "*", "eks-vpc-cni-AmazonEKS_CNI_Policy"),),
        [
            f"eks-{name} dependsOn.eks-vpc-cni-AmazonEKS_CNI_Policy-prod"
            for name in ("ondemand-ng", "spot-ng", "vpc-cni-addon")
        ],
    ),
    (
        "DST-02",
        (("cut", "*", "eks-ebs-csi-volumes"),),
        ["eks-aws-ebs-csi-driver-addon dependsOn.eks-ebs-csi-volumes-prod"],
    ),
    (
        "DST-03",
        (("put", "eks-vpc-cni-addon", "configurationValues", '{"env":{"CLUSTER_NAME":"other"}}'),),
        ["eks-vpc-cni-addon configurationValues"],
    ),
    ("DST-03", (("drop", "eks-vpc-cni-addon"),), ["eks-ondemand-ng", "eks-spot-ng"]),
    (
        "DST-03",
        (("put", "eks-aws-ebs-csi-driver-addon", "configurationValues", '{"controller":{"k8sTagClusterId":"x"}}'),),
        ["eks-aws-ebs-csi-driver-addon configurationValues"],
    ),
    (
        "DST-03",
        (("put", "aws-load-balancer-controller-release", "values.clusterName", "other"),),
        ["aws-load-balancer-controller-release values.clusterName"],
    ),
    (
        "DST-03",
        (("put", "aws-load-balancer-controller-release", "values.clusterName", None),),
        ["aws-load-balancer-controller-release values.clusterName"],
    ),
    (
        "DST-04",
        (("cut", "eks-spot-ng", "eks-node-AmazonEKSWorkerNodePolicy"),),
        ["eks-spot-ng dependsOn.eks-node-AmazonEKSWorkerNodePolicy-prod"],
    ),
    ("DST-04", (("cut", "eks-cluster", "eks-cluster-secrets"),), ["eks-cluster dependsOn.eks-cluster-secrets-prod"]),
    ("DST-04", (("put", "eks-spot-ng", "nodeRoleArn", "arn:aws:iam::1:role/elsewhere"),), ["eks-spot-ng nodeRoleArn"]),
    ("DST-07", (("cut", "eks-cluster", "eks-cluster-logs"),), ["eks-cluster dependsOn.eks-cluster-logs-prod"]),
    ("DST-12", (("set", "eks-spot-ng", "delete_before_replace", False),), ["eks-spot-ng nodeGroupName"]),
    ("DST-12", (("put", "eks-spot-ng", "launchTemplate.version", "$Latest"),), ["eks-spot-ng launchTemplate.version"]),
    ("DST-12", (("put", "eks-spot-ng", "launchTemplate.id", "lt-elsewhere"),), ["eks-spot-ng launchTemplate.id"]),
    (
        "DST-13",
        (("cut", "*", "eks-private-default-route-us-east-2a"),),
        [f"eks-{name}-ng dependsOn.eks-private-default-route-us-east-2a-prod" for name in ("ondemand", "spot")],
    ),
    (
        "DST-13",
        (("cut", "*", "eks-private-subnet-us-east-2a"),),
        [f"eks-{name} dependsOn.eks-private-subnet-us-east-2a-prod" for name in ("cluster", "ondemand-ng", "spot-ng")],
    ),
    (
        "DST-13",
        (
            ("answer", "eks-cluster", "vpcConfig.clusterSecurityGroupId", "sg-of-eks"),
            ("add", INGRESS, "added", {"securityGroupId": "sg-of-eks", "others": ["x"]}),
        ),
        ["added dependsOn.eks-cluster-prod"],
    ),
    ("DST-14", (("cut", "eks-delivery-access", "eks-cluster"),), ["eks-delivery-access dependsOn.eks-cluster-prod"]),
    (
        "DST-14",
        (("cut", "eks-delivery-access-policy", "eks-delivery-access"),),
        ["eks-delivery-access-policy dependsOn.eks-delivery-access-prod"],
    ),
    (
        "DST-14",
        tuple(("add", FARGATE, name, {"clusterName": "@eks-cluster:id"}, "eks-cluster") for name in ("one", "two")),
        ["one dependsOn.two"],
    ),
    ("NP-04", (("put", "eks-vpc-cni-addon", "configurationValues", None),), ["eks-vpc-cni-addon configurationValues"]),
    (
        "NP-04",
        (("replace", "eks-vpc-cni-addon", "configurationValues", '"true"', '"false"'),),
        ["eks-vpc-cni-addon configurationValues"],
    ),
    ("NP-04", (("drop", "eks-vpc-cni-addon"),), ["eks-cluster"]),
    ("HA-06", (("put", "eks-spot-ng", "subnetIds", ["@eks-private-subnet-us-east-2a:id"]),), ["eks-spot-ng subnetIds"]),
    (
        "CP-05",
        (
            (
                "add",
                "aws:kms/keyPolicy:KeyPolicy",
                "added",
                {"keyId": "@eks-logs-key:id", "policy": allows(Action="kms:*", Resource="*", Principal="*")},
            ),
        ),
        ["added policy"],
    ),
    (
        "NET-09",
        (
            (
                "add",
                "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
                "added",
                {
                    "vpcEndpointId": "@eks-s3-endpoint:id",
                    "policy": allows(Action="*", Resource="*", Principal="*"),
                },
            ),
        ),
        ["added policy"],
    ),
    (
        "IAM-01",
        (
            (
                "put",
                "eks-vpc-cni-role",
                "assumeRolePolicy",
                allows(
                    Action="sts:AssumeRole*",
                    Principal={"Federated": "arn:aws:iam::1:oidc-provider/oidc-eks.us-east-2.api.aws/id/0A1B"},
                    Condition={"StringEquals": {"oidc-eks.us-east-2.api.aws/id/0A1B:aud": "sts.amazonaws.com"}},
                ),
            ),
        ),
        ["eks-vpc-cni-role assumeRolePolicy.Statement[0].Condition.sub"],
    ),
    (
        "IAM-03",
        (("put", "eks-coredns-addon", "podIdentityAssociations", [{"roleArn": "@eks-node-role:arn"}]),),
        ["eks-node-role assumeRolePolicy"],
    ),
    (
        "IAM-05",
        (
            policy(
                json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::mine"},
                            {"Effect": "Allow", "Action": ["sqs:*", "sns:*"], "Resource": "*"},
                        ],
                    }
                )
            ),
        ),
        ["added policy.Statement[0].Action", "added policy.Statement[1].Action"],
    ),
    (
        "IAM-05",
        (
            (
                "add",
                "aws:iam/policy:Policy",
                "added",
                {
                    "policy": {
                        "Version": "2012-10-17",
                        "Statement": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}],
                    }
                },
            ),
        ),
        ["added policy.Statement[0].Action"],
    ),
    (
        "IAM-05",
        (
            ("add", "aws:iam/policy:Policy", "own", {"policy": allows(Action="*", Resource="*")}),
            ("put", "eks-node-role", "permissionsBoundary", "@own:id"),
            ("add", ATTACHMENT, "added", {"role": "@eks-ebs-csi-role:id", "policyArn": "@own:id"}),
        ),
        ["own policy.Statement[0].Action"],
    ),
    (
        "IAM-08",
        (policy(allows(Action="iam:PassRole", Resource="arn:aws:iam::1:role/x", Condition=LIKE_ANY)),),
        ["added policy.Statement[0]"],
    ),
    ("IAM-13", (("add", "aws:iam/signingCertificate:SigningCertificate", "added", {}),), ["added"]),
    (
        "NODE-07",
        (
            (
                "add",
                "aws:iam/policyAttachment:PolicyAttachment",
                "added",
                {"roles": ["@eks-node-role:id"], "policyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"},
            ),
        ),
        ["added policyArn"],
    ),
    (
        "DST-04",
        (
            (
                "add",
                "aws:iam/policyAttachment:PolicyAttachment",
                "added",
                {"roles": ["@eks-node-role:id"], "policyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"},
            ),
        ),
        ["eks-ondemand-ng dependsOn.added", "eks-spot-ng dependsOn.added"],
    ),
    ("NODE-02", (("put", "eks-spot-lt", "blockDeviceMappings.0.ebs.kmsKeyId", "alias/other"),), [DISK_KEY]),
    *((rule, (node_class(**spec),), [f"added {path}" for path in paths]) for rule, spec, paths in CLASSES),
    (
        "NODE-07",
        (
            node_class(role="@eks-ebs-csi-role:name"),
            ("put", "eks-ebs-csi-role", "managedPolicyArns", ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]),
            ("drop", "eks-ebs-csi-volumes"),
        ),
        [
            "eks-ebs-csi-AmazonEBSCSIDriverPolicyV2 policyArn",
            "eks-ebs-csi-role",
            "eks-ebs-csi-role managedPolicyArns[0]",
        ],
    ),
    (
        "NODE-02",
        (
            (
                "add",
                "kubernetes:storage.k8s.io/v1:StorageClass",
                "added",
                {"metadata": {"name": "a"}, "provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp3"}},
            ),
        ),
        ["added parameters.encrypted", "added parameters.kmsKeyId"],
    ),
    (
        "NODE-02",
        (
            (
                "add",
                "kubernetes:storage.k8s.io/v1:StorageClass",
                "added",
                {
                    "metadata": {"name": "a"},
                    "provisioner": "kubernetes.io/aws-ebs",
                    "parameters": {"Encrypted": "false", "KmsKeyId": "@eks-volumes-key:arn"},
                },
            ),
        ),
        ["added parameters.Encrypted"],
    ),
    (
        "NET-01",
        tuple(
            (
                "add",
                "aws:ec2/route:Route",
                f"half-{index}",
                {
                    "routeTableId": "@eks-private-rt-us-east-2a:id",
                    "destinationCidrBlock": half,
                    "gatewayId": "@eks-igw:id",
                },
            )
            for index, half in enumerate(("0.0.0.0/1", "128.0.0.0/1"))
        ),
        ["eks-ondemand-ng subnetIds[0]", "eks-spot-ng subnetIds[0]"],
    ),
    (
        "NET-01",
        (
            ("drop", "eks-private-rta-us-east-2a"),
            (
                "add",
                "aws:ec2/route:Route",
                "added",
                {
                    "routeTableId": "@eks-vpc:mainRouteTableId",
                    "destinationCidrBlock": ANYWHERE,
                    "gatewayId": "@eks-igw:id",
                },
            ),
        ),
        ["eks-ondemand-ng subnetIds[0]", "eks-spot-ng subnetIds[0]"],
    ),
    (
        "CP-10",
        (
            (
                "put",
                "eks-cluster",
                "vpcConfig.subnetIds",
                ["@eks-private-subnet-us-east-2a:id", "@eks-private-subnet-us-east-2b:id", "subnet-elsewhere"],
            ),
        ),
        ["eks-cluster vpcConfig.subnetIds"],
    ),
    (
        "NET-05",
        (
            (
                "add",
                INGRESS,
                "added",
                {"securityGroupId": "@eks-vpc:defaultSecurityGroupId", "ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/16"},
            ),
        ),
        ["added"],
    ),
    (
        "NET-07",
        (
            (
                "add",
                EGRESS,
                "added",
                {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 0, "toPort": 65535, "cidrIpv6": "::/0"},
            ),
        ),
        ["added"],
    ),
    (
        "NET-12",
        (("put", "eks-private-subnet-us-east-2a", "tags", {"kubernetes.io/role/internal-elb": "no"}),),
        ["eks-private-subnet-us-east-2a tags"],
    ),
    *(
        (
            "IAM-04",
            (
                (
                    "add",
                    "kubernetes:core/v1:ServiceAccount",
                    "added",
                    {
                        "metadata": {
                            "name": "app",
                            "namespace": "dev",
                            "annotations": {"eks.amazonaws.com/role-arn": role},
                        }
                    },
                ),
            ),
            ["added metadata.annotations.eks.amazonaws.com/role-arn"],
        )
        for role in ("arn:aws:iam::123456789012:role/gone", "@eks-ebs-csi-role:arn")
    ),
    (
        "IAM-04",
        (
            trusting_pods(),
            (
                "add",
                "aws:eks/podIdentityAssociation:PodIdentityAssociation",
                "association",
                {"roleArn": "@added:id", "namespace": "dev", "serviceAccount": "nobody"},
            ),
        ),
        ["association serviceAccount"],
    ),
    *(
        (
            "IAM-05",
            (
                (
                    "add",
                    ATTACHMENT,
                    "added",
                    {"role": "@eks-ebs-csi-role:id", "policyArn": f"arn:aws:iam::aws:policy/{name}"},
                ),
            ),
            ["added policyArn"],
        )
        for name in ("AdministratorAccess-Amplify", "SecretsManagerReadWrite")
    ),
]


@pytest.mark.parametrize(
    ("rule", "steps", "expected"), FAULTS, ids=[f"{row[0]}-{index}" for index, row in enumerate(FAULTS)]
)
def test_a_planted_fault_is_found(
    rule: str, steps: tuple[tuple[Any, ...], ...], expected: list[str], judged: Callable[..., rules.Result], places: Any
) -> None:
    result = judged(rule, *steps)
    backwards = judged(rule, *steps, is_backwards=True)

    assert result.status is Status.FAILED
    assert places(result.findings) == expected
    assert all(finding.found and finding.allowed and finding.remedy for finding in result.findings)
    assert len({finding.identity for finding in result.findings}) == len(expected)
    assert {each.identity for each in backwards.findings} == {each.identity for each in result.findings}


def test_no_rule_lacks_a_planted_fault(in_cluster: frozenset[str]) -> None:
    assert {row[0] for row in FAULTS} == set(rules.ids()) - in_cluster


@pytest.mark.parametrize("stack", ["dev", "prod", "full"])
def test_the_shipped_stacks_have_no_failure(stack: str, shipped: Any, waivers: Any) -> None:
    outcome = rules.check(shipped(stack), rules.every(), today=date(2026, 11, 23), waivers=waivers)

    assert [(finding.rule, finding.name, finding.path, finding.found) for finding in outcome.findings] == []


def test_what_the_shipped_stacks_answer_for_is_little(shipped: Any, waivers: Any) -> None:
    outcome = rules.check(shipped("prod"), rules.every(), today=date(2026, 11, 23), waivers=waivers)

    assert [result.rule.id for result in outcome.results if result.waived] == ["NP-05"]
    assert outcome.unused == ()
