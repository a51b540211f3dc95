"""Clusters: made, shown, listed, removed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
LOG_GROUP = "/aws/eks/it/cluster"
ALL_LOGS = {"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]}
ROOT = "arn:aws:iam::000000000000:root"


def log_groups(stage: Stage) -> list[str]:
    return [group["logGroupName"] for group in stage.account.client("logs").describe_log_groups()["logGroups"]]


def test_a_cluster_shows_how_to_reach_it_once_it_is_active(network: Stage) -> None:
    begun = network.create_cluster()
    later = {"endpoint", "certificateAuthority", "identity"}

    assert begun["status"] == network.cluster()["status"] == "CREATING"
    assert not later & begun.keys()
    assert not later & network.cluster().keys()

    network.wait()
    cluster = network.cluster()

    assert cluster["status"] == "ACTIVE"
    assert cluster["endpoint"].endswith(".gr7.us-east-2.eks.amazonaws.com")
    assert base64.b64decode(cluster["certificateAuthority"]["data"]) == b"PEM"
    assert cluster["identity"]["oidc"]["issuer"].startswith("https://localhost:4566/oidc/id/")


def test_a_cluster_has_the_defaults_of_aws(network: Stage) -> None:
    given = {"roleArn": network.facts.cluster_role, "resourcesVpcConfig": {"subnetIds": network.facts.subnets}}
    cluster = network.call("create_cluster", **given)["cluster"]

    assert cluster["arn"] == "arn:aws:eks:us-east-2:000000000000:cluster/it"
    assert cluster["version"] == "1.36"
    assert cluster["accessConfig"] == {
        "authenticationMode": "CONFIG_MAP",
        "bootstrapClusterCreatorAdminPermissions": True,
    }
    config = cluster["resourcesVpcConfig"]
    assert config.pop("clusterSecurityGroupId").startswith("sg-")
    assert config == {
        "subnetIds": network.facts.subnets,
        "securityGroupIds": [],
        "vpcId": network.facts.vpc,
        "endpointPublicAccess": True,
        "endpointPrivateAccess": False,
        "publicAccessCidrs": ["0.0.0.0/0"],
        "controlPlaneEgressMode": "AWS_MANAGED",
    }
    assert cluster["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "172.20.0.0/16"
    assert [setup["enabled"] for setup in cluster["logging"]["clusterLogging"]] == [False]
    assert cluster["upgradePolicy"] == {"supportType": "EXTENDED"}
    assert cluster["zonalShiftConfig"] == {"enabled": False}
    assert cluster["deletionProtection"] is False
    assert cluster["tags"] == {}
    assert not any(name.startswith("_") for name in cluster)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("version", "1.33"),
        ("kubernetesNetworkConfig", {"serviceIpv4Cidr": "10.9.0.0/16", "ipFamily": "ipv4"}),
        ("upgradePolicy", {"supportType": "STANDARD"}),
        ("zonalShiftConfig", {"enabled": True}),
        ("deletionProtection", True),
        ("tags", {"Owner": "me"}),
        ("resourcesVpcConfig", {"endpointPublicAccess": False, "endpointPrivateAccess": True}),
        ("resourcesVpcConfig", {"publicAccessCidrs": ["192.0.2.0/24"]}),
        ("accessConfig", {"authenticationMode": "API_AND_CONFIG_MAP"}),
        ("computeConfig", {"enabled": False}),
        ("controlPlaneScalingConfig", {"tier": "tier-xl"}),
    ],
)
def test_a_cluster_keeps_what_it_was_given(network: Stage, member: str, value: Any) -> None:
    network.create_cluster(**{member: value})
    network.wait()
    kept = network.cluster()[member]

    assert value.items() <= kept.items() if isinstance(value, dict) else kept == value


def test_secrets_are_encrypted_with_the_given_key(network: Stage) -> None:
    config = [{"resources": ["secrets"], "provider": {"keyArn": network.facts.key}}]

    assert network.create_cluster(encryptionConfig=config)["encryptionConfig"] == config


def encrypted(key: str, resource: str = "secrets") -> dict[str, Any]:
    return {"encryptionConfig": [{"resources": [resource], "provider": {"keyArn": key}}]}


def disabled(stage: Stage) -> str:
    stage.account.client("kms").disable_key(KeyId=stage.facts.key)
    return stage.facts.key


def security_group(stage: Stage, vpc: str) -> str:
    return stage.ec2.create_security_group(GroupName="own", Description="own", VpcId=vpc)["GroupId"]


def other_vpc(stage: Stage) -> str:
    return stage.ec2.describe_subnets(SubnetIds=stage.facts.elsewhere)["Subnets"][0]["VpcId"]


REFUSED: list[tuple[str, Callable[[Stage], dict[str, Any]], str]] = [
    ("old version", lambda _: {"version": "1.30"}, "unsupported Kubernetes version: 1.30"),
    ("unreleased version", lambda _: {"version": "1.99"}, "unsupported Kubernetes version: 1.99"),
    ("no such role", lambda _: {"roleArn": "arn:aws:iam::000000000000:role/none"}, "does not exist or the trusted"),
    ("role of another service", lambda s: {"roleArn": s.facts.node_role}, "trusted entity is not correct"),
    ("role without policy", lambda s: {"roleArn": s.role("eks.amazonaws.com")}, "attach AmazonEKSClusterPolicy"),
    ("no such key", lambda _: encrypted("arn:aws:kms:us-east-2:000000000000:key/none"), "keyArn"),
    ("disabled key", lambda s: encrypted(disabled(s)), "is not enabled"),
    ("other resources", lambda s: encrypted(s.facts.key, "pods"), "must be [secrets]"),
    ("no subnet", lambda _: {"resourcesVpcConfig": {"subnetIds": []}}, "at least two different AZs"),
    ("one zone", lambda s: {"resourcesVpcConfig": {"subnetIds": s.facts.subnets[:1]}}, "at least two different AZs"),
    ("no such subnet", lambda _: {"resourcesVpcConfig": {"subnetIds": ["subnet-0"]}}, "InvalidSubnetID.NotFound"),
    (
        "two networks",
        lambda s: {"resourcesVpcConfig": {"subnetIds": [s.facts.subnets[0], s.facts.elsewhere[1]]}},
        "must be in the same VPC",
    ),
    (
        "no endpoint",
        lambda _: {"resourcesVpcConfig": {"endpointPublicAccess": False}},
        "Private and public endpoint access cannot be false",
    ),
    (
        "no such security group",
        lambda _: {"resourcesVpcConfig": {"securityGroupIds": ["sg-0"]}},
        "InvalidGroup.NotFound",
    ),
    (
        "security group of another network",
        lambda s: {"resourcesVpcConfig": {"securityGroupIds": [security_group(s, other_vpc(s))]}},
        "not in the same VPC",
    ),
]


@pytest.mark.parametrize(("parameters", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_cluster_that_could_not_work_is_refused(
    network: Stage, parameters: Callable[[Stage], dict[str, Any]], message: str
) -> None:
    facts = network.facts
    wanted = parameters(network)
    subnets = {"subnetIds": facts.subnets, **wanted.pop("resourcesVpcConfig", {})}
    refusal = network.refused(
        "create_cluster", **{"roleArn": facts.cluster_role, "resourcesVpcConfig": subnets, **wanted}
    )

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal
    assert network.eks.list_clusters()["clusters"] == []


def test_a_cluster_needs_subnets(network: Stage) -> None:
    refusal = network.refused("create_cluster", roleArn=network.facts.cluster_role, resourcesVpcConfig={})

    assert refusal == "InvalidParameterException: Subnets specified must be in at least two different AZs"


def test_a_name_is_taken_only_once(network: Stage) -> None:
    network.create_cluster()
    given = {"roleArn": network.facts.cluster_role, "resourcesVpcConfig": {"subnetIds": network.facts.subnets}}

    assert network.refused("create_cluster", **given) == (
        "ResourceInUseException: Cluster already exists with name: it"
    )


def test_clusters_are_listed_by_region(cluster: Stage) -> None:
    cluster.create_cluster(name="other")

    assert cluster.eks.list_clusters()["clusters"] == ["it", "other"]
    assert cluster.account.client("eks", region="us-west-2").list_clusters()["clusters"] == []


def test_a_cluster_that_is_not_there_is_not_found(network: Stage) -> None:
    expected = "ResourceNotFoundException: No cluster found for name: it."

    assert network.refused("describe_cluster") == expected
    assert network.refused("delete_cluster") == expected


def test_a_cluster_brings_a_security_group_and_interfaces(cluster: Stage) -> None:
    group = cluster.cluster()["resourcesVpcConfig"]["clusterSecurityGroupId"]
    found = cluster.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    tags = {tag["Key"]: tag["Value"] for tag in found["Tags"]}
    interfaces = cluster.interfaces("Amazon EKS it")

    assert found["GroupName"].startswith("eks-cluster-sg-it-")
    assert found["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == group
    assert tags.pop("Name") == found["GroupName"]
    assert tags == {"aws:eks:cluster-name": "it", "kubernetes.io/cluster/it": "owned"}
    assert len({interface["AvailabilityZone"] for interface in interfaces}) == len(interfaces) == 2
    for interface in interfaces:
        assert interface["Status"] == "in-use"
        assert re.fullmatch("02(:[0-9a-f]{2}){5}", interface["MacAddress"])
        assert [member["GroupId"] for member in interface["Groups"]] == [group]
        refusal = cluster.account.refusal(
            "ec2", "delete_network_interface", NetworkInterfaceId=interface["NetworkInterfaceId"]
        )
        assert "in use" in refusal


def test_own_security_groups_are_on_the_interfaces_too(network: Stage) -> None:
    own = security_group(network, network.facts.vpc)
    network.create_cluster(resourcesVpcConfig={"securityGroupIds": [own]})

    for interface in network.interfaces("Amazon EKS it"):
        assert interface["Groups"][0] == {"GroupId": own, "GroupName": "own"}
        assert len(interface["Groups"]) == 2


def test_control_planes_share_subnets_without_sharing_addresses(cluster: Stage) -> None:
    cluster.create_cluster(name="other")
    addresses = [interface["PrivateIpAddress"] for interface in cluster.interfaces("Amazon EKS")]

    assert len(addresses) == len(set(addresses)) == 4
    assert not {"10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"} & set(addresses)


@pytest.mark.parametrize(
    ("logging", "expected"),
    [
        (ALL_LOGS, [LOG_GROUP]),
        ({"clusterLogging": [{"types": ["api"], "enabled": False}]}, []),
        ({"clusterLogging": [{"enabled": True}]}, []),
        ({}, []),
    ],
)
def test_a_control_plane_that_logs_makes_its_group(
    network: Stage, logging: dict[str, Any], expected: list[str]
) -> None:
    network.create_cluster(logging=logging)

    assert log_groups(network) == expected


def test_types_of_logs_are_shown_as_on_or_off(network: Stage) -> None:
    logging = network.create_cluster(logging=ALL_LOGS)["logging"]

    assert logging == {
        "clusterLogging": [
            {"types": ["api", "audit"], "enabled": True},
            {"types": ["authenticator", "controllerManager", "scheduler"], "enabled": False},
        ]
    }


def test_a_log_group_of_ones_own_is_used(network: Stage) -> None:
    logs = network.account.client("logs")
    logs.create_log_group(logGroupName=LOG_GROUP)
    logs.put_retention_policy(logGroupName=LOG_GROUP, retentionInDays=7)
    network.create_cluster(logging=ALL_LOGS)
    network.wait()
    network.cluster()

    assert [group["retentionInDays"] for group in logs.describe_log_groups()["logGroups"]] == [7]


def test_a_log_group_that_is_deleted_before_its_cluster_comes_back(network: Stage) -> None:
    logs = network.account.client("logs")
    network.create_cluster(logging=ALL_LOGS)
    network.wait()
    logs.delete_log_group(logGroupName=LOG_GROUP)
    network.call("delete_cluster")
    network.wait()

    assert network.eks.list_clusters()["clusters"] == []
    assert log_groups(network) == [LOG_GROUP]


@pytest.mark.parametrize("restarted", [False, True])
def test_a_cluster_may_be_told_to_write_its_log_group_anew_once_it_is_gone(network: Stage, *, restarted: bool) -> None:
    logs = network.account.client("logs")
    network.create_cluster(logging=ALL_LOGS)
    network.wait()
    network.account.inject({"service": "eks", "operation": "DeleteCluster", "kind": "leak"})
    network.call("delete_cluster")
    network.wait()
    assert network.eks.list_clusters()["clusters"] == []
    assert log_groups(network) == [LOG_GROUP]
    if restarted:
        network.account.restart()

    logs.delete_log_group(logGroupName=LOG_GROUP)
    assert log_groups(network) == []
    network.wait()
    assert log_groups(network) == [LOG_GROUP]
    logs.delete_log_group(logGroupName=LOG_GROUP)
    network.wait()
    assert log_groups(network) == []


def test_a_cluster_that_logs_nothing_has_nothing_to_write_anew(network: Stage) -> None:
    network.create_cluster()
    network.wait()
    network.account.inject({"service": "eks", "operation": "DeleteCluster", "kind": "leak"})
    network.call("delete_cluster")
    network.wait(3)

    assert log_groups(network) == []


def test_who_creates_a_cluster_administers_it(network: Stage) -> None:
    network.create_cluster(accessConfig={"authenticationMode": "API"})
    network.wait()

    assert network.call("list_access_entries")["accessEntries"] == [ROOT]
    associated = network.call("list_associated_access_policies", principalArn=ROOT)["associatedAccessPolicies"]
    assert [policy["policyArn"] for policy in associated] == [ADMIN]
    assert associated[0]["accessScope"] == {"type": "cluster", "namespaces": []}


def test_a_session_that_creates_a_cluster_makes_its_role_the_administrator(network: Stage) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = network.iam.create_role(Path="/team/", RoleName="maker", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    network.iam.attach_role_policy(RoleName="maker", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assumed = network.account.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    key = (assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"])
    network.account.client("eks", key).create_cluster(
        name="it",
        roleArn=network.facts.cluster_role,
        resourcesVpcConfig={"subnetIds": network.facts.subnets},
        accessConfig={"authenticationMode": "API"},
    )
    network.wait()

    assert network.call("list_access_entries")["accessEntries"] == [role]


def test_nobody_administers_a_cluster_whose_creator_does_not_want_to(cluster: Stage) -> None:
    assert cluster.call("list_access_entries")["accessEntries"] == []


def test_a_cluster_is_gone_after_its_deletion_with_all_that_it_brought(cluster: Stage) -> None:
    group = cluster.cluster()["resourcesVpcConfig"]["clusterSecurityGroupId"]
    assert cluster.tagged([group])
    cluster.create_addons("vpc-cni")
    cluster.call("create_access_entry", principalArn=cluster.facts.pod_role)
    cluster.call(
        "create_pod_identity_association",
        namespace="default",
        serviceAccount="it",
        roleArn=cluster.facts.pod_role,
    )
    cluster.change("update_cluster_config", deletionProtection=True)
    cluster.change("update_cluster_config", deletionProtection=False)

    assert cluster.call("delete_cluster")["cluster"]["status"] == "DELETING"
    assert cluster.cluster()["status"] == "DELETING"
    cluster.wait()
    assert cluster.eks.list_clusters()["clusters"] == []
    assert cluster.interfaces("Amazon EKS") == []
    assert "InvalidGroup.NotFound" in cluster.account.refusal("ec2", "describe_security_groups", GroupIds=[group])
    assert not cluster.tagged([group])

    cluster.create_cluster()
    cluster.wait()
    for operation, answer in [
        ("list_addons", "addons"),
        ("list_access_entries", "accessEntries"),
        ("list_pod_identity_associations", "associations"),
        ("list_updates", "updateIds"),
    ]:
        assert cluster.call(operation)[answer] == [], operation


def test_clusters_whose_names_begin_alike_are_apart(cluster: Stage) -> None:
    cluster.create_cluster(name="it-too")
    cluster.wait()
    cluster.call("delete_cluster")
    cluster.wait()

    assert cluster.eks.list_clusters()["clusters"] == ["it-too"]


def test_a_protected_cluster_is_not_deleted(network: Stage) -> None:
    network.create_cluster(deletionProtection=True)
    network.wait()

    assert network.refused("delete_cluster").startswith("InvalidRequestException: Cluster it has deletion protection")


def test_a_cluster_with_nodes_is_not_deleted(nodes: Stage) -> None:
    assert nodes.refused("delete_cluster") == "ResourceInUseException: Cluster has nodegroups attached"


def test_a_cluster_is_not_deleted_while_it_is_made_or_changed(network: Stage) -> None:
    expected = "ResourceInUseException: Cannot delete because cluster it currently has an update in progress"
    network.create_cluster()
    assert network.refused("delete_cluster") == expected

    network.wait()
    network.call("update_cluster_config", zonalShiftConfig={"enabled": True})
    assert network.refused("delete_cluster") == expected


@pytest.mark.parametrize(("code", "shown"), [("", "InternalFailure"), ("InsufficientFreeAddresses",) * 2])
def test_a_cluster_whose_creation_fails_says_why_and_can_be_deleted(network: Stage, code: str, shown: str) -> None:
    network.fail("CreateCluster", code, "no room")
    network.create_cluster()
    network.wait()

    assert network.cluster()["status"] == "FAILED"
    assert network.cluster()["health"]["issues"] == [{"code": shown, "message": "no room", "resourceIds": []}]
    assert "not in ACTIVE status" in network.refused("create_addon", addonName="vpc-cni")
    network.call("delete_cluster")
    network.wait()
    assert network.eks.list_clusters()["clusters"] == []
