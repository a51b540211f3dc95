"""Add-ons of a cluster: made, shown, updated, removed, and what their pods wait for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

STEPPED = "one minor version at a time"


def test_an_add_on_is_active_when_its_creation_is_done(cluster: Stage) -> None:
    begun = cluster.call("create_addon", addonName="kube-proxy")["addon"]

    assert begun["status"] == cluster.addon("kube-proxy")["status"] == "CREATING"
    assert begun["addonArn"].startswith("arn:aws:eks:us-east-2:000000000000:addon/it/kube-proxy/")
    assert begun["addonVersion"] == "v1.36.0-eksbuild.2"
    assert (begun["publisher"], begun["owner"]) == ("eks", "aws")
    assert not {"configurationValues", "serviceAccountRoleArn"} & begun.keys()
    assert not any(name.startswith("_") for name in begun)

    cluster.wait()
    assert cluster.addon("kube-proxy") == {**begun, "status": "ACTIVE"}


@pytest.mark.parametrize(
    ("name", "member", "value"),
    [
        ("vpc-cni", "addonVersion", "v1.21.1-eksbuild.1"),
        ("vpc-cni", "configurationValues", '{"enableNetworkPolicy": "true"}'),
        ("vpc-cni", "serviceAccountRoleArn", "arn:aws:iam::000000000000:role/cni"),
        ("metrics-server", "tags", {"Owner": "me"}),
    ],
)
def test_an_add_on_keeps_what_it_was_given(cluster: Stage, name: str, member: str, value: Any) -> None:
    cluster.call("create_addon", addonName=name, **{member: value})

    assert cluster.addon(name)[member] == value


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"addonName": "none"}, "Addon none specified is not supported"),
        ({"addonName": "vpc-cni", "addonVersion": "v0.1.0-eksbuild.1"}, "Addon version specified is not supported"),
        ({"addonName": "kube-proxy", "addonVersion": "v1.35.0-eksbuild.2"}, "on Kubernetes 1.36"),
        ({"addonName": "vpc-cni", "configurationValues": "{"}, "not JSON"),
        ({"addonName": "vpc-cni", "configurationValues": '{"x": 1}'}, "Json schema validation failed with error: [$.x"),
    ],
)
def test_an_add_on_that_eks_does_not_offer_is_refused(cluster: Stage, parameters: dict[str, Any], message: str) -> None:
    refusal = cluster.refused("create_addon", **parameters)

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal
    assert cluster.call("list_addons")["addons"] == []


def test_an_add_on_is_there_once(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni")

    assert cluster.refused("create_addon", addonName="vpc-cni") == "ResourceInUseException: Addon already exists."


def test_an_add_on_needs_an_active_cluster(network: Stage) -> None:
    network.create_cluster()

    assert network.refused("create_addon", addonName="vpc-cni") == (
        "InvalidRequestException: Cluster 'it' is not in ACTIVE status"
    )


@pytest.mark.parametrize("operation", ["describe_addon", "update_addon", "delete_addon"])
def test_an_add_on_that_is_not_there_is_not_found(cluster: Stage, operation: str) -> None:
    assert cluster.refused(operation, addonName="vpc-cni") == (
        "ResourceNotFoundException: No addon: vpc-cni found in cluster: it"
    )
    assert cluster.refused(operation, addonName="vpc-cni", clusterName="none").endswith(
        "No cluster found for name: none."
    )


def test_add_ons_are_listed_by_cluster(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "coredns")
    cluster.create_cluster(name="other")

    assert cluster.call("list_addons")["addons"] == ["vpc-cni", "coredns"]
    assert cluster.call("list_addons", clusterName="other")["addons"] == []


DEPLOYMENTS = ("coredns", "aws-ebs-csi-driver", "metrics-server", "snapshot-controller")
DAEMONS = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent", "eks-node-monitoring-agent")


@pytest.mark.parametrize("name", DAEMONS)
def test_daemons_are_content_without_nodes(cluster: Stage, name: str) -> None:
    cluster.create_addons(name)

    assert cluster.addon(name)["status"] == "ACTIVE"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_deployments_wait_for_nodes_and_are_degraded_when_none_come(cluster: Stage, name: str) -> None:
    cluster.create_addons(name)
    cluster.wait(1.5)
    assert cluster.addon(name)["status"] == "CREATING"

    cluster.wait(2)
    addon = cluster.addon(name)
    assert addon["status"] == "DEGRADED"
    assert addon["health"]["issues"] == [
        {
            "code": "InsufficientNumberOfReplicas",
            "message": "The add-on is unhealthy because it doesn't have the desired number of replicas.",
            "resourceIds": [],
        }
    ]


def test_deployments_run_once_there_are_nodes_and_stop_when_they_go(cluster: Stage) -> None:
    def status() -> str:
        return cluster.addon("coredns")["status"]

    cluster.create_addons("vpc-cni", "kube-proxy", "coredns")
    cluster.wait(4)
    assert status() == "DEGRADED"
    cluster.create_group(scalingConfig={"minSize": 0, "desiredSize": 2, "maxSize": 2})
    cluster.wait()
    assert status() == "ACTIVE"
    assert cluster.addon("coredns")["health"]["issues"] == []

    cluster.change("update_nodegroup_config", nodegroupName="nodes", scalingConfig={"desiredSize": 0})
    assert status() == "DEGRADED"
    cluster.change("update_nodegroup_config", nodegroupName="nodes", scalingConfig={"desiredSize": 1})
    assert status() == "ACTIVE"
    cluster.call("delete_nodegroup", nodegroupName="nodes")
    cluster.wait()
    assert status() == "DEGRADED"


def test_nodes_of_another_cluster_run_nothing_here(nodes: Stage) -> None:
    nodes.create_cluster(name="other")
    nodes.wait()
    nodes.call("create_addon", clusterName="other", addonName="coredns")
    nodes.wait(5)

    assert nodes.call("describe_addon", clusterName="other", addonName="coredns")["addon"]["status"] == "DEGRADED"


DRIVER, CONTROLLER = "aws-ebs-csi-driver", "ebs-csi-controller-sa"
DRIVER_POLICY = "AmazonEBSCSIDriverPolicyV2"


def test_the_volume_driver_does_not_run_without_permission(nodes: Stage) -> None:
    nodes.create_addons(DRIVER)
    nodes.wait(4)

    assert nodes.addon(DRIVER)["status"] == "DEGRADED"
    assert nodes.addon(DRIVER)["health"]["issues"][0]["message"] == (
        f"The add-on's pods do not run: {CONTROLLER} may not do ec2:DescribeAvailabilityZones."
    )


@pytest.mark.parametrize("by", ["nodes", "association", "add-on"])
def test_the_volume_driver_has_its_permission_in_several_ways(nodes: Stage, by: str) -> None:
    role, parameters = nodes.role("pods.eks.amazonaws.com", DRIVER_POLICY), {}
    if by == "nodes":
        policy = f"arn:aws:iam::aws:policy/{DRIVER_POLICY}"
        nodes.iam.attach_role_policy(RoleName=nodes.facts.node_role.rpartition("/")[2], PolicyArn=policy)
    elif by == "association":
        nodes.call("create_pod_identity_association", namespace="kube-system", serviceAccount=CONTROLLER, roleArn=role)
    else:
        parameters = {"podIdentityAssociations": [{"serviceAccount": CONTROLLER, "roleArn": role}]}
    nodes.call("create_addon", addonName=DRIVER, **parameters)
    nodes.wait()

    assert nodes.addon(DRIVER)["status"] == "ACTIVE"


def test_an_association_in_another_namespace_permits_nothing(nodes: Stage) -> None:
    role = nodes.facts.pod_role
    nodes.call("create_pod_identity_association", namespace="default", serviceAccount=CONTROLLER, roleArn=role)
    nodes.create_addons(DRIVER)
    nodes.wait(4)

    assert nodes.addon(DRIVER)["status"] == "DEGRADED"


def test_pods_do_not_run_with_the_permission_of_a_role_that_is_gone(nodes: Stage) -> None:
    role = nodes.facts.node_role.rpartition("/")[2]
    nodes.iam.attach_role_policy(RoleName=role, PolicyArn=f"arn:aws:iam::aws:policy/{DRIVER_POLICY}")
    nodes.create_addons(DRIVER)
    assert nodes.addon(DRIVER)["status"] == "ACTIVE"
    for policy in nodes.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        nodes.iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
    nodes.iam.delete_role(RoleName=role)
    nodes.change("update_addon", addonName=DRIVER, configurationValues="{}")

    assert nodes.addon(DRIVER)["status"] == "DEGRADED"


def associations(stage: Stage) -> list[tuple[str, str, str]]:
    listed = stage.call("list_pod_identity_associations")["associations"]
    return [(each["namespace"], each["serviceAccount"], each.get("ownerArn", "")) for each in listed]


def test_an_add_on_has_associations_of_its_own(cluster: Stage) -> None:
    role = cluster.facts.pod_role
    cluster.call("create_pod_identity_association", namespace="default", serviceAccount="own", roleArn=role)
    wanted = [{"serviceAccount": CONTROLLER, "roleArn": role}, {"serviceAccount": "another", "roleArn": role}]
    made = cluster.call("create_addon", addonName=DRIVER, podIdentityAssociations=wanted)["addon"]
    own = ("default", "own", "")

    assert len(made["podIdentityAssociations"]) == 2
    assert associations(cluster) == [
        own,
        ("kube-system", CONTROLLER, made["addonArn"]),
        ("kube-system", "another", made["addonArn"]),
    ]
    (number,) = [arn.rpartition("/")[2] for arn in made["podIdentityAssociations"][:1]]
    assert cluster.refused("delete_pod_identity_association", associationId=number) == (
        f"InvalidRequestException: The association belongs to {made['addonArn']}: change that instead"
    )

    cluster.wait(5)
    cluster.change("update_addon", addonName=DRIVER, configurationValues="{}")
    assert len(associations(cluster)) == 3
    cluster.change("update_addon", addonName=DRIVER, podIdentityAssociations=wanted[:1])
    assert associations(cluster) == [own, ("kube-system", CONTROLLER, made["addonArn"])]
    assert len(cluster.addon(DRIVER)["podIdentityAssociations"]) == 1

    cluster.call("delete_addon", addonName=DRIVER)
    cluster.wait()
    assert associations(cluster) == [own]


def test_an_update_comes_into_force_when_it_is_done(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni")
    before = cluster.addon("vpc-cni")
    wanted = {"addonVersion": "v1.21.1-eksbuild.1", "configurationValues": '{"env": {"WARM_ENI_TARGET": "1"}}'}
    role = cluster.facts.pod_role
    update = cluster.call("update_addon", addonName="vpc-cni", serviceAccountRoleArn=role, **wanted)["update"]

    assert (update["type"], update["status"]) == ("AddonUpdate", "InProgress")
    assert {param["type"]: param["value"] for param in update["params"]} == {
        "AddonVersion": wanted["addonVersion"],
        "ConfigurationValues": wanted["configurationValues"],
        "ServiceAccountRoleArn": role,
    }
    assert cluster.addon("vpc-cni") == {**before, "status": "UPDATING"}

    cluster.wait()
    after = cluster.addon("vpc-cni")
    assert (after["status"], after["serviceAccountRoleArn"]) == ("ACTIVE", role)
    assert {name: after[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        ("vpc-cni", "v1.19.6-eksbuild.7", "v1.20.4-eksbuild.1", ""),
        ("vpc-cni", "v1.21.1-eksbuild.1", "v1.20.4-eksbuild.1", ""),
        ("vpc-cni", "v1.19.6-eksbuild.7", "v1.21.1-eksbuild.1", STEPPED),
        ("vpc-cni", "v1.21.1-eksbuild.1", "v1.19.6-eksbuild.7", STEPPED),
        ("eks-pod-identity-agent", "v1.3.8-eksbuild.2", "v1.4.0-eksbuild.1", ""),
        ("aws-ebs-csi-driver", "v1.50.1-eksbuild.1", "v1.52.0-eksbuild.1", ""),
        ("coredns", "v1.12.4-eksbuild.1", "v0.0.1-eksbuild.1", "Addon version specified is not supported"),
    ],
)
def test_some_add_ons_are_updated_one_minor_version_at_a_time(
    cluster: Stage, name: str, before: str, after: str, message: str
) -> None:
    cluster.call("create_addon", addonName=name, addonVersion=before)
    cluster.wait(5)
    if message:
        refusal = cluster.refused("update_addon", addonName=name, addonVersion=after)
        assert refusal.startswith("InvalidParameterException: ")
        assert message in refusal
    else:
        cluster.change("update_addon", addonName=name, addonVersion=after)

    assert cluster.addon(name)["addonVersion"] == (before if message else after)


def test_configuration_is_checked_on_update_too(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni")

    assert "Json schema validation failed" in cluster.refused(
        "update_addon", addonName="vpc-cni", configurationValues=json.dumps({"enableNetworkPolicy": True})
    )
    assert cluster.addon("vpc-cni")["status"] == "ACTIVE"


def test_an_add_on_must_fit_the_new_version_of_its_cluster(network: Stage) -> None:
    network.create_cluster(version="1.35")
    network.wait()
    network.create_addons("kube-proxy")
    network.change("update_cluster_version", version="1.36")

    assert "on Kubernetes 1.36" in network.refused("update_addon", addonName="kube-proxy", configurationValues="{}")
    network.change("update_addon", addonName="kube-proxy", addonVersion="v1.36.1-eksbuild.1")
    assert network.addon("kube-proxy")["addonVersion"] == "v1.36.1-eksbuild.1"


def test_an_add_on_that_moves_is_not_updated(cluster: Stage) -> None:
    def refused() -> str:
        return cluster.refused("update_addon", addonName="vpc-cni", configurationValues="{}")

    expected = "ResourceInUseException: Cannot update addon vpc-cni: it is "
    cluster.call("create_addon", addonName="vpc-cni")
    assert refused() == f"{expected}CREATING"
    cluster.wait()
    cluster.call("update_addon", addonName="vpc-cni", configurationValues="{}")
    assert refused() == f"{expected}UPDATING"
    cluster.wait()
    cluster.call("delete_addon", addonName="vpc-cni")
    assert refused() == f"{expected}DELETING"


def test_an_add_on_is_not_deleted_while_it_changes_or_goes(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni")
    cluster.call("update_addon", addonName="vpc-cni", configurationValues="{}")
    assert cluster.refused("delete_addon", addonName="vpc-cni") == (
        "ResourceInUseException: Cannot delete addon vpc-cni: it is UPDATING"
    )
    cluster.wait()
    assert cluster.call("delete_addon", addonName="vpc-cni")["addon"]["status"] == "DELETING"
    assert cluster.refused("delete_addon", addonName="vpc-cni") == (
        "ResourceInUseException: Cannot delete addon vpc-cni: it is DELETING"
    )
    cluster.wait()
    assert cluster.call("list_addons")["addons"] == []


@pytest.mark.parametrize(("code", "shown"), [("", "InternalFailure"), ("AccessDenied", "AccessDenied")])
def test_an_add_on_whose_creation_fails_says_why(cluster: Stage, code: str, shown: str) -> None:
    cluster.fail("CreateAddon", code, "no webhook")
    cluster.create_addons("vpc-cni")
    addon = cluster.addon("vpc-cni")

    assert addon["status"] == "CREATE_FAILED"
    assert addon["health"]["issues"] == [{"code": shown, "message": "no webhook", "resourceIds": []}]
    cluster.create_addons("kube-proxy")
    assert cluster.addon("vpc-cni")["status"] == "CREATE_FAILED"
    cluster.call("delete_addon", addonName="vpc-cni")
    cluster.wait()
    assert cluster.call("list_addons")["addons"] == ["kube-proxy"]


def test_an_update_that_fails_changes_nothing(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni")
    cluster.fail("UpdateAddon", "ConfigurationConflict", "somebody changed it")
    update = cluster.change("update_addon", addonName="vpc-cni", addonVersion="v1.21.1-eksbuild.1")

    assert update["errors"] == [{"errorCode": "ConfigurationConflict", "errorMessage": "somebody changed it"}]
    assert cluster.addon("vpc-cni")["addonVersion"] == "v1.20.4-eksbuild.1"


def test_an_add_on_that_was_preserved_is_made_again(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni")
    cluster.call("delete_addon", addonName="vpc-cni", preserve=True)
    cluster.wait()
    cluster.create_addons("vpc-cni")

    assert cluster.addon("vpc-cni")["status"] == "ACTIVE"
