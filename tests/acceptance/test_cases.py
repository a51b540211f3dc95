"""Every case passes on a good platform, and every case fails on the fault that it is there to find."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.acceptance import CASES, ROWS, Outputs, Status, evaluate, run

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
]

LEFT_OUT: list[tuple[Mapping[str, str | None], set[str]]] = [
    (
        {"natGatewayIds": "[]"},
        {
            "NAT gateway ids have AWS's form",
            "there is one NAT gateway, or one a zone",
        },
    ),
    (
        {"flowLogGroupName": None, "flowLogRoleArn": None},
        {"flow logs go to a group of this environment", "flow logs have a role"},
    ),
    (
        {
            "nodeGroupNames": '{"batch": "eks-batch-ng-dev"}',
            "nodeGroupStatuses": '{"batch": "ACTIVE"}',
            "spotNodeGroupName": None,
            "spotNodeGroupStatus": None,
            "onDemandNodeGroupName": None,
            "onDemandNodeGroupStatus": None,
        },
        {
            "the spot node group is there",
            "the spot node group is active",
            "the on-demand node group is there",
            "the on-demand node group is active",
        },
    ),
    ({"clusterVersion": "1.99"}, {"EKS supports the Kubernetes version"}),
    (
        {"addonNames": "[]", "addonVersions": "{}", "vpcCniRoleArn": None, "ebsCsiRoleArn": None},
        {
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
        },
    ),
]

BY_NAME = {case.name: case for case in CASES}


def test_a_good_platform_passes_every_case(good: dict[str, str], write: Callable[[object], Path]) -> None:
    report = run(write(good))

    assert {case.name: case.detail for case in report.cases if case.status is not Status.PASSED} == {}
    assert len(report.cases) == len(CASES) >= 35


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
    changes: Mapping[str, str | None], names: set[str], good: dict[str, str], write: Callable[[object], Path]
) -> None:
    without = {key: value for key, value in {**good, **changes}.items() if value is not None}

    report = run(write(without))

    found = {case.name for case in report.cases if case.status is Status.NOT_APPLICABLE}
    assert found == names
    assert all(case.detail for case in report.cases if case.name in names)
    assert report.passed


def test_every_case_that_may_not_apply_is_left_out_by_some_platform() -> None:
    conditional = {case.name for case in CASES if case.not_applicable(Outputs({"natGatewayIds": "[]"} | EMPTY))}

    assert conditional == set[str]().union(*(names for _, names in LEFT_OUT))


EMPTY = {"nodeGroupNames": "{}", "addonVersions": "{}", "clusterVersion": "1.99"}


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
