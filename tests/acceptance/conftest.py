"""The outputs of a platform that is as it should be, as AWS would give them."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ENDPOINT = "https://0A1B2C3D4E5F60718293A4B5C6D7E8F9.gr7.us-east-2.eks.amazonaws.com"
ISSUER = "oidc.eks.us-east-2.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9"
CERTIFICATE = base64.b64encode(b"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n").decode()


ADDONS = {
    "vpc-cni": "v1.21.1-eksbuild.1",
    "kube-proxy": "v1.36.0-eksbuild.2",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
    "coredns": "v1.13.1-eksbuild.1",
    "aws-ebs-csi-driver": "v1.64.0-eksbuild.1",
    "metrics-server": "v0.8.1-eksbuild.1",
    "snapshot-controller": "v8.3.0-eksbuild.1",
}


CHARTS = {
    "aws-load-balancer-controller": "3.5.0",
    "cluster-autoscaler": "9.59.0",
    "aws-node-termination-handler": "0.27.6",
}

ACCOUNTS = [
    *(f"kube-system/{chart}" for chart in CHARTS),
    "kube-system/node-local-dns",
    "dev/irsa-demo-sa",
    "dev/workload",
    "prod/workload",
]

POLICIES = [
    "allow-api-server",
    "allow-dns",
    "allow-https",
    "allow-load-balancers",
    "allow-own-namespace",
    "allow-pod-identity",
    "default-deny",
]


def kubeconfig() -> str:
    """As the platform writes it."""
    command = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["eks", "get-token", "--cluster-name", "eks-cluster-dev", "--region", "us-east-2"],
    }
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": "eks-cluster-dev", "cluster": {"server": ENDPOINT, "certificate-authority-data": CERTIFICATE}}
            ],
            "users": [{"name": "eks-cluster-dev", "user": {"exec": command}}],
            "contexts": [
                {"name": "eks-cluster-dev", "context": {"cluster": "eks-cluster-dev", "user": "eks-cluster-dev"}}
            ],
            "current-context": "eks-cluster-dev",
        }
    )


def role(purpose: str) -> str:
    return f"arn:aws:iam::123456789012:role/eks-{purpose}-role-dev"


def key(digit: str) -> str:
    return f"arn:aws:kms:us-east-2:123456789012:key/{digit * 8}-1111-2222-3333-444444444444"


def in_cluster() -> dict[str, str]:
    """What the stack tells of the cluster's inside, and of the roles and the bucket that go with it."""
    return {
        "kubernetesEnabled": "true",
        "storageClassName": "ebs-sc-encrypted",
        "chartNames": json.dumps(sorted(CHARTS)),
        "chartVersions": json.dumps(CHARTS),
        "loadBalancerControllerRoleArn": role("load-balancer-controller"),
        "clusterAutoscalerRoleArn": role("cluster-autoscaler"),
        "namespaces": json.dumps(["dev", "prod"]),
        "serviceAccounts": json.dumps(ACCOUNTS),
        "tenantGroups": json.dumps({"dev": "team-dev", "prod": "team-prod"}),
        "tenantPrincipals": json.dumps({"dev": "arn:aws:iam::123456789012:role/developers"}),
        "podSecurityLevels": json.dumps({"dev": "baseline", "prod": "restricted"}),
        "networkPolicyNames": json.dumps({"dev": POLICIES, "prod": POLICIES}),
        "dnsServiceIp": "172.20.0.10",
        "nodeLocalDnsEnabled": "true",
        "irsaDemoBucketName": "eks-irsa-demo-123456789012-us-east-2-dev",
        "irsaDemoRoleArn": role("irsa-demo"),
        "irsaDemoServiceAccount": "dev/irsa-demo-sa",
    }


@pytest.fixture
def good() -> dict[str, str]:
    return {
        "environmentSuffix": "dev",
        "region": "us-east-2",
        "availabilityZones": json.dumps(["us-east-2a", "us-east-2b", "us-east-2c"]),
        "vpcId": "vpc-0a1b2c3d4e5f60718",
        "vpcCidrBlock": "10.0.0.0/16",
        "publicSubnetIds": json.dumps([f"subnet-0a1b2c3d4e5f6071{n}" for n in "123"]),
        "privateSubnetIds": json.dumps([f"subnet-0a1b2c3d4e5f6072{n}" for n in "123"]),
        "natGatewayIds": json.dumps(["nat-0a1b2c3d4e5f60718"]),
        "flowLogGroupName": "eks-vpc-flow-logs-dev",
        "clusterName": "eks-cluster-dev",
        "clusterArn": "arn:aws:eks:us-east-2:123456789012:cluster/eks-cluster-dev",
        "clusterEndpoint": ENDPOINT,
        "clusterVersion": "1.36",
        "clusterStatus": "ACTIVE",
        "clusterSecurityGroupId": "sg-0a1b2c3d4e5f60718",
        "clusterLogGroupName": "/aws/eks/eks-cluster-dev/cluster",
        "oidcProviderArn": f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}",
        "oidcProviderUrl": f"https://{ISSUER}",
        "kubeconfig": kubeconfig(),
        "spotNodeGroupName": "eks-spot-ng-dev",
        "spotNodeGroupStatus": "ACTIVE",
        "onDemandNodeGroupName": "eks-ondemand-ng-dev",
        "onDemandNodeGroupStatus": "ACTIVE",
        "nodeGroupNames": json.dumps({"spot": "eks-spot-ng-dev", "on-demand": "eks-ondemand-ng-dev"}),
        "nodeGroupStatuses": json.dumps({"spot": "ACTIVE", "on-demand": "ACTIVE"}),
        "clusterRoleArn": role("cluster"),
        "nodeRoleArn": role("node"),
        "vpcCniRoleArn": role("vpc-cni"),
        "ebsCsiRoleArn": role("ebs-csi"),
        "flowLogRoleArn": role("flow-log"),
        "addonNames": json.dumps(sorted(ADDONS)),
        "addonVersions": json.dumps(ADDONS),
        "secretsKeyArn": key("1"),
        "logsKeyArn": key("2"),
        "volumesKeyArn": key("3"),
        **in_cluster(),
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[[object], Path]:
    """Write a document as an outputs file."""

    def write_document(document: object) -> Path:
        path = tmp_path / "flat-outputs.json"
        path.write_text(json.dumps(document))
        return path

    return write_document
