import json
from collections.abc import Callable

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


def test_the_outputs_are_those_that_the_documents_promise(planned: Planned) -> None:
    assert set(planned().outputs) == ALWAYS


def test_every_output_is_text_and_none_is_empty(planned: Planned) -> None:
    for name, value in planned().outputs.items():
        shown = value.value if isinstance(value, Secret) else value
        assert isinstance(shown, str), name
        assert shown


def test_only_the_kubeconfig_is_secret(planned: Planned) -> None:
    assert [name for name, value in planned().outputs.items() if isinstance(value, Secret)] == ["kubeconfig"]


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
        ("clusterLogGroupName", "eks-cluster-logs-test", "name"),
        ("flowLogGroupName", "eks-flow-logs-test", "name"),
        ("spotNodeGroupName", "eks-spot-ng-test", "nodeGroupName"),
        ("onDemandNodeGroupName", "eks-ondemand-ng-test", "nodeGroupName"),
        ("onDemandNodeGroupStatus", "eks-ondemand-ng-test", "status"),
    ],
)
def test_an_output_is_of_its_resource(planned: Planned, output: str, resource: str, attribute: str) -> None:
    plan = planned()

    assert plan.outputs[output] == plan.named(resource).outputs.get(attribute, plan.named(resource).id)


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


def test_a_preview_registers_what_a_deployment_does(planned: Planned) -> None:
    deployed, previewed = planned(), planned(preview=True)

    assert [resource.urn for resource in previewed] == [resource.urn for resource in deployed]
    for resource in deployed:
        assert previewed[resource.urn].dependencies == resource.dependencies
