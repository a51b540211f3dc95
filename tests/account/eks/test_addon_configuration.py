"""The schema of an add-on's configuration, and how a value that it excludes is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.account.eks import schema
from seatrial.rehearsal.account.eks.catalogue import ADD_ONS

if TYPE_CHECKING:
    from conftest import Stage

PREFIX = (
    "InvalidParameterException: ConfigurationValue provided in request is not supported: "
    "Json schema validation failed with error: "
)


@pytest.mark.parametrize(
    ("addon", "values", "faults"),
    [
        ("vpc-cni", {"enableNetworkPolicy": True}, ["$.enableNetworkPolicy: boolean found, string expected"]),
        ("vpc-cni", {"env": {"WARM_ENI_TARGET": 1}}, ["$.env.WARM_ENI_TARGET: integer found, string expected"]),
        ("vpc-cni", {"env": {"WARM_ENI_TARGET": None}}, ["$.env.WARM_ENI_TARGET: null found, string expected"]),
        ("vpc-cni", {"tolerations": {}}, ["$.tolerations: object found, array expected"]),
        (
            "vpc-cni",
            {"eniConfig": {"create": "true", "region": "us-east-2"}},
            ["$.eniConfig.subnets: is missing but it is required"],
        ),
        (
            "vpc-cni",
            {"enableNetworkPolicies": "true"},
            ["$.enableNetworkPolicies: is not defined in the schema and the schema does not allow additional"],
        ),
        ("coredns", {"autoScaling": {"minReplicas": 2}}, ["$.autoScaling.enabled: is missing but it is required"]),
        (
            "coredns",
            {"autoScaling": {"enabled": True, "minReplicas": 1, "maxReplicas": 1001}},
            [
                "$.autoScaling.minReplicas: must have a minimum value of 2",
                "$.autoScaling.maxReplicas: must have a maximum value of 1000",
            ],
        ),
        ("coredns", {"replicaCount": 2.5}, ["$.replicaCount: number found, integer expected"]),
        ("coredns", {"replicaCount": True}, ["$.replicaCount: boolean found, integer expected"]),
        ("coredns", {"replicaCount": "2", "corefile": []}, ["$.replicaCount: string", "$.corefile: array found"]),
        (
            "kube-proxy",
            {"mode": "userspace"},
            ["$.mode: does not have a value in the enumeration ['iptables', 'ipvs', 'nftables']"],
        ),
        ("kube-proxy", [], ["$: array found, object expected"]),
        ("kube-proxy", "ipvs", ["$: string found, object expected"]),
    ],
)
def test_a_value_that_the_schema_excludes_is_refused(
    cluster: Stage, addon: str, values: object, faults: list[str]
) -> None:
    refusal = cluster.refused("create_addon", addonName=addon, configurationValues=json.dumps(values))

    assert refusal.startswith(PREFIX)
    for fault in faults:
        assert fault in refusal
    assert refusal.count("$") == len(faults)


@pytest.mark.parametrize(
    ("addon", "values"),
    [
        ("vpc-cni", {"enableNetworkPolicy": "true", "env": {"ENABLE_PREFIX_DELEGATION": "true"}, "tolerations": []}),
        ("coredns", {"autoScaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 1000}}),
        ("coredns", {"podDisruptionBudget": {"enabled": True, "maxUnavailable": "50%"}}),
        ("coredns", {"podDisruptionBudget": {"maxUnavailable": 1}, "tolerations": [{"operator": "Exists"}]}),
        ("coredns", {"nodeSelector": {"anything": "goes"}, "replicaCount": 3}),
        ("kube-proxy", {"mode": "nftables"}),
        ("kube-proxy", {}),
        (
            "aws-ebs-csi-driver",
            {"controller": {"extraVolumeTags": {"a": "b"}}, "defaultStorageClass": {"enabled": True}},
        ),
    ],
)
def test_a_value_that_the_schema_admits_is_kept(cluster: Stage, addon: str, values: object) -> None:
    text = json.dumps(values)
    cluster.call("create_addon", addonName=addon, configurationValues=text)

    assert cluster.addon(addon)["configurationValues"] == text


def test_items_of_lists_are_checked_each() -> None:
    numbers: dict[str, Any] = {"type": "array", "items": {"type": "number", "minimum": 0}}

    assert list(schema.faults(numbers, [1, 2.5, -1, "three"])) == [
        "$[2]: must have a minimum value of 0",
        "$[3]: string found, number expected",
    ]


@pytest.mark.parametrize("name", ADD_ONS)
def test_every_add_on_shows_its_schema(network: Stage, name: str) -> None:
    (addon,) = network.call("describe_addon_versions", addonName=name)["addons"]
    for release in addon["addonVersions"]:
        shown = network.eks.describe_addon_configuration(addonName=name, addonVersion=release["addonVersion"])
        document = json.loads(shown["configurationSchema"])
        assert (shown["addonName"], shown["addonVersion"]) == (name, release["addonVersion"])
        assert (document["type"], document["additionalProperties"]) == ("object", False)
        assert bool(shown["podIdentityConfiguration"]) == release["requiresIamPermissions"]


def test_an_add_on_names_the_policy_that_its_service_account_needs(network: Stage) -> None:
    shown = network.eks.describe_addon_configuration(addonName="vpc-cni", addonVersion="v1.20.4-eksbuild.1")

    assert shown["podIdentityConfiguration"] == [
        {
            "serviceAccount": "aws-node",
            "recommendedManagedPolicies": ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
        }
    ]


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        ("none", "v1.0.0-eksbuild.1", "Addon none specified is not supported"),
        ("vpc-cni", "v0.1.0-eksbuild.1", "Addon version specified is not supported"),
        ("kube-proxy", "v1.30.0-eksbuild.2", "Addon version specified is not supported"),
    ],
)
def test_a_schema_of_what_is_not_offered_is_refused(network: Stage, name: str, version: str, message: str) -> None:
    refusal = network.refused("describe_addon_configuration", addonName=name, addonVersion=version)

    assert refusal.startswith(f"InvalidParameterException: {message}")
