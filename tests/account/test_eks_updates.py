"""Changes of clusters: one at a time, of one kind, in AWS's words."""

from typing import Any

import pytest

CHANGES: dict[str, tuple[dict[str, Any], str, str, Any]] = {
    "upgrade policy": (
        {"upgradePolicy": {"supportType": "STANDARD"}},
        "UpgradePolicyUpdate",
        "upgradePolicy",
        {"supportType": "STANDARD"},
    ),
    "zonal shift": ({"zonalShiftConfig": {"enabled": True}}, "ZonalShiftConfigUpdate", "zonalShiftConfig", {"enabled": True}),
    "protection": ({"deletionProtection": True}, "DeletionProtectionUpdate", "deletionProtection", True),
    "auto mode": (
        {"computeConfig": {"enabled": False}, "storageConfig": {"blockStorage": {"enabled": False}}},
        "AutoModeUpdate",
        "computeConfig",
        {"enabled": False},
    ),
}


@pytest.mark.parametrize(("change", "kind", "member", "value"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_an_update_that_comes_into_force(
    account: Any, cluster: Any, change: dict[str, Any], kind: str, member: str, value: Any
) -> None:
    begun = cluster.eks.update_cluster_config(name=cluster.name, **change)["update"]
    during = cluster.describe()["status"]
    account.wait()
    update = cluster.eks.describe_update(name=cluster.name, updateId=begun["id"])["update"]

    assert (begun["status"], during) == ("InProgress", "UPDATING")
    assert (update["status"], update["type"]) == ("Successful", kind)
    assert cluster.describe()[member] == value
    assert cluster.describe()["status"] == "ACTIVE"
    assert begun["id"] in cluster.eks.list_updates(name=cluster.name)["updateIds"]


def test_logging_changes_by_type(account: Any, cluster: Any) -> None:
    setups = [{"types": ["api", "audit"], "enabled": True}]
    change = {"name": cluster.name, "logging": {"clusterLogging": setups}}

    update = cluster.update("update_cluster_config", **change)
    off = {"clusterLogging": [{"types": ["api"], "enabled": False}]}
    cluster.update("update_cluster_config", name=cluster.name, logging=off)

    assert update["type"] == "LoggingUpdate"
    assert cluster.describe()["logging"]["clusterLogging"][0] == {"types": ["audit"], "enabled": True}
    assert "No changes needed for the logging config" in cluster.refusal(
        "update_cluster_config", name=cluster.name, logging=off
    )
    found = account.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/eks/{cluster.name}/")
    assert len(found["logGroups"]) == 1


def test_access_to_the_endpoint_and_place_of_the_control_plane_change_apart(account: Any, cluster: Any) -> None:
    name, network = cluster.name, cluster.describe()["resourcesVpcConfig"]
    ec2 = account.client("ec2")
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=cluster.vpc)["GroupId"]
    third = ec2.create_subnet(VpcId=cluster.vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-2a")["Subnet"]
    other = ec2.create_subnet(VpcId=cluster.vpc, CidrBlock="10.0.8.0/24", AvailabilityZone="us-east-2c")["Subnet"]
    moved = [third["SubnetId"], cluster.subnets[1]]

    access = {"endpointPrivateAccess": True, "endpointPublicAccess": False}
    first = cluster.update("update_cluster_config", name=name, resourcesVpcConfig=access)
    second = cluster.update(
        "update_cluster_config", name=name, resourcesVpcConfig={"subnetIds": moved, "securityGroupIds": [group]}
    )

    found = cluster.describe()["resourcesVpcConfig"]
    assert (first["type"], second["type"]) == ("EndpointAccessUpdate", "VpcConfigUpdate")
    assert (found["endpointPublicAccess"], found["subnetIds"]) == (False, moved)
    assert found["clusterSecurityGroupId"] == network["clusterSecurityGroupId"]
    elsewhere = {"subnetIds": [third["SubnetId"], other["SubnetId"]]}
    mixed = {"securityGroupIds": [], "endpointPublicAccess": True}
    for change, text in (
        (access, "already at the desired configuration"),
        (elsewhere, "same set of AZs"),
        (mixed, "Only one type of update"),
        ({"endpointPrivateAccess": False}, "cannot be false"),
    ):
        assert text in cluster.refusal("update_cluster_config", name=name, resourcesVpcConfig=change)


def test_a_version_goes_up_by_one(account: Any, make_cluster: Any) -> None:
    cluster = make_cluster(version="1.34")
    name = cluster.name

    update = cluster.update("update_cluster_version", name=name, version="1.35")

    assert update["params"][0] == {"type": "Version", "value": "1.35"}
    assert cluster.describe()["version"] == "1.35"
    for version, text in (
        ("1.35", "already at version"),
        ("1.34", "is not supported"),
        ("9.9", "unsupported Kubernetes version"),
    ):
        assert text in cluster.refusal("update_cluster_version", name=name, version=version)
    cluster.update("update_cluster_version", name=name, version="1.36")


def test_no_minor_version_is_skipped(make_cluster: Any) -> None:
    cluster = make_cluster(version="1.33")

    told = cluster.refusal("update_cluster_version", name=cluster.name, version="1.35")

    assert "Unsupported Kubernetes minor version update from 1.33 to 1.35" in told


def test_nodes_may_not_fall_too_far_behind(account: Any, make_cluster: Any) -> None:
    cluster = make_cluster(version="1.34", bootstrapSelfManagedAddons=True)
    cluster.group(version="1.31")
    account.wait()

    told = cluster.refusal("update_cluster_version", name=cluster.name, version="1.35")

    assert "Nodegroup nodes is at 1.31" in told


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "No changes needed"),
    "same": ({"deletionProtection": False}, "No changes needed for the deletionProtection provided"),
    "two kinds": (
        {"deletionProtection": True, "zonalShiftConfig": {"enabled": True}},
        "Only one type of update can be allowed",
    ),
    "mode backwards": (
        {"accessConfig": {"authenticationMode": "CONFIG_MAP"}},
        "Unsupported authentication mode update from API to CONFIG_MAP",
    ),
}


@pytest.mark.parametrize(("change", "text"), REFUSED.values(), ids=REFUSED)
def test_a_change_that_aws_would_refuse_is_refused(cluster: Any, change: dict[str, Any], text: str) -> None:
    assert text in cluster.refusal("update_cluster_config", name=cluster.name, **change)


def test_the_authentication_mode_goes_one_way(make_cluster: Any) -> None:
    cluster = make_cluster(accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})

    update = cluster.update("update_cluster_config", name=cluster.name, accessConfig={"authenticationMode": "API"})

    assert update["type"] == "AccessConfigUpdate"
    assert cluster.describe()["accessConfig"]["authenticationMode"] == "API"


def test_one_update_runs_at_a_time(cluster: Any) -> None:
    cluster.eks.update_cluster_config(name=cluster.name, deletionProtection=True)

    told = cluster.refusal("update_cluster_config", name=cluster.name, zonalShiftConfig={"enabled": True})

    assert told.startswith("ResourceInUseException: Cannot update because cluster")


def test_secrets_are_encrypted_later_and_once(account: Any, cluster: Any) -> None:
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    config = [{"resources": ["secrets"], "provider": {"keyArn": key}}]

    cluster.update("associate_encryption_config", clusterName=cluster.name, encryptionConfig=config)

    assert cluster.describe()["encryptionConfig"] == config
    told = cluster.refusal("associate_encryption_config", clusterName=cluster.name, encryptionConfig=config)
    assert "already enabled" in told


def test_an_injected_failure_ends_an_update(account: Any, cluster: Any) -> None:
    account.inject({"service": "eks", "operation": "UpdateClusterConfig", "kind": "fail", "code": "AccessDenied"})

    update = cluster.update("update_cluster_config", name=cluster.name, deletionProtection=True)

    assert update["status"] == "Failed"
    assert update["errors"] == [{"errorCode": "AccessDenied", "errorMessage": "an injected fault"}]
    assert cluster.describe()["deletionProtection"] is False


def test_an_unknown_update_is_not_found(cluster: Any) -> None:
    assert "No update found for id: x" in cluster.refusal("describe_update", name=cluster.name, updateId="x")


def test_versions_are_offered_with_their_dates(account: Any) -> None:
    eks = account.client("eks")

    offered = eks.describe_cluster_versions()["clusterVersions"]
    default = eks.describe_cluster_versions(defaultOnly=True)["clusterVersions"]
    every = eks.describe_cluster_versions(includeAll=True)["clusterVersions"]
    chosen = eks.describe_cluster_versions(clusterVersions=["1.35"], versionStatus="STANDARD_SUPPORT")["clusterVersions"]

    assert [entry["clusterVersion"] for entry in default] == ["1.36"]
    assert offered[0]["clusterVersion"] == "1.36"
    assert {entry["versionStatus"] for entry in every} >= {entry["versionStatus"] for entry in offered}
    assert [entry["clusterVersion"] for entry in chosen] == ["1.35"]
    assert chosen[0]["endOfStandardSupportDate"].year == 2027
