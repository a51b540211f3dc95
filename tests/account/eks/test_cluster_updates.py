"""Changes of a cluster: one kind at a time, never twice the same, never while another one runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

Wanted = Callable[["Stage"], dict[str, Any]]

CHANGES: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"upgradePolicy": {"supportType": "STANDARD"}}, "UpgradePolicyUpdate", ["UpgradePolicy"]),
    ({"zonalShiftConfig": {"enabled": True}}, "ZonalShiftConfigUpdate", ["ZonalShiftConfig"]),
    ({"deletionProtection": True}, "DeletionProtectionUpdate", ["DeletionProtection"]),
    ({"controlPlaneScalingConfig": {"tier": "tier-xl"}}, "ControlPlaneScalingConfigUpdate", ["UpdatedTier"]),
    ({"resourcesVpcConfig": {"endpointPrivateAccess": True}}, "EndpointAccessUpdate", ["EndpointPrivateAccess"]),
    ({"resourcesVpcConfig": {"publicAccessCidrs": ["192.0.2.0/24"]}}, "EndpointAccessUpdate", ["PublicAccessCidrs"]),
    (
        {"computeConfig": {"enabled": True}, "storageConfig": {"blockStorage": {"enabled": True}}},
        "AutoModeUpdate",
        ["ComputeConfig", "StorageConfig"],
    ),
    (
        {
            "computeConfig": {"enabled": True},
            "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": True}},
            "storageConfig": {"blockStorage": {"enabled": True}},
        },
        "AutoModeUpdate",
        ["ComputeConfig", "KubernetesNetworkConfig", "StorageConfig"],
    ),
    (
        {"resourcesVpcConfig": {"endpointPublicAccess": False, "endpointPrivateAccess": True}},
        "EndpointAccessUpdate",
        ["EndpointPublicAccess", "EndpointPrivateAccess"],
    ),
    (
        {"resourcesVpcConfig": {"controlPlaneEgressMode": "CUSTOMER_ROUTED"}},
        "EndpointAccessUpdate",
        ["ControlPlaneEgressMode"],
    ),
    (
        {"remoteNetworkConfig": {"remoteNodeNetworks": [{"cidrs": ["10.200.0.0/16"]}]}},
        "RemoteNetworkConfigUpdate",
        ["RemoteNetworkConfig"],
    ),
]


@pytest.mark.parametrize(("wanted", "kind", "params"), CHANGES, ids=[str(row[0]) for row in CHANGES])
def test_a_change_comes_into_force_when_its_update_is_done(
    cluster: Stage, wanted: dict[str, Any], kind: str, params: list[str]
) -> None:
    before = cluster.cluster()
    update = cluster.call("update_cluster_config", **wanted)["update"]

    assert (update["status"], update["type"]) == ("InProgress", kind)
    assert [param["type"] for param in update["params"]] == params
    during = cluster.cluster()
    assert during == {**before, "status": "UPDATING"}

    cluster.wait()
    after = cluster.cluster()

    assert after["status"] == "ACTIVE"
    for member, value in wanted.items():
        assert after[member] == ({**before.get(member, {}), **value} if isinstance(value, dict) else value)
    ended = cluster.call("describe_update", updateId=update["id"])["update"]
    assert (ended["status"], ended["errors"]) == ("Successful", [])


def test_parameters_of_updates_are_texts(cluster: Stage) -> None:
    tier = cluster.change("update_cluster_config", controlPlaneScalingConfig={"tier": "tier-xl"})["params"][0]
    version = cluster.change("update_cluster_config", upgradePolicy={"supportType": "STANDARD"})["params"][0]

    assert json.loads(tier["value"]) == {"tier": "tier-xl"}
    assert json.loads(version["value"]) == {"supportType": "STANDARD"}


@pytest.mark.parametrize(
    ("operation", "parameters", "message"),
    [
        ("update_cluster_config", {}, "No changes needed"),
        ("update_cluster_config", {"upgradePolicy": {"supportType": "EXTENDED"}}, "No changes needed"),
        ("update_cluster_config", {"deletionProtection": False}, "No changes needed"),
        ("update_cluster_config", {"accessConfig": {"authenticationMode": "API"}}, "No changes needed"),
        ("update_cluster_config", {"logging": {"clusterLogging": []}}, "No changes needed"),
        (
            "update_cluster_config",
            {"logging": {"clusterLogging": [{"types": ["api"], "enabled": False}]}},
            "No changes needed",
        ),
        (
            "update_cluster_config",
            {"resourcesVpcConfig": {"endpointPublicAccess": True}},
            "already at the desired configuration",
        ),
        (
            "update_cluster_config",
            {"deletionProtection": True, "zonalShiftConfig": {"enabled": True}},
            "Only one type of update can be allowed",
        ),
        (
            "update_cluster_config",
            {"computeConfig": {"enabled": True}, "zonalShiftConfig": {"enabled": True}},
            "Only one type of update can be allowed",
        ),
        (
            "update_cluster_config",
            {"resourcesVpcConfig": {"endpointPublicAccess": False}},
            "Private and public endpoint access cannot be false",
        ),
        ("update_cluster_config", {"resourcesVpcConfig": {"securityGroupIds": ["sg-0"]}}, "InvalidGroup.NotFound"),
        ("update_cluster_config", {"resourcesVpcConfig": {"subnetIds": ["subnet-0"]}}, "InvalidSubnetID.NotFound"),
        (
            "update_cluster_config",
            {"resourcesVpcConfig": {"securityGroupIds": ["sg-0"], "endpointPrivateAccess": True}},
            "Only one type of update can be allowed",
        ),
        ("update_cluster_version", {"version": "1.99"}, "unsupported Kubernetes version"),
        ("update_cluster_version", {"version": "1.36"}, "already at version 1.36"),
        ("update_cluster_version", {"version": "1.35"}, "Downgrading"),
    ],
)
def test_a_change_that_is_none_or_too_much_is_refused(
    cluster: Stage, operation: str, parameters: dict[str, Any], message: str
) -> None:
    refusal = cluster.refused(operation, **parameters)

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal
    assert cluster.cluster()["status"] == "ACTIVE"


def encryption(stage: Stage) -> dict[str, Any]:
    return {"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": stage.facts.key}}]}


OPERATIONS: list[tuple[str, Wanted]] = [
    ("update_cluster_config", lambda _: {"deletionProtection": True}),
    ("update_cluster_version", lambda _: {"version": "1.36"}),
    ("associate_encryption_config", encryption),
]


@pytest.mark.parametrize(("operation", "parameters"), OPERATIONS)
def test_one_change_at_a_time(cluster: Stage, operation: str, parameters: Wanted) -> None:
    cluster.call("update_cluster_config", zonalShiftConfig={"enabled": True})

    assert cluster.refused(operation, **parameters(cluster)) == (
        "ResourceInUseException: Cannot update because cluster it currently has an update in progress"
    )


@pytest.mark.parametrize(("operation", "parameters"), OPERATIONS)
def test_a_cluster_that_is_not_active_is_not_changed(cluster: Stage, operation: str, parameters: Wanted) -> None:
    cluster.call("delete_cluster")

    assert cluster.refused(operation, **parameters(cluster)) == (
        "InvalidRequestException: Cluster 'it' is not in ACTIVE status"
    )


@pytest.mark.parametrize(("operation", "parameters"), OPERATIONS)
def test_a_cluster_that_is_not_there_is_not_changed(network: Stage, operation: str, parameters: Wanted) -> None:
    assert network.refused(operation, **parameters(network)).startswith("ResourceNotFoundException: ")


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("CONFIG_MAP", "API_AND_CONFIG_MAP", True),
        ("API_AND_CONFIG_MAP", "API", True),
        ("CONFIG_MAP", "API", False),
        ("API", "API_AND_CONFIG_MAP", False),
        ("API_AND_CONFIG_MAP", "CONFIG_MAP", False),
    ],
)
def test_authentication_modes_change_in_one_direction_only(
    network: Stage, before: str, after: str, *, allowed: bool
) -> None:
    network.create_cluster(accessConfig={"authenticationMode": before})
    network.wait()
    wanted = {"accessConfig": {"authenticationMode": after}}
    if not allowed:
        expected = f"InvalidRequestException: Unsupported authentication mode update from {before} to {after}"
        assert network.refused("update_cluster_config", **wanted) == expected
        return
    network.change("update_cluster_config", **wanted)
    kept = network.cluster()["accessConfig"]

    assert kept == {"authenticationMode": after, "bootstrapClusterCreatorAdminPermissions": True}


def test_types_of_logs_are_switched_one_by_one(cluster: Stage) -> None:
    def switch(**kinds: bool) -> list[Any]:
        setup = [{"types": [kind], "enabled": enabled} for kind, enabled in kinds.items()]
        update = cluster.change("update_cluster_config", logging={"clusterLogging": setup})
        assert update["type"] == "LoggingUpdate"
        return [[set(each["types"]), each["enabled"]] for each in cluster.cluster()["logging"]["clusterLogging"]]

    others = {"authenticator", "controllerManager", "scheduler"}
    assert switch(api=True) == [[{"api"}, True], [others | {"audit"}, False]]
    assert switch(audit=True) == [[{"api", "audit"}, True], [others, False]]
    assert switch(api=False) == [[{"audit"}, True], [others | {"api"}, False]]
    assert switch(api=True, **dict.fromkeys(others, True)) == [[others | {"api", "audit"}, True]]


def test_logs_that_are_switched_on_make_their_group(cluster: Stage) -> None:
    logs = cluster.account.client("logs")
    assert logs.describe_log_groups()["logGroups"] == []
    cluster.change("update_cluster_config", logging={"clusterLogging": [{"types": ["api"], "enabled": True}]})

    cluster.cluster()
    assert [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]] == ["/aws/eks/it/cluster"]


def test_a_control_plane_takes_other_security_groups_and_keeps_its_own(cluster: Stage) -> None:
    own = cluster.ec2.create_security_group(GroupName="own", Description="own", VpcId=cluster.facts.vpc)["GroupId"]
    before = cluster.cluster()["resourcesVpcConfig"]
    update = cluster.change("update_cluster_config", resourcesVpcConfig={"securityGroupIds": [own]})

    assert (update["type"], update["params"][0]["type"]) == ("VpcConfigUpdate", "SecurityGroups")
    assert cluster.cluster()["resourcesVpcConfig"] == {**before, "securityGroupIds": [own]}


def test_a_control_plane_moves_within_its_zones(cluster: Stage) -> None:
    vpc, zones = cluster.facts.vpc, "abc"
    moved = [
        cluster.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-2{zone}")[
            "Subnet"
        ]["SubnetId"]
        for number, zone in enumerate(zones, 10)
    ]
    for wrong in (moved[:2], cluster.facts.elsewhere):
        refusal = cluster.refused("update_cluster_config", resourcesVpcConfig={"subnetIds": wrong})
        assert refusal.startswith("InvalidParameterException: Provided subnets must belong to the same VPC")
    update = cluster.change("update_cluster_config", resourcesVpcConfig={"subnetIds": moved, "securityGroupIds": []})

    assert [param["type"] for param in update["params"]] == ["Subnets", "SecurityGroups"]
    assert cluster.cluster()["resourcesVpcConfig"]["subnetIds"] == moved


def test_a_control_plane_does_not_move_into_another_network(network: Stage) -> None:
    network.create_cluster(resourcesVpcConfig={"subnetIds": network.facts.subnets[:2]})
    network.wait()
    refusal = network.refused("update_cluster_config", resourcesVpcConfig={"subnetIds": network.facts.elsewhere})

    assert "must belong to the same VPC" in refusal


def test_a_cluster_is_upgraded_one_minor_version_at_a_time(network: Stage) -> None:
    network.create_cluster(version="1.33")
    network.wait()
    assert "Unsupported Kubernetes minor version update from 1.33 to 1.35" in network.refused(
        "update_cluster_version", version="1.35"
    )
    update = network.change("update_cluster_version", version="1.34")

    assert (update["status"], update["type"]) == ("Successful", "VersionUpdate")
    assert {"type": "Version", "value": "1.34"} in update["params"]
    assert network.cluster()["version"] == "1.34"


def test_a_cluster_does_not_run_away_from_its_nodes(network: Stage) -> None:
    for name in ("it", "other"):
        network.create_cluster(name=name, version="1.31")
    network.wait()
    network.create_group()
    network.create_group(clusterName="other", name="others")
    for version in ("1.32", "1.33", "1.34"):
        network.change("update_cluster_version", version=version)
    refusal = network.refused("update_cluster_version", version="1.35")

    assert refusal == "InvalidRequestException: Nodegroup nodes is at 1.31: update it before the cluster"
    network.call("delete_nodegroup", nodegroupName="nodes")
    network.wait()
    network.change("update_cluster_version", version="1.35")
    assert network.cluster()["version"] == "1.35"


def test_encryption_is_switched_on_once(cluster: Stage) -> None:
    wanted = encryption(cluster)
    update = cluster.change("associate_encryption_config", **wanted)

    assert update["type"] == "AssociateEncryptionConfig"
    assert cluster.cluster()["encryptionConfig"] == wanted["encryptionConfig"]
    assert cluster.refused("associate_encryption_config", **wanted) == (
        "InvalidRequestException: Encryption is already enabled on the cluster and can't be changed"
    )


def test_encryption_needs_a_key_that_works(cluster: Stage) -> None:
    wanted = [{"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:us-east-2:000000000000:key/none"}}]

    assert cluster.refused("associate_encryption_config", encryptionConfig=wanted).startswith(
        "InvalidParameterException: The keyArn in encryptionConfig provider is invalid"
    )


@pytest.mark.parametrize(("code", "shown"), [("", "Unknown"), ("EniLimitReached", "EniLimitReached")])
def test_an_update_that_fails_says_why_and_changes_nothing(cluster: Stage, code: str, shown: str) -> None:
    cluster.fail("UpdateClusterConfig", code, "no room")
    update = cluster.change("update_cluster_config", deletionProtection=True)

    assert update["status"] == "Failed"
    assert update["errors"] == [{"errorCode": shown, "errorMessage": "no room"}]
    assert cluster.cluster()["status"] == "ACTIVE"
    assert cluster.cluster()["deletionProtection"] is False


def test_an_unknown_update_is_not_found(cluster: Stage) -> None:
    assert cluster.refused("describe_update", updateId="none") == (
        "ResourceNotFoundException: No update found for id: none"
    )


def test_updates_are_listed_by_what_they_change(nodes: Stage) -> None:
    of_cluster = nodes.change("update_cluster_config", deletionProtection=True)["id"]
    of_group = nodes.change("update_nodegroup_config", nodegroupName="nodes", scalingConfig={"maxSize": 3})["id"]
    of_addon = nodes.change("update_addon", addonName="vpc-cni", configurationValues="{}")["id"]

    assert nodes.call("list_updates")["updateIds"] == [of_cluster]
    assert nodes.call("list_updates", nodegroupName="nodes")["updateIds"] == [of_group]
    assert nodes.call("list_updates", addonName="vpc-cni")["updateIds"] == [of_addon]
    assert nodes.call("list_updates", addonName="kube-proxy")["updateIds"] == []
