import json
from collections.abc import Callable
from typing import Any

import pytest

from seatrial.plan import Plan, Secret, Unknown

Planned = Callable[..., Plan]

ALWAYS = {
    "addonNames",
    "addonVersions",
    "availabilityZones",
    "clusterArn",
    "clusterEndpoint",
    "clusterLogGroupName",
    "clusterName",
    "clusterRoleArn",
    "clusterSecurityGroupId",
    "clusterStatus",
    "clusterVersion",
    "ebsCsiRoleArn",
    "environmentSuffix",
    "flowLogGroupName",
    "flowLogRoleArn",
    "kubeconfig",
    "kubernetesEnabled",
    "logsKeyArn",
    "natGatewayIds",
    "nodeGroupNames",
    "nodeGroupStatuses",
    "nodeRoleArn",
    "oidcProviderArn",
    "oidcProviderUrl",
    "onDemandNodeGroupName",
    "onDemandNodeGroupStatus",
    "privateSubnetIds",
    "publicSubnetIds",
    "region",
    "secretsKeyArn",
    "spotNodeGroupName",
    "spotNodeGroupStatus",
    "volumesKeyArn",
    "vpcCidrBlock",
    "vpcCniRoleArn",
    "vpcId",
}


IN_CLUSTER = {
    "chartNames",
    "chartVersions",
    "clusterAutoscalerRoleArn",
    "dnsServiceIp",
    "irsaDemoBucketName",
    "irsaDemoRoleArn",
    "irsaDemoServiceAccount",
    "loadBalancerControllerRoleArn",
    "namespaces",
    "networkPolicyNames",
    "nodeLocalDnsEnabled",
    "podSecurityLevels",
    "serviceAccounts",
    "storageClassName",
    "tenantGroups",
    "tenantPrincipals",
}
"""Outputs of what is in the cluster, where everything is."""


def test_the_outputs_are_those_that_the_documents_promise(planned: Planned, whole: Plan) -> None:
    assert set(planned().outputs) == ALWAYS
    assert set(whole.outputs) == ALWAYS | IN_CLUSTER


def test_a_platform_with_nothing_in_the_cluster_says_so(planned: Planned, whole: Plan) -> None:
    assert (planned().outputs["kubernetesEnabled"], whole.outputs["kubernetesEnabled"]) == ("false", "true")


@pytest.mark.parametrize(
    ("output", "value"),
    [
        ("chartNames", ["aws-load-balancer-controller", "aws-node-termination-handler", "cluster-autoscaler"]),
        ("dnsServiceIp", "172.20.0.10"),
        ("irsaDemoBucketName", "eks-irsa-demo-123456789012-us-east-2-test"),
        ("irsaDemoServiceAccount", "dev/irsa-demo-sa"),
        ("namespaces", ["dev", "prod"]),
        ("nodeLocalDnsEnabled", "true"),
        ("podSecurityLevels", {"dev": "baseline", "prod": "restricted"}),
        ("storageClassName", "ebs-sc-encrypted"),
        ("tenantGroups", {"dev": "team-dev", "prod": "team-prod"}),
        (
            "tenantPrincipals",
            {
                "dev": "arn:aws:iam::123456789012:role/developers",
                "prod": "arn:aws:iam::123456789012:role/operators",
            },
        ),
        (
            "serviceAccounts",
            [
                "dev/default",
                "dev/irsa-demo-sa",
                "dev/spot-demo",
                "dev/workload",
                "kube-system/aws-load-balancer-controller",
                "kube-system/aws-node-termination-handler",
                "kube-system/cluster-autoscaler",
                "kube-system/node-local-dns",
                "prod/default",
                "prod/workload",
            ],
        ),
    ],
)
def test_an_output_tells_what_is_in_the_cluster(whole: Plan, output: str, value: object) -> None:
    found = str(whole.outputs[output])

    assert (found if isinstance(value, str) else json.loads(found)) == value


def test_the_versions_of_charts_are_those_of_the_releases(whole: Plan) -> None:
    releases = whole.of_type("kubernetes:helm.sh/v3:Release")

    told = json.loads(str(whole.outputs["chartVersions"]))
    assert told == {str(each.inputs["name"]): each.inputs["version"] for each in releases}


def test_every_service_account_of_the_plan_is_told(whole: Plan) -> None:
    accounts = {str(each.id) for each in whole.of_type("kubernetes:core/v1:ServiceAccount")}

    assert set(json.loads(str(whole.outputs["serviceAccounts"]))) == accounts


def test_every_network_policy_of_the_plan_is_told(whole: Plan) -> None:
    policies = {str(each.id) for each in whole.of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")}

    told = json.loads(str(whole.outputs["networkPolicyNames"]))
    assert {f"{namespace}/{name}" for namespace, names in told.items() for name in names} == policies


def test_a_team_that_names_no_role_has_no_principal(planned: Planned, everything: dict[str, Any]) -> None:
    outputs = planned(**everything | {"tenants": {"dev": {}}}).outputs

    assert outputs["tenantPrincipals"] == "{}"


def test_what_is_left_out_has_no_outputs(planned: Planned, everything: dict[str, Any]) -> None:
    off = {"enabled": False}
    parts = ("loadBalancerController", "clusterAutoscaler", "nodeTerminationHandler", "irsaDemo")
    sections = {"kubernetes": dict.fromkeys(parts, off), "addons": {"ebsCsi": off}}

    outputs = planned(**everything | sections).outputs

    left_out = ("clusterAutoscalerRoleArn", "loadBalancerControllerRoleArn", "storageClassName", "ebsCsiRoleArn")
    demo = ("irsaDemoBucketName", "irsaDemoRoleArn", "irsaDemoServiceAccount")
    assert not {*left_out, *demo} & outputs.keys()
    assert (outputs["chartNames"], outputs["chartVersions"], outputs["nodeLocalDnsEnabled"]) == ("[]", "{}", "false")


def test_every_output_is_text_and_none_is_empty(whole: Plan) -> None:
    for name, value in whole.outputs.items():
        shown = value.value if isinstance(value, Secret) else value
        assert isinstance(shown, str), name
        assert shown


def test_only_the_kubeconfig_is_secret(whole: Plan) -> None:
    assert [name for name, value in whole.outputs.items() if isinstance(value, Secret)] == ["kubeconfig"]


@pytest.mark.parametrize(
    ("output", "resource", "attribute"),
    [
        ("vpcId", "eks-vpc-test", "id"),
        ("clusterArn", "eks-cluster-test", "arn"),
        ("clusterEndpoint", "eks-cluster-test", "endpoint"),
        ("clusterRoleArn", "eks-cluster-role-test", "arn"),
        ("nodeRoleArn", "eks-node-role-test", "arn"),
        ("vpcCniRoleArn", "eks-vpc-cni-role-test", "arn"),
        ("ebsCsiRoleArn", "eks-ebs-csi-role-test", "arn"),
        ("flowLogRoleArn", "eks-flow-logs-role-test", "arn"),
        ("oidcProviderArn", "eks-oidc-provider-test", "arn"),
        ("secretsKeyArn", "eks-secrets-key-test", "arn"),
        ("logsKeyArn", "eks-logs-key-test", "arn"),
        ("volumesKeyArn", "eks-volumes-key-test", "arn"),
        ("clusterAutoscalerRoleArn", "eks-cluster-autoscaler-role-test", "arn"),
        ("irsaDemoRoleArn", "eks-irsa-demo-role-test", "arn"),
        ("irsaDemoBucketName", "eks-irsa-demo-test", "bucket"),
        ("loadBalancerControllerRoleArn", "eks-load-balancer-controller-role-test", "arn"),
        ("clusterLogGroupName", "eks-cluster-logs-test", "name"),
        ("flowLogGroupName", "eks-flow-logs-test", "name"),
        ("spotNodeGroupName", "eks-spot-ng-test", "nodeGroupName"),
        ("onDemandNodeGroupName", "eks-ondemand-ng-test", "nodeGroupName"),
        ("onDemandNodeGroupStatus", "eks-ondemand-ng-test", "status"),
    ],
)
def test_an_output_is_of_its_resource(whole: Plan, output: str, resource: str, attribute: str) -> None:
    assert whole.outputs[output] == whole.named(resource).outputs.get(attribute, whole.named(resource).id)


def test_subnets_are_listed_in_the_order_of_their_zones(planned: Planned) -> None:
    plan = planned()

    zones = json.loads(str(plan.outputs["availabilityZones"]))
    for kind in ("public", "private"):
        listed = json.loads(str(plan.outputs[f"{kind}SubnetIds"]))
        assert listed == [plan.named(f"eks-{kind}-subnet-{zone}-test").id for zone in zones]


def test_every_group_has_outputs_of_its_own(planned: Planned) -> None:
    outputs = planned(nodeGroups={"gpu-large-pool": {}}).outputs

    assert outputs["gpuLargePoolNodeGroupName"] == "eks-gpulargepool-ng-test"
    assert outputs["gpuLargePoolNodeGroupStatus"] == "ACTIVE"
    assert outputs["nodeGroupNames"] == '{"gpu-large-pool": "eks-gpulargepool-ng-test"}'


def test_an_add_on_that_is_off_has_no_outputs(planned: Planned) -> None:
    outputs = planned(addons={"ebsCsi": {"enabled": False}}).outputs

    assert "ebsCsiRoleArn" not in outputs
    assert "aws-ebs-csi-driver" not in json.loads(str(outputs["addonNames"]))


def test_a_preview_knows_what_is_described_and_nothing_else(planned: Planned) -> None:
    outputs = planned(preview=True).outputs

    assert {name for name, value in outputs.items() if isinstance(value, str)} >= {
        "addonNames",
        "availabilityZones",
        "environmentSuffix",
        "region",
        "vpcCidrBlock",
    }
    for name in ("vpcId", "clusterEndpoint", "oidcProviderUrl", "nodeRoleArn", "privateSubnetIds"):
        assert isinstance(outputs[name], Unknown)


def test_a_preview_registers_what_a_deployment_does(planned: Planned, everything: dict[str, Any]) -> None:
    deployed, previewed = planned(**everything), planned(**everything, preview=True)

    assert [resource.urn for resource in previewed] == [resource.urn for resource in deployed]
    for resource in deployed:
        assert previewed[resource.urn].dependencies == resource.dependencies
