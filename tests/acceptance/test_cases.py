"""Every case passes on a good platform, and every case fails on the fault that it is there to find."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.acceptance import CASES, ROWS, Outputs, OutputsError, Status, evaluate, run
from seatrial.acceptance.model import always

Change = Callable[[dict[str, str]], Mapping[str, str]]
"""Takes good outputs, gives the ones that change."""


def put(**values: str) -> Change:
    return lambda _: values


def edit(key: str, pattern: str, replacement: str) -> Change:
    def change(outputs: dict[str, str]) -> Mapping[str, str]:
        changed, count = re.subn(pattern, replacement, outputs[key], count=1)
        assert count, f"{pattern} is not in {key}"
        return {key: changed}

    return change


def addon(name: str, version: str) -> Change:
    return lambda outputs: {"addonVersions": json.dumps({**json.loads(outputs["addonVersions"]), name: version})}


def chart(name: str, version: str) -> Change:
    return lambda outputs: {"chartVersions": json.dumps({**json.loads(outputs["chartVersions"]), name: version})}


def drop(key: str, entry: str) -> Change:
    """Leave an entry out of a map."""

    def change(outputs: dict[str, str]) -> Mapping[str, str]:
        entries: dict[str, str] = json.loads(outputs[key])
        del entries[entry]
        return {key: json.dumps(entries)}

    return change


def policies(tenant: str, alter: Callable[[list[str]], list[str]]) -> Change:
    """Change the network policies of one namespace."""

    def change(outputs: dict[str, str]) -> Mapping[str, str]:
        names: dict[str, list[str]] = json.loads(outputs["networkPolicyNames"])
        return {"networkPolicyNames": json.dumps({**names, tenant: alter(names[tenant])})}

    return change


def lacking(name: str) -> Callable[[list[str]], list[str]]:
    return lambda names: [each for each in names if each != name]


def copy(source: str, target: str) -> Change:
    return lambda outputs: {target: outputs[source]}


def in_kubeconfig(alter: Callable[[dict[str, Any]], object]) -> Change:
    def change(outputs: dict[str, str]) -> Mapping[str, str]:
        document = yaml.safe_load(outputs["kubeconfig"])
        alter(document)
        return {"kubeconfig": json.dumps(document)}

    return change


OTHER_ACCOUNT = ("arn:aws:kms:us-east-2:123456789012", "arn:aws:kms:us-east-2:999999999999")

FAULTS: list[tuple[str, Change]] = [
    ("the VPC's id has AWS's form", put(vpcId="vpc-xyz")),
    ("the VPC's id has AWS's form", put(vpcId="subnet-0a1b2c3d4e5f60718")),
    ("the VPC has an IPv4 range that AWS accepts", put(vpcCidrBlock="10.0.0.0/8")),
    ("the VPC has an IPv4 range that AWS accepts", put(vpcCidrBlock="10.0.0.0/29")),
    ("the VPC has an IPv4 range that AWS accepts", put(vpcCidrBlock="10.0.0.1/16")),
    ("every zone belongs to the region", edit("availabilityZones", "us-east-2b", "us-east-1b")),
    ("there are zones enough for a control plane", put(availabilityZones='["us-east-2a"]')),
    ("there are zones enough for a control plane", put(availabilityZones='["us-east-2a", "us-east-2a"]')),
    ("no zone is used twice", edit("availabilityZones", "us-east-2b", "us-east-2a")),
    ("private subnet ids have AWS's form", edit("privateSubnetIds", "subnet-", "net-")),
    ("public subnet ids have AWS's form", edit("publicSubnetIds", "subnet-", "net-")),
    ("there is one private subnet a zone", put(privateSubnetIds="[]")),
    ("there is one public subnet a zone", put(publicSubnetIds="[]")),
    ("there is one public subnet a zone", put(publicSubnetIds="{}")),
    ("there is one public subnet a zone", put(publicSubnetIds="subnet-1,subnet-2")),
    ("private subnets are distinct", edit("privateSubnetIds", "60722", "60721")),
    ("public subnets are distinct", edit("publicSubnetIds", "60712", "60711")),
    ("no subnet is both public and private", copy("publicSubnetIds", "privateSubnetIds")),
    ("NAT gateway ids have AWS's form", edit("natGatewayIds", "nat-", "igw-")),
    ("there is one NAT gateway, or one a zone", put(natGatewayIds='["nat-0a1b2c3d", "nat-0a1b2c3e"]')),
    ("there is one NAT gateway, or one a zone", put(natGatewayIds='["nat-0a1b2c3d", "nat-0a1b2c3d", "nat-0a1b2c3d"]')),
    ("flow logs go to a group of this environment", put(flowLogGroupName="eks-vpc-flow-logs-prod")),
    ("the cluster's name carries the environment's suffix", put(clusterName="eks-cluster")),
    ("the cluster's ARN is one of EKS", edit("clusterArn", ":eks:", ":ecs:")),
    ("the cluster's ARN is one of EKS", edit("clusterArn", ":cluster/", ":nodegroup/")),
    ("the cluster's ARN names the cluster", edit("clusterArn", "eks-cluster-dev", "eks-cluster-prod")),
    ("the cluster's ARN is in the region", edit("clusterArn", "us-east-2", "us-west-2")),
    ("the cluster's ARN is in the region", put(clusterArn="eks-cluster-dev")),
    ("the cluster is active", put(clusterStatus="CREATING")),
    ("the Kubernetes version is a minor such as 1.36", put(clusterVersion="1.36.2")),
    ("EKS supports the Kubernetes version", put(clusterVersion="1.30")),
    ("the endpoint is an https address", put(clusterEndpoint="http://example.com")),
    ("the endpoint is an https address", put(clusterEndpoint="https://")),
    ("the endpoint is an https address", put(clusterEndpoint="https://example.com/api")),
    ("the cluster security group's id has AWS's form", put(clusterSecurityGroupId="default")),
    ("the control plane logs to /aws/eks/<cluster>/cluster", put(clusterLogGroupName="/aws/eks/cluster")),
    ("the OIDC issuer is an https address", edit("oidcProviderUrl", "https", "http")),
    ("the OIDC issuer is an https address", put(oidcProviderUrl="https://example.com")),
    ("the OIDC provider's ARN is one of IAM", edit("oidcProviderArn", ":oidc-provider/", ":saml-provider/")),
    ("the OIDC provider's ARN holds the issuer without https://", edit("oidcProviderArn", "/oidc.", "/https://oidc.")),
    ("the kubeconfig is one that kubectl reads", put(kubeconfig="{")),
    ("the kubeconfig is one that kubectl reads", put(kubeconfig="a text")),
    ("the kubeconfig is one that kubectl reads", in_kubeconfig(lambda c: c.update(kind="List"))),
    ("the kubeconfig is one that kubectl reads", in_kubeconfig(lambda c: c.update(clusters="none"))),
    (
        "the kubeconfig's current context leads to a cluster and a user",
        in_kubeconfig(lambda c: c.update({"current-context": "other"})),
    ),
    (
        "the kubeconfig's current context leads to a cluster and a user",
        in_kubeconfig(lambda c: c["contexts"][0]["context"].update(cluster="other")),
    ),
    (
        "the kubeconfig's current context leads to a cluster and a user",
        in_kubeconfig(lambda c: c["contexts"][0]["context"].update(user="other")),
    ),
    (
        "the kubeconfig's server is the cluster's endpoint",
        in_kubeconfig(lambda c: c["clusters"][0]["cluster"].update(server="https://example.com")),
    ),
    (
        "the kubeconfig trusts a certificate authority of its own",
        in_kubeconfig(lambda c: c["clusters"][0]["cluster"].pop("certificate-authority-data")),
    ),
    (
        "the kubeconfig trusts a certificate authority of its own",
        in_kubeconfig(lambda c: c["clusters"][0]["cluster"].update({"certificate-authority-data": "***"})),
    ),
    (
        "the kubeconfig gets its tokens by aws eks get-token",
        in_kubeconfig(lambda c: c["users"][0]["user"]["exec"].update(command="aws-iam-authenticator")),
    ),
    (
        "the kubeconfig gets its tokens by aws eks get-token",
        in_kubeconfig(lambda c: c["users"][0]["user"]["exec"].update(args=["sts", "get-caller-identity"])),
    ),
    (
        "the kubeconfig gets its tokens by aws eks get-token",
        in_kubeconfig(lambda c: c["users"][0].update(user={})),
    ),
    (
        "the kubeconfig speaks the protocol of aws eks get-token",
        in_kubeconfig(
            lambda c: c["users"][0]["user"]["exec"].update(apiVersion="client.authentication.k8s.io/v1alpha1")
        ),
    ),
    (
        "the kubeconfig asks for a token of this cluster",
        in_kubeconfig(lambda c: c["users"][0]["user"]["exec"].update(args=["eks", "get-token", "--cluster-name", "x"])),
    ),
    (
        "the kubeconfig asks in the cluster's region",
        in_kubeconfig(lambda c: c["users"][0]["user"]["exec"].update(args=["eks", "get-token", "--region", "x"])),
    ),
    (
        "the kubeconfig holds no lasting credential",
        in_kubeconfig(lambda c: c["users"][0]["user"].update(token="k8s-aws-v1.x")),
    ),
    ("Kubernetes secrets have a KMS key", edit("secretsKeyArn", ":key/", ":alias/")),
    ("logs have a KMS key", edit("logsKeyArn", ":key/", ":alias/")),
    ("volumes have a KMS key", edit("volumesKeyArn", ":key/", ":alias/")),
    ("no two purposes share a KMS key", copy("secretsKeyArn", "logsKeyArn")),
    ("the KMS keys are in the region", edit("logsKeyArn", "us-east-2", "us-west-2")),
    ("the KMS keys are in the region", put(secretsKeyArn="x", logsKeyArn="x", volumesKeyArn="x")),
    ("there is a node group", put(nodeGroupNames="{}")),
    ("node group names carry the environment's suffix", edit("nodeGroupNames", "spot-ng-dev", "spot-ng")),
    ("node group names carry the environment's suffix", put(nodeGroupNames='["eks-spot-ng-dev"]')),
    ("node group names are distinct", edit("nodeGroupNames", "eks-ondemand-ng-dev", "eks-spot-ng-dev")),
    ("every node group has a status", put(nodeGroupStatuses='{"spot": "ACTIVE"}')),
    ("every node group is active", edit("nodeGroupStatuses", "ACTIVE", "DEGRADED")),
    ("every node group is active", put(nodeGroupStatuses='{"spot": null}')),
    ("every node group is active", put(nodeGroupStatuses='{"spot": 1}')),
    ("every node group is active", put(nodeGroupStatuses='{"spot": true}')),
    ("every node group is active", put(nodeGroupStatuses='{"spot": {"status": "ACTIVE"}}')),
    ("every node group is active", put(nodeGroupStatuses='{"spot": ["ACTIVE"]}')),
    ("the spot node group is there", put(spotNodeGroupName="eks-other-ng-dev")),
    ("the spot node group is active", put(spotNodeGroupStatus="CREATE_FAILED")),
    ("the on-demand node group is there", put(onDemandNodeGroupName="eks-other-ng-dev")),
    ("the on-demand node group is active", put(onDemandNodeGroupStatus="CREATE_FAILED")),
    ("every add-on has a version", edit("addonNames", "vpc-cni", "aws-efs-csi-driver")),
    ("vpc-cni runs in a version of EKS", addon("vpc-cni", "v1.21.1")),
    ("kube-proxy runs in a version of EKS", addon("kube-proxy", "1.36.0")),
    ("eks-pod-identity-agent runs in a version of EKS", addon("eks-pod-identity-agent", "latest")),
    ("coredns runs in a version of EKS", addon("coredns", "")),
    ("aws-ebs-csi-driver runs in a version of EKS", addon("aws-ebs-csi-driver", "v1-eksbuild.1")),
    ("metrics-server runs in a version of EKS", addon("metrics-server", "v0.8.1-eksbuild")),
    ("every other add-on runs in a version of EKS", addon("snapshot-controller", "v8")),
    ("kube-proxy is not newer than the control plane", addon("kube-proxy", "v1.37.0-eksbuild.1")),
    ("kube-proxy is not newer than the control plane", put(clusterVersion="latest")),
    ("no output is an unresolved value", put(vpcId="<pulumi.output.Output object at 0x7f0000000000>")),
    ("no output is an unresolved value", put(vpcId="04da6b54-80e4-46f7-96ec-b56ff0331ba9")),
    ("no output is an unresolved value", put(clusterName="Calling __str__ on an Output[T] is not supported.")),
    ("no output is empty", put(vpcId=" ")),
    ("the environment's suffix can stand in a resource name", put(environmentSuffix="Dev_1")),
    ("the region has AWS's form", put(region="Ohio")),
    ("every output called an ARN is one", put(nodeRoleArn="eks-node-role-dev")),
    ("every ARN is of one account", edit("logsKeyArn", *OTHER_ACCOUNT)),
    ("every ARN is of one account", put(clusterArn="eks-cluster-dev")),
    ("every ARN is of one partition", edit("logsKeyArn", "arn:aws:", "arn:aws-cn:")),
    ("every ARN is of one partition", put(clusterArn="eks-cluster-dev")),
    ("every regional ARN is of the stack's region", edit("logsKeyArn", "us-east-2", "us-west-2")),
    ("the control plane has a role", edit("clusterRoleArn", ":role/", ":user/")),
    ("the nodes have a role", edit("nodeRoleArn", ":role/", ":instance-profile/")),
    ("vpc-cni has a role of its own", edit("vpcCniRoleArn", ":iam:", ":sts:")),
    ("the EBS CSI driver has a role of its own", put(ebsCsiRoleArn="none")),
    ("flow logs have a role", put(flowLogRoleArn="none")),
    ("no role serves two purposes", copy("nodeRoleArn", "vpcCniRoleArn")),
    ("role names carry the environment's suffix", edit("nodeRoleArn", "-dev", "")),
    (
        "the kubeconfig lets everybody enter as themselves",
        in_kubeconfig(
            lambda c: c["users"][0]["user"]["exec"]["args"].extend(["--role-arn", "arn:aws:iam::1:role/admin"])
        ),
    ),
    ("the storage class is the encrypted one", put(storageClassName="gp2")),
    ("the storage class has its driver", drop("addonVersions", "aws-ebs-csi-driver")),
    ("the load balancer controller is installed in one version", chart("aws-load-balancer-controller", "3.x")),
    ("the load balancer controller is installed in one version", chart("aws-load-balancer-controller", ">=3.5.0")),
    (
        "the load balancer controller has a service account",
        edit("serviceAccounts", "kube-system/aws-load-balancer-controller", "dev/aws-load-balancer-controller"),
    ),
    ("the load balancer controller has a role of its own", edit("loadBalancerControllerRoleArn", ":role/", ":user/")),
    (
        "the load balancer controller is of the major that its policy is made for",
        chart("aws-load-balancer-controller", "1.13.4"),
    ),
    ("the cluster autoscaler is installed in one version", chart("cluster-autoscaler", "latest")),
    ("the cluster autoscaler has a service account", edit("serviceAccounts", "kube-system/cluster-autos", "dev/c-a-s")),
    ("the cluster autoscaler has a role of its own", put(clusterAutoscalerRoleArn="none")),
    ("there is a cluster autoscaler for the cluster's Kubernetes version", put(clusterVersion="1.30")),
    ("the node termination handler is installed in one version", chart("aws-node-termination-handler", "0.27")),
    (
        "the node termination handler has a service account",
        edit("serviceAccounts", "kube-system/aws-node-termination-handler", "kube-system/default"),
    ),
    ("namespaces have names that Kubernetes accepts", put(namespaces='["Dev"]')),
    ("namespaces have names that Kubernetes accepts", put(namespaces='["dev."]')),
    ("namespaces have names that Kubernetes accepts", put(namespaces=json.dumps(["d" * 64]))),
    ("namespaces have names that Kubernetes accepts", put(namespaces='{"dev": "prod"}')),
    ("no tenant has a namespace of Kubernetes", put(namespaces='["default"]')),
    ("no tenant has a namespace of Kubernetes", put(namespaces='["dev", "kube-system"]')),
    ("no namespace is made twice", put(namespaces='["dev", "dev"]')),
    ("every namespace has a group, and no other has", put(tenantGroups='{"dev": "team-dev"}')),
    ("every namespace has a group, and no other has", put(namespaces='["dev"]')),
    ("every namespace has a group, and no other has", put(namespaces="[]")),
    ("groups are the tenants' own, not the system's", edit("tenantGroups", "team-prod", "system:masters")),
    ("groups are the tenants' own, not the system's", edit("tenantGroups", "team-dev", "")),
    ("groups are the tenants' own, not the system's", edit("tenantGroups", "team-dev", "EKS:team")),
    ("every namespace has a Pod Security level, and no other has", put(podSecurityLevels='{"prod": "restricted"}')),
    ("every namespace has a Pod Security level, and no other has", put(namespaces='["prod"]')),
    ("every namespace enforces baseline or restricted", edit("podSecurityLevels", "baseline", "privileged")),
    ("every namespace has a service account", put(serviceAccounts='["dev/workload"]')),
    ("principals belong to namespaces", edit("tenantPrincipals", '"dev"', '"test"')),
    ("principals are IAM roles or users", edit("tenantPrincipals", ":role/", ":group/")),
    ("principals are IAM roles or users", put(tenantPrincipals='{"dev": "developers"}')),
    (
        "no principal enters two namespaces",
        put(
            tenantPrincipals=json.dumps(
                dict.fromkeys(("dev", "prod"), "arn:aws:iam::123456789012:role/developers"),
            )
        ),
    ),
    ("every namespace has network policies, and no other has", put(networkPolicyNames='{"dev": []}')),
    ("every namespace has network policies, and no other has", put(networkPolicyNames="[]")),
    ("every namespace has network policies, and no other has", put(networkPolicyNames='{"dev": "default-deny"}')),
    ("every namespace has network policies, and no other has", put(namespaces='["dev"]')),
    ("every namespace is closed by default", policies("prod", lacking("default-deny"))),
    ("every namespace is closed by default", policies("prod", lambda _: [])),
    ("every namespace is closed by default", put(networkPolicyNames="{}")),
    ("every namespace may talk to itself", policies("dev", lacking("allow-own-namespace"))),
    ("every namespace may look up names", policies("dev", lacking("allow-dns"))),
    (
        "every namespace may use AWS and the internet, but not the instance metadata",
        policies("dev", lacking("allow-https")),
    ),
    (
        "every namespace may get credentials from the Pod Identity agent",
        policies("dev", lacking("allow-pod-identity")),
    ),
    ("pods of every namespace can ask for a way to the Kubernetes API", policies("dev", lacking("allow-api-server"))),
    (
        "pods of every namespace can ask for a way in from load balancers",
        policies("dev", lacking("allow-load-balancers")),
    ),
    ("no network policy is made twice", policies("dev", lambda names: [*names, names[0]])),
    ("network policies have the add-on that enforces them", drop("addonVersions", "vpc-cni")),
    ("the DNS service has the tenth address of its range", put(dnsServiceIp="172.20.0.1")),
    ("the DNS service has the tenth address of its range", put(dnsServiceIp="kube-dns")),
    ("the DNS service's address is private", put(dnsServiceIp="8.8.8.10")),
    ("the DNS service's address is outside the VPC", put(dnsServiceIp="10.0.0.10")),
    ("the DNS service's address is outside the VPC", put(vpcCidrBlock="everything")),
    ("CoreDNS stands behind the DNS service", drop("addonVersions", "coredns")),
    ("the stack says whether NodeLocal DNSCache is on", put(nodeLocalDnsEnabled="True")),
    ("NodeLocal DNSCache has kube-proxy beside it", drop("addonVersions", "kube-proxy")),
    ("NodeLocal DNSCache has a service account", edit("serviceAccounts", "node-local-dns", "node-local")),
    ("the demonstration's bucket has a name that S3 accepts", put(irsaDemoBucketName="Demo_dev")),
    ("the demonstration's bucket has a name that S3 accepts", put(irsaDemoBucketName="demo.dev")),
    ("the demonstration's bucket has a name that S3 accepts", put(irsaDemoBucketName="demo-dev-")),
    ("the demonstration's bucket has a name that S3 accepts", put(irsaDemoBucketName="xn--demo-dev")),
    ("the demonstration's bucket has a name that S3 accepts", put(irsaDemoBucketName="d" * 64)),
    ("the demonstration's bucket has a name that S3 accepts", put(irsaDemoBucketName="de")),
    ("the demonstration's bucket carries the environment's suffix", put(irsaDemoBucketName="eks-irsa-demo-devel")),
    ("the demonstration has a role of its own", edit("irsaDemoRoleArn", ":role/", ":policy/")),
    ("the demonstration's service account is in a tenant's namespace", put(irsaDemoServiceAccount="test/irsa-demo-sa")),
    ("the demonstration's service account is made by the platform", put(irsaDemoServiceAccount="dev/other")),
    ("every ARN is of one account", edit("irsaDemoRoleArn", "123456789012", "999999999999")),
    ("no role serves two purposes", copy("clusterAutoscalerRoleArn", "irsaDemoRoleArn")),
    ("role names carry the environment's suffix", edit("loadBalancerControllerRoleArn", "-dev", "-prod")),
    ("the stack says whether it fills the cluster", put(kubernetesEnabled="yes")),
    ("the stack tells of the cluster's inside just when it fills it", put(kubernetesEnabled="false")),
    ("every chart has a version", edit("chartNames", "cluster-autoscaler", "karpenter")),
    ("every chart is pinned to one version", chart("podinfo", "^6")),
    ("every chart is pinned to one version", chart("podinfo", "")),
    ("service accounts are named namespace/name", put(serviceAccounts='["irsa-demo-sa"]')),
    ("service accounts are named namespace/name", put(serviceAccounts='["dev:irsa-demo-sa"]')),
    ("service accounts are named namespace/name", put(serviceAccounts='[{"name": "irsa-demo-sa"}]')),
    ("no service account is made twice", put(serviceAccounts='["dev/workload", "dev/workload"]')),
    ("service accounts live in kube-system or in a tenant's namespace", put(serviceAccounts='["default/workload"]')),
]

CONTROLLERS = (
    "aws-load-balancer-controller",
    "cluster-autoscaler",
    "aws-node-termination-handler",
    "node-local-dns",
)

NAT = {"NAT gateway ids have AWS's form", "there is one NAT gateway, or one a zone"}
FLOW_LOGS = {"flow logs go to a group of this environment", "flow logs have a role"}
NODE_GROUPS = {
    "the spot node group is there",
    "the spot node group is active",
    "the on-demand node group is there",
    "the on-demand node group is active",
}
ADDONS = {
    "vpc-cni runs in a version of EKS",
    "kube-proxy runs in a version of EKS",
    "eks-pod-identity-agent runs in a version of EKS",
    "coredns runs in a version of EKS",
    "aws-ebs-csi-driver runs in a version of EKS",
    "metrics-server runs in a version of EKS",
    "every other add-on runs in a version of EKS",
    "kube-proxy is not newer than the control plane",
    "vpc-cni has a role of its own",
    "the EBS CSI driver has a role of its own",
}
STORAGE = {"the storage class is the encrypted one", "the storage class has its driver"}
CHARTS = {
    "the load balancer controller has a role of its own",
    "the cluster autoscaler has a role of its own",
    "every chart is pinned to one version",
    "the load balancer controller is installed in one version",
    "the load balancer controller has a service account",
    "the load balancer controller is of the major that its policy is made for",
    "the cluster autoscaler is installed in one version",
    "the cluster autoscaler has a service account",
    "there is a cluster autoscaler for the cluster's Kubernetes version",
    "the node termination handler is installed in one version",
    "the node termination handler has a service account",
}
PRINCIPALS = {
    "principals belong to namespaces",
    "principals are IAM roles or users",
    "no principal enters two namespaces",
}
TENANTS = PRINCIPALS | {
    "namespaces have names that Kubernetes accepts",
    "no tenant has a namespace of Kubernetes",
    "no namespace is made twice",
    "groups are the tenants' own, not the system's",
    "every namespace enforces baseline or restricted",
    "every namespace has a service account",
    "every namespace is closed by default",
    "every namespace may look up names",
    "every namespace may talk to itself",
    "every namespace may get credentials from the Pod Identity agent",
    "pods of every namespace can ask for a way to the Kubernetes API",
    "pods of every namespace can ask for a way in from load balancers",
    "every namespace may use AWS and the internet, but not the instance metadata",
    "no network policy is made twice",
    "network policies have the add-on that enforces them",
}
NODE_CACHE = {"NodeLocal DNSCache has kube-proxy beside it", "NodeLocal DNSCache has a service account"}
DEMONSTRATION = {
    "the demonstration's bucket has a name that S3 accepts",
    "the demonstration's bucket carries the environment's suffix",
    "the demonstration has a role of its own",
    "the demonstration's service account is in a tenant's namespace",
    "the demonstration's service account is made by the platform",
}
IN_CLUSTER = (
    STORAGE
    | CHARTS
    | TENANTS
    | NODE_CACHE
    | DEMONSTRATION
    | {
        "every namespace has a group, and no other has",
        "every namespace has a Pod Security level, and no other has",
        "every namespace has network policies, and no other has",
        "the DNS service has the tenth address of its range",
        "the DNS service's address is private",
        "the DNS service's address is outside the VPC",
        "CoreDNS stands behind the DNS service",
        "the stack says whether NodeLocal DNSCache is on",
        "every chart has a version",
        "service accounts are named namespace/name",
        "no service account is made twice",
        "service accounts live in kube-system or in a tenant's namespace",
    }
)

Left = Mapping[str, str | None]
"""Outputs that change; None for one that isn't there."""

NO_CLUSTER_INSIDE: Left = {
    "kubernetesEnabled": "false",
    **dict.fromkeys(
        (
            "storageClassName",
            "chartNames",
            "chartVersions",
            "namespaces",
            "serviceAccounts",
            "tenantGroups",
            "tenantPrincipals",
            "podSecurityLevels",
            "networkPolicyNames",
            "dnsServiceIp",
            "nodeLocalDnsEnabled",
            "loadBalancerControllerRoleArn",
            "clusterAutoscalerRoleArn",
            "irsaDemoBucketName",
            "irsaDemoRoleArn",
            "irsaDemoServiceAccount",
        )
    ),
}

LEFT_OUT: list[tuple[Left, set[str]]] = [
    ({"natGatewayIds": "[]"}, NAT),
    ({"flowLogGroupName": None, "flowLogRoleArn": None}, FLOW_LOGS),
    (
        {
            "nodeGroupNames": '{"batch": "eks-batch-ng-dev"}',
            "nodeGroupStatuses": '{"batch": "ACTIVE"}',
            "spotNodeGroupName": None,
            "spotNodeGroupStatus": None,
            "onDemandNodeGroupName": None,
            "onDemandNodeGroupStatus": None,
        },
        NODE_GROUPS,
    ),
    (
        {"clusterVersion": "1.99"},
        {
            "EKS supports the Kubernetes version",
            "there is a cluster autoscaler for the cluster's Kubernetes version",
        },
    ),
    (
        {
            "addonNames": '["coredns", "vpc-cni"]',
            "addonVersions": '{"coredns": "v1.13.1-eksbuild.1", "vpc-cni": "v1.21.1-eksbuild.1"}',
            "ebsCsiRoleArn": None,
            "storageClassName": None,
            "nodeLocalDnsEnabled": "false",
        },
        (ADDONS | STORAGE | NODE_CACHE)
        - {
            "vpc-cni runs in a version of EKS",
            "vpc-cni has a role of its own",
            "coredns runs in a version of EKS",
        },
    ),
    (
        {
            "chartNames": "[]",
            "chartVersions": "{}",
            "loadBalancerControllerRoleArn": None,
            "clusterAutoscalerRoleArn": None,
        },
        CHARTS,
    ),
    ({"tenantPrincipals": "{}"}, PRINCIPALS),
    (
        {
            "namespaces": "[]",
            "tenantGroups": "{}",
            "tenantPrincipals": "{}",
            "podSecurityLevels": "{}",
            "networkPolicyNames": "{}",
            "serviceAccounts": json.dumps([f"kube-system/{name}" for name in CONTROLLERS]),
            "irsaDemoBucketName": None,
            "irsaDemoRoleArn": None,
            "irsaDemoServiceAccount": None,
        },
        TENANTS | DEMONSTRATION,
    ),
    ({"nodeLocalDnsEnabled": "false"}, NODE_CACHE),
    (NO_CLUSTER_INSIDE, IN_CLUSTER),
    (
        {
            **NO_CLUSTER_INSIDE,
            "addonNames": "[]",
            "addonVersions": "{}",
            "vpcCniRoleArn": None,
            "ebsCsiRoleArn": None,
        },
        IN_CLUSTER | ADDONS,
    ),
]

BY_NAME = {case.name: case for case in CASES}


def test_a_good_platform_passes_every_case(good: dict[str, str], write: Callable[[object], Path]) -> None:
    report = run(write(good))

    assert {case.name: case.detail for case in report.cases if case.status is not Status.PASSED} == {}
    assert len(report.cases) == len(CASES) >= 120


def test_every_case_has_a_fault_that_it_finds() -> None:
    assert {name for name, _ in FAULTS} == set(BY_NAME)


@pytest.mark.parametrize(("name", "change"), FAULTS, ids=[f"{n}-{name}" for n, (name, _) in enumerate(FAULTS)])
def test_a_fault_is_found_by_its_case(name: str, change: Change, good: dict[str, str]) -> None:
    faulty = {**good, **change(good)}

    result = evaluate(BY_NAME[name], Outputs(faulty))

    assert result.status is Status.FAILED
    assert result.detail


@pytest.mark.parametrize(("changes", "names"), LEFT_OUT)
def test_what_the_platform_leaves_out_is_not_applicable_with_a_reason(
    changes: Left, names: set[str], good: dict[str, str], write: Callable[[object], Path]
) -> None:
    without = {key: value for key, value in {**good, **changes}.items() if value is not None}

    report = run(write(without))

    found = {case.name for case in report.cases if case.status is Status.NOT_APPLICABLE}
    assert found == names
    assert all(case.detail for case in report.cases if case.name in names)
    assert report.passed


def test_every_case_that_may_not_apply_is_left_out_by_some_platform() -> None:
    conditional = {case.name for case in CASES if case.not_applicable is not always}

    assert conditional == set[str]().union(*(names for _, names in LEFT_OUT))


@pytest.mark.parametrize("missing", ["loadBalancerControllerRoleArn", "irsaDemoServiceAccount", "storageClassName"])
def test_what_belongs_to_something_that_is_on_is_missing_not_inapplicable(
    missing: str, good: dict[str, str], write: Callable[[object], Path]
) -> None:
    del good[missing]

    with pytest.raises(OutputsError, match=f"lacks {missing}"):
        run(write(good))


def test_a_stack_that_fills_the_cluster_tells_so(good: dict[str, str]) -> None:
    told = {key: value for key, value in good.items() if key not in NO_CLUSTER_INSIDE}

    result = evaluate(
        BY_NAME["the stack tells of the cluster's inside just when it fills it"],
        Outputs({**told, "kubernetesEnabled": "true"}),
    )

    assert result.status is Status.FAILED
    assert "no output about its inside is there" in result.detail


def test_names_are_unique_and_rows_are_known() -> None:
    assert len(BY_NAME) == len(CASES)
    assert {case.row for case in CASES} <= set(ROWS)


def test_an_eight_digit_id_is_an_id_too(good: dict[str, str]) -> None:
    outputs = Outputs({**good, "vpcId": "vpc-0a1b2c3d"})

    assert evaluate(BY_NAME["the VPC's id has AWS's form"], outputs).status is Status.PASSED


def test_a_kubeconfig_that_is_wrong_is_not_quoted(good: dict[str, str]) -> None:
    outputs = Outputs({**good, "kubeconfig": json.dumps({"users": [{"name": "me", "user": {"token": "hunter2"}}]})})

    result = evaluate(BY_NAME["the kubeconfig is one that kubectl reads"], outputs)

    assert "hunter2" not in result.detail
    assert "clusters" in result.detail
