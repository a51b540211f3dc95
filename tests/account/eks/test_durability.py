"""What EKS remembers when its account is ended and begun again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage


def everything(stage: Stage) -> dict[str, Any]:
    """Describe all that there is of the cluster, here and in the services that it uses."""
    groups = stage.call("list_nodegroups")["nodegroups"]
    addons = stage.call("list_addons")["addons"]
    entries = stage.call("list_access_entries")["accessEntries"]
    associations = stage.call("list_pod_identity_associations")["associations"]
    return {
        "cluster": stage.cluster(),
        "groups": [stage.group(name) for name in groups],
        "addons": [stage.addon(name) for name in addons],
        "entries": [stage.call("describe_access_entry", principalArn=arn)["accessEntry"] for arn in entries],
        "policies": [
            stage.call("list_associated_access_policies", principalArn=arn)["associatedAccessPolicies"]
            for arn in entries
        ],
        "associations": associations,
        "updates": [
            stage.call("describe_update", updateId=number)["update"]
            for number in stage.call("list_updates")["updateIds"]
        ],
        "interfaces": stage.interfaces(""),
        "scaling": stage.account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"],
        "logs": stage.account.client("logs").describe_log_groups()["logGroups"],
    }


def test_everything_is_there_after_a_restart(nodes: Stage) -> None:
    role = nodes.facts.pod_role
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    nodes.change("update_cluster_config", logging={"clusterLogging": [{"types": ["api"], "enabled": True}]})
    nodes.call("create_access_entry", principalArn=role)
    nodes.call("associate_access_policy", principalArn=role, policyArn=policy, accessScope={"type": "cluster"})
    nodes.call("create_pod_identity_association", namespace="default", serviceAccount="app", roleArn=role)
    nodes.eks.tag_resource(resourceArn=nodes.cluster()["arn"], tags={"Owner": "me"})
    before = everything(nodes)
    nodes.account.restart()

    assert everything(nodes) == before
    assert all(before.values())


@pytest.mark.parametrize("settled", [False, True])
def test_what_was_under_way_goes_on_after_a_restart(cluster: Stage, *, settled: bool) -> None:
    cluster.call("create_addon", addonName="vpc-cni")
    cluster.call("create_addon", addonName="kube-proxy")
    cluster.create_group()
    update = cluster.call("update_cluster_config", deletionProtection=True)["update"]["id"]
    if settled:
        cluster.wait()
        cluster.cluster()
    cluster.account.restart()
    if not settled:
        assert cluster.cluster()["status"] == "UPDATING"
        assert cluster.group()["status"] == cluster.addon("vpc-cni")["status"] == "CREATING"
        cluster.wait()

    assert cluster.cluster()["deletionProtection"] is True
    assert cluster.call("describe_update", updateId=update)["update"]["status"] == "Successful"
    assert cluster.addon("vpc-cni")["status"] == cluster.group()["status"] == "ACTIVE"
    assert len(cluster.interfaces("aws-K8S-")) == 2


def test_what_ended_by_itself_stays_ended_after_a_restart(nodes: Stage) -> None:
    nodes.call("delete_nodegroup", nodegroupName="nodes")
    nodes.wait()
    assert nodes.call("list_nodegroups")["nodegroups"] == []
    nodes.account.restart()

    assert nodes.call("list_nodegroups")["nodegroups"] == []
    assert nodes.interfaces("aws-K8S-") == []
    assert nodes.account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []


def test_a_failure_that_was_injected_strikes_after_a_restart(network: Stage) -> None:
    network.fail("CreateCluster", "EniLimitReached", "no room")
    network.create_cluster()
    network.account.restart()
    network.wait()

    assert network.cluster()["status"] == "FAILED"
    assert network.cluster()["health"]["issues"][0]["code"] == "EniLimitReached"


@pytest.mark.parametrize(
    ("operation", "parameters", "listing", "answer"),
    [
        ("create_addon", {"addonName": "vpc-cni"}, "list_addons", "addons"),
        (
            "create_access_entry",
            {"principalArn": "arn:aws:iam::000000000000:root"},
            "list_access_entries",
            "accessEntries",
        ),
    ],
)
def test_a_repeated_call_is_answered_alike_and_done_once(
    cluster: Stage, operation: str, parameters: dict[str, Any], listing: str, answer: str
) -> None:
    first = cluster.call(operation, clientRequestToken="once", **parameters)
    cluster.account.restart()
    second = cluster.call(operation, clientRequestToken="once", **parameters)

    assert {**first, "ResponseMetadata": 0} == {**second, "ResponseMetadata": 0}
    assert len(cluster.call(listing)[answer]) == 1
    assert cluster.refused(operation, clientRequestToken="twice", **parameters).startswith("ResourceInUseException: ")


def test_an_account_that_is_reset_has_no_clusters(nodes: Stage) -> None:
    status, _, _ = nodes.account.ask("POST", "/_ministack/reset")

    assert status == 200
    assert nodes.eks.list_clusters()["clusters"] == []
