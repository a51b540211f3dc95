import json
from collections.abc import Callable

import pytest

from seatrial.components import kubeconfig
from seatrial.plan import Plan, Secret

Planned = Callable[..., Plan]

NAME = "eks-cluster-test"
CLUSTER = "aws:eks/cluster:Cluster"
ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"


def test_the_control_plane_is_private_and_in_every_zone(planned: Planned) -> None:
    plan = planned()

    assert plan.named(NAME, CLUSTER).inputs["vpcConfig"] == {
        "subnetIds": tuple(plan.named(f"eks-private-subnet-us-east-2{letter}-test").id for letter in "abc"),
        "endpointPrivateAccess": True,
        "endpointPublicAccess": False,
    }


def test_a_public_endpoint_is_open_to_the_named_ranges_only(planned: Planned) -> None:
    plan = planned(cluster={"endpoint": {"public": True, "publicAccessCidrs": ["203.0.113.0/24"]}})

    assert plan.named(NAME, CLUSTER).inputs["vpcConfig"] == {
        "subnetIds": tuple(plan.named(f"eks-private-subnet-us-east-2{letter}-test").id for letter in "abc"),
        "endpointPrivateAccess": True,
        "endpointPublicAccess": True,
        "publicAccessCidrs": ("203.0.113.0/24",),
    }


def test_nobody_becomes_an_administrator_by_deploying(planned: Planned) -> None:
    plan = planned()

    assert plan.named(NAME, CLUSTER).inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    assert plan.of_type(ENTRY) == ()


def test_eks_installs_no_add_ons_by_itself(planned: Planned) -> None:
    assert planned().named(NAME, CLUSTER).inputs["bootstrapSelfManagedAddons"] is False


def test_secrets_are_wrapped_by_the_platforms_key(planned: Planned) -> None:
    plan = planned()

    assert plan.named(NAME, CLUSTER).inputs["encryptionConfig"] == {
        "provider": {"keyArn": plan.named("eks-secrets-key-test").outputs["arn"]},
        "resources": ("secrets",),
    }


def test_all_five_logs_go_to_a_group_that_exists_before(planned: Planned) -> None:
    plan = planned(cluster={"logRetentionDays": 180})

    cluster, group = plan.named(NAME, CLUSTER), plan.named("eks-cluster-logs-test")
    assert cluster.inputs["enabledClusterLogTypes"] == (
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    )
    assert group.inputs["name"] == f"/aws/eks/{NAME}/cluster"
    assert group.inputs["retentionInDays"] == 180
    assert group.inputs["kmsKeyId"] == plan.named("eks-logs-key-test").outputs["arn"]
    assert group.urn in cluster.dependencies


@pytest.mark.parametrize(
    ("section", "key", "expected"),
    [
        ({"version": "1.35"}, "version", "1.35"),
        ({"deletionProtection": True}, "deletionProtection", True),
        ({}, "deletionProtection", False),
        ({}, "upgradePolicy", {"supportType": "STANDARD"}),
        ({"supportType": "EXTENDED"}, "upgradePolicy", {"supportType": "EXTENDED"}),
        ({}, "zonalShiftConfig", {"enabled": True}),
        ({"zonalShift": False}, "zonalShiftConfig", {"enabled": False}),
        (
            {"serviceCidr": "172.30.0.0/16"},
            "kubernetesNetworkConfig",
            {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.30.0.0/16"},
        ),
    ],
)
def test_a_choice_reaches_the_cluster(planned: Planned, section: dict[str, object], key: str, expected: object) -> None:
    assert planned(cluster=section).named(NAME, CLUSTER).inputs[key] == expected


def test_the_cluster_waits_for_everything_of_its_role(planned: Planned) -> None:
    plan = planned()

    role = plan.named("cluster-role-test")
    of_role = {resource.urn for resource in plan.subtree(role.urn)}
    assert len(of_role) == 3
    assert of_role <= set(plan.named(NAME, CLUSTER).dependencies)


def test_the_identity_provider_is_of_this_clusters_issuer(planned: Planned) -> None:
    plan = planned()

    provider = plan.named("eks-oidc-provider-test")
    assert provider.inputs["url"] == plan.outputs["oidcProviderUrl"]
    assert str(provider.inputs["url"]).startswith("https://")
    assert provider.inputs["clientIdLists"] == ("sts.amazonaws.com",)
    assert plan.named(NAME, CLUSTER).urn in provider.dependencies


def test_named_administrators_enter_by_access_entries(planned: Planned) -> None:
    admins = {"ops": "arn:aws:iam::123456789012:role/ops", "ci": "arn:aws:iam::123456789012:role/ci"}
    plan = planned(cluster={"admins": admins})

    assert len(plan.of_type(ENTRY)) == len(plan.of_type(ASSOCIATION)) == 2
    for name, principal in admins.items():
        entry, association = (
            plan.named(f"eks-{name}-access-test"),
            plan.named(f"eks-{name}-access-policy-test"),
        )
        assert entry.inputs["principalArn"] == principal
        assert entry.inputs["type"] == "STANDARD"
        assert association.inputs["principalArn"] == principal
        assert association.inputs["policyArn"] == ("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")
        assert association.inputs["accessScope"] == {"type": "cluster"}
        assert entry.urn in association.dependencies


def test_there_is_no_security_group_of_our_own_for_the_cluster(planned: Planned) -> None:
    assert planned().of_type("aws:ec2/securityGroup:SecurityGroup") == ()


def test_the_kubeconfig_is_secret_and_asks_for_a_token_when_used(planned: Planned) -> None:
    plan = planned()

    found = plan.outputs["kubeconfig"]
    assert isinstance(found, Secret)
    content = json.loads(str(found.value))
    assert content["clusters"][0]["cluster"]["server"] == plan.outputs["clusterEndpoint"]
    assert content["users"][0]["user"]["exec"]["command"] == "aws"
    assert content["users"][0]["user"]["exec"]["args"][:4] == ["eks", "get-token", "--cluster-name", NAME]


def test_a_kubeconfig_is_complete_and_holds_no_credentials() -> None:
    content = json.loads(kubeconfig.render("one", "https://api", "Q0E=", "us-east-2"))

    assert content["current-context"] == "one"
    assert content["contexts"] == [{"name": "one", "context": {"cluster": "one", "user": "one"}}]
    assert content["clusters"] == [
        {"name": "one", "cluster": {"server": "https://api", "certificate-authority-data": "Q0E="}}
    ]
    assert set(content["users"][0]["user"]) == {"exec"}
    assert content["users"][0]["user"]["exec"]["args"][-4:] == ["--region", "us-east-2", "--output", "json"]
