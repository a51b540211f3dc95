"""What must exist before what, proved on the graph; deletion runs the other way."""

from collections.abc import Callable, Iterable

import pytest

from seatrial.plan import Plan, Resource

Planned = Callable[..., Plan]

GROUP = "aws:eks/nodeGroup:NodeGroup"
BEFORE = ("vpc-cni", "kube-proxy", "pod-identity-agent")
AFTER = ("coredns", "aws-ebs-csi-driver", "metrics-server")


def unmet(plan: Plan, resource: Resource, needed: Iterable[Resource]) -> set[str]:
    return {each.urn for each in needed} - plan.prerequisites(resource.urn)


@pytest.fixture(params=["none", "single", "per-zone", "regional"])
def plan(request: pytest.FixtureRequest, planned: Planned) -> Plan:
    return planned(network={"nat": request.param})


@pytest.mark.parametrize("addon", BEFORE)
def test_nodes_come_after_what_makes_them_ready(plan: Plan, addon: str) -> None:
    for group in plan.of_type(GROUP):
        assert not unmet(plan, group, [plan.named(f"eks-{addon}-addon-test")])


@pytest.mark.parametrize("addon", AFTER)
def test_what_runs_on_nodes_comes_after_every_group(plan: Plan, addon: str) -> None:
    assert not unmet(plan, plan.named(f"eks-{addon}-addon-test"), plan.of_type(GROUP))


def test_the_network_plugins_role_outlives_the_nodes(plan: Plan) -> None:
    role = plan.subtree(plan.named("vpc-cni-role-test").urn)

    assert len(role) == 2
    for group in plan.of_type(GROUP):
        assert not unmet(plan, group, role)


def test_the_volume_drivers_role_outlives_the_driver(plan: Plan) -> None:
    role = plan.subtree(plan.named("ebs-csi-role-test").urn)

    assert len(role) == 3
    assert not unmet(plan, plan.named("eks-aws-ebs-csi-driver-addon-test"), role)


def test_nodes_depend_directly_on_every_policy_of_their_role(plan: Plan) -> None:
    attachments = [
        each.urn
        for each in plan.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if each.inputs["role"] == "eks-node-role-test"
    ]

    assert len(attachments) == 3
    for group in plan.of_type(GROUP):
        assert set(attachments) <= set(group.dependencies)


def test_nodes_can_reach_aws_until_they_are_gone(plan: Plan) -> None:
    ways = [
        *plan.of_type("aws:ec2/route:Route"),
        *plan.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation"),
        *plan.of_type("aws:ec2/natGateway:NatGateway"),
        *plan.of_type("aws:ec2/vpcEndpoint:VpcEndpoint"),
        *plan.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
    ]

    for group in plan.of_type(GROUP):
        assert not unmet(plan, group, ways)


def test_the_control_plane_outlives_all_that_is_in_it(plan: Plan) -> None:
    cluster = plan.named("eks-cluster-test", "aws:eks/cluster:Cluster")

    for resource in (*plan.of_type(GROUP), *plan.of_type("aws:eks/addon:Addon")):
        assert not unmet(plan, resource, [cluster])


def test_the_log_groups_outlive_what_writes_into_them(plan: Plan) -> None:
    cluster = plan.named("eks-cluster-test", "aws:eks/cluster:Cluster")

    assert plan.named("eks-cluster-logs-test").urn in cluster.dependencies
    assert plan.named("eks-flow-logs-test").urn in plan.named("eks-flow-log-test").dependencies


def test_keys_outlive_what_they_encrypt(plan: Plan) -> None:
    secrets, logs, volumes = (plan.named(f"eks-{purpose}-key-test") for purpose in ("secrets", "logs", "volumes"))

    assert not unmet(plan, plan.named("eks-cluster-test", "aws:eks/cluster:Cluster"), [secrets, logs])
    for group in plan.of_type(GROUP):
        assert not unmet(plan, group, [volumes])


def test_the_identity_provider_outlives_the_roles_that_trust_it(plan: Plan) -> None:
    provider = plan.named("eks-oidc-provider-test")

    for role in ("eks-vpc-cni-role-test", "eks-ebs-csi-role-test"):
        assert provider.urn in plan.named(role).dependencies


def test_nodes_are_upgraded_after_the_control_plane(plan: Plan) -> None:
    cluster = plan.named("eks-cluster-test", "aws:eks/cluster:Cluster").urn

    for group in plan.of_type(GROUP):
        assert group.property_dependencies["version"] == (cluster,)


def test_nothing_is_kept_and_nothing_is_assumed_deleted(plan: Plan) -> None:
    for resource in plan:
        assert not resource.retain_on_delete
        assert not resource.protect
        assert resource.deleted_with == ""
