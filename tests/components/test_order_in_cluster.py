"""What must be there before what is in the cluster, and what outlives it; deletion runs the other way."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from seatrial.plan import Plan, Resource

Planned = Callable[..., Plan]

CLUSTER = "aws:eks/cluster:Cluster"
RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"
PODS = ("kubernetes:apps/v1:DaemonSet", "kubernetes:apps/v1:Deployment")


def before(plan: Plan, resource: Resource) -> set[str]:
    """Return all that the engine must have before a resource: what it depends on, its parents, its provider."""
    found: set[str] = set()
    waiting = [resource.urn]
    while waiting:
        fresh = set(plan[waiting.pop()].predecessors) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def unmet(plan: Plan, resource: Resource, needed: Iterable[Resource]) -> set[str]:
    return {each.urn for each in needed} - before(plan, resource)


def inside(plan: Plan) -> list[Resource]:
    return [resource for resource in plan if resource.type.startswith("kubernetes:")]


def balancers(plan: Plan) -> Resource:
    return plan.named("aws-load-balancer-controller-release-test")


def test_who_deploys_is_let_in_before_the_first_object_and_after_the_last(whole: Plan) -> None:
    ways_in = [whole.named("eks-ops-access-test"), whole.named("eks-ops-access-policy-test")]

    for resource in inside(whole):
        assert not unmet(whole, resource, ways_in), resource.name


def test_the_cluster_its_nodes_and_its_add_ons_outlive_every_object(whole: Plan) -> None:
    needed = [
        *whole.of_type(CLUSTER),
        *whole.of_type("aws:eks/nodeGroup:NodeGroup"),
        *whole.of_type("aws:eks/addon:Addon"),
        *whole.of_type("aws:ec2/natGateway:NatGateway"),
        *whole.of_type("aws:ec2/route:Route"),
    ]

    for resource in inside(whole):
        assert not unmet(whole, resource, needed), resource.name


@pytest.mark.parametrize(
    ("chart", "role"),
    [
        ("aws-load-balancer-controller", "load-balancer-controller-role-test"),
        ("cluster-autoscaler", "cluster-autoscaler-role-test"),
    ],
)
def test_a_controller_has_its_identity_and_all_its_permissions_while_it_runs(
    whole: Plan, chart: str, role: str
) -> None:
    release = whole.named(f"{chart}-release-test")
    permissions = [each for each in whole.subtree(whole.named(role).urn) if each.custom]

    assert len(permissions) == 2
    assert {each.urn for each in permissions} <= set(release.dependencies)
    assert whole.named(f"kube-system-{chart}-serviceaccount-test").urn in release.dependencies


def test_what_can_make_load_balancers_goes_before_their_controller(whole: Plan) -> None:
    controller = balancers(whole)
    # A team makes Services and Ingresses in its namespace, which the plan doesn't know.
    for namespace in whole.of_type(NAMESPACE):
        assert controller.urn in namespace.dependencies
        assert not unmet(whole, namespace, [controller])


def test_the_controllers_webhooks_answer_whenever_something_else_is_put_in(whole: Plan) -> None:
    controller = balancers(whole)
    own = {controller.urn, whole.named("kube-system-aws-load-balancer-controller-serviceaccount-test").urn}
    classes = {each.urn for each in whole.subtree(whole.named("storage-test").urn)}

    others = [resource for resource in inside(whole) if resource.urn not in own | classes]
    assert len(others) > 40
    for resource in others:
        assert not unmet(whole, resource, [controller]), resource.name


def test_teams_volumes_go_before_their_driver(whole: Plan) -> None:
    driver = [whole.named("eks-aws-ebs-csi-driver-addon-test"), *whole.subtree(whole.named("ebs-csi-role-test").urn)]

    for namespace in whole.of_type(NAMESPACE):
        assert not unmet(whole, namespace, driver)


def test_classes_of_volumes_come_after_their_drivers_kinds(whole: Plan) -> None:
    drivers = [whole.named("eks-aws-ebs-csi-driver-addon-test"), whole.named("eks-snapshot-controller-addon-test")]

    for name in ("ebs-sc-encrypted-storageclass-test", "ebs-snapshot-volumesnapshotclass-test"):
        assert {each.urn for each in drivers} <= set(whole.named(name).dependencies)


def test_everything_in_a_namespace_comes_after_it(whole: Plan) -> None:
    places = {str(each.id): each for each in whole.of_type(NAMESPACE)}
    held = [(each, str(each.id).partition("/")[0]) for each in inside(whole) if "/" in str(each.id)]

    assert {namespace for _, namespace in held} == {"kube-system", *places}
    for resource, namespace in held:
        if namespace in places:
            assert places[namespace].urn in before(whole, resource), resource.name


def test_pods_come_after_who_they_are(whole: Plan) -> None:
    pods = [resource for kind in PODS for resource in whole.of_type(kind)]

    assert len(pods) == 3
    for resource in pods:
        accounts = [whole[urn] for urn in resource.dependencies if "ServiceAccount" in urn]
        assert accounts, resource.name


def test_the_nodes_cache_comes_after_the_service_that_it_asks_and_its_configuration(whole: Plan) -> None:
    (cache,) = whole.of_type("kubernetes:apps/v1:DaemonSet")
    siblings = [each.urn for each in whole.children(cache.parent) if each.urn != cache.urn]

    assert {whole[urn].type.rpartition(":")[2] for urn in siblings} == {"ConfigMap", "Service", "ServiceAccount"}
    assert set(siblings) <= set(cache.dependencies)


def test_what_goes_with_something_else_is_not_deleted_one_by_one(whole: Plan) -> None:
    deleted = {resource.name for resource in inside(whole) if not resource.deleted_with}

    assert deleted == {
        # What its pods do in AWS ends with them.
        "aws-load-balancer-controller-release-test",
        "aws-node-termination-handler-release-test",
        "cluster-autoscaler-release-test",
        # Teams make load balancers and volumes in them.
        "dev-namespace-test",
        "prod-namespace-test",
    }


def test_what_is_in_a_team_s_namespace_goes_with_it_and_the_rest_with_the_cluster(whole: Plan) -> None:
    (cluster,) = whole.of_type(CLUSTER)
    namespaces = {each.name.removesuffix("-namespace-test"): each.urn for each in whole.of_type(NAMESPACE)}

    for resource in inside(whole):
        if resource.deleted_with:
            metadata: Any = resource.inputs["metadata"]
            assert resource.deleted_with == namespaces.get(metadata.get("namespace"), cluster.urn), resource.name


def test_nothing_in_aws_is_taken_for_gone_with_the_cluster(whole: Plan) -> None:
    for resource in whole:
        if not resource.type.startswith("kubernetes:"):
            assert resource.deleted_with == "", resource.name


def test_nothing_is_kept(whole: Plan) -> None:
    for resource in whole:
        assert not resource.retain_on_delete
        assert not resource.protect


def test_a_platform_without_load_balancers_keeps_its_order(planned: Planned, everything: dict[str, Any]) -> None:
    off = {"loadBalancerController": {"enabled": False}, "nodeTerminationHandler": {"enabled": False}}

    plan = planned(**everything | {"kubernetes": off})

    assert {str(each.inputs["name"]) for each in plan.of_type(RELEASE)} == {"cluster-autoscaler"}
    for resource in inside(plan):
        assert not unmet(plan, resource, plan.of_type("aws:eks/addon:Addon"))
