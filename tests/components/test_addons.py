import json
from collections.abc import Callable

import pytest

from seatrial.plan import Plan

Planned = Callable[..., Plan]

ADDON = "aws:eks/addon:Addon"


def configuration(plan: Plan, addon: str) -> object:
    return json.loads(str(plan.named(f"eks-{addon}-addon-test").inputs["configurationValues"]))


def test_the_platform_has_every_add_on_that_is_on_by_default(planned: Planned) -> None:
    assert {str(each.inputs["addonName"]) for each in planned().of_type(ADDON)} == {
        "vpc-cni",
        "kube-proxy",
        "eks-pod-identity-agent",
        "coredns",
        "aws-ebs-csi-driver",
        "metrics-server",
    }


def test_what_is_described_wins_over_what_is_found(planned: Planned) -> None:
    for addon in planned().of_type(ADDON):
        assert addon.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
        assert addon.inputs["resolveConflictsOnUpdate"] == "OVERWRITE"
        assert addon.inputs["preserve"] is False


def test_a_pinned_version_is_taken_as_it_is(planned: Planned) -> None:
    plan = planned(addons={"kubeProxy": {"version": "v1.36.0-eksbuild.1"}})

    assert plan.named("eks-kube-proxy-addon-test").inputs["addonVersion"] == "v1.36.0-eksbuild.1"


def test_an_unpinned_version_is_the_default_of_the_kubernetes_minor(planned: Planned) -> None:
    found = planned(cluster={"version": "1.35"}).named("eks-kube-proxy-addon-test").inputs["addonVersion"]

    assert str(found).startswith("v1.35.")


def test_network_policies_are_enforced_and_values_are_text(planned: Planned) -> None:
    assert configuration(planned(), "vpc-cni") == {"enableNetworkPolicy": "true"}


def test_network_policies_can_be_off_and_addresses_come_in_blocks(planned: Planned) -> None:
    plan = planned(addons={"vpcCni": {"networkPolicy": False, "prefixDelegation": True}})

    assert configuration(plan, "vpc-cni") == {
        "enableNetworkPolicy": "false",
        "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
    }


def test_volumes_are_tagged_and_no_other_default_class_is_made(planned: Planned) -> None:
    plan = planned()

    assert configuration(plan, "aws-ebs-csi-driver") == {
        "controller": {
            "extraVolumeTags": {
                "Extra": "yes",
                "Environment": "test",
                "EnvironmentSuffix": "test",
                "Project": "seatrial",
                "ManagedBy": "pulumi",
                "Owner": "team",
                "CostCenter": "cc",
            },
        },
        "defaultStorageClass": {"enabled": False},
    }


@pytest.mark.parametrize(
    ("chosen", "size"),
    [
        ({"replicas": 3}, {"replicaCount": 3}),
        ({"replicas": 2, "maxReplicas": 6}, {"autoScaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 6}}),
    ],
)
def test_names_are_served_by_a_fixed_number_or_between_bounds(
    planned: Planned, chosen: dict[str, int], size: dict[str, object]
) -> None:
    found = configuration(planned(addons={"coredns": chosen}), "coredns")

    assert isinstance(found, dict)
    assert {key: found[key] for key in size} == size
    assert ("replicaCount" in found) != ("autoScaling" in found)
    assert found["podDisruptionBudget"] == {"enabled": True, "maxUnavailable": 1}
    assert found["topologySpreadConstraints"][0]["topologyKey"] == "topology.kubernetes.io/zone"


def test_an_add_on_with_nothing_to_configure_has_no_configuration(planned: Planned) -> None:
    assert "configurationValues" not in planned().named("eks-kube-proxy-addon-test").inputs


@pytest.mark.parametrize(
    ("addon", "role"), [("vpc-cni", "eks-vpc-cni-role-test"), ("aws-ebs-csi-driver", "eks-ebs-csi-role-test")]
)
def test_an_add_on_that_calls_aws_has_a_role_of_its_own(planned: Planned, addon: str, role: str) -> None:
    plan = planned()

    assert plan.named(f"eks-{addon}-addon-test").inputs["serviceAccountRoleArn"] == plan.named(role).outputs["arn"]


def test_the_other_add_ons_have_no_role(planned: Planned) -> None:
    plan = planned()

    for addon in ("kube-proxy", "pod-identity-agent", "coredns", "metrics-server"):
        assert "serviceAccountRoleArn" not in plan.named(f"eks-{addon}-addon-test").inputs


@pytest.mark.parametrize(
    ("section", "addon", "role"),
    [
        ("ebsCsi", "aws-ebs-csi-driver", "eks-ebs-csi-role-test"),
        ("metricsServer", "metrics-server", None),
        ("podIdentityAgent", "eks-pod-identity-agent", None),
    ],
)
def test_an_add_on_that_is_off_leaves_nothing(planned: Planned, section: str, addon: str, role: str | None) -> None:
    plan = planned(addons={section: {"enabled": False}})

    names = {resource.name for resource in plan}
    assert f"eks-{addon.removeprefix('eks-')}-addon-test" not in names
    assert role not in names
    assert addon not in json.loads(str(plan.outputs["addonVersions"]))


def test_the_snapshot_controller_is_there_before_the_volume_driver(planned: Planned) -> None:
    plan = planned(addons={"snapshotController": {"enabled": True}})

    assert plan.named("eks-snapshot-controller-addon-test").urn in (
        plan.named("eks-aws-ebs-csi-driver-addon-test").dependencies
    )


def test_without_it_the_volume_driver_waits_for_no_other_add_on_of_its_stage(planned: Planned) -> None:
    plan = planned()
    stage = {each.urn for each in plan.subtree(plan.named("addons-after-nodes-test").urn)}

    for addon in plan.of_type(ADDON):
        assert addon.urn not in stage or not stage & set(addon.dependencies)
