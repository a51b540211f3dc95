"""What EKS says of the versions of Kubernetes and of add-ons that it offers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

EXTENDED = ["1.33", "1.32", "1.31"]
STANDARD = ["1.36", "1.35", "1.34"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [*STANDARD, *EXTENDED]),
        ({"includeAll": True}, [*STANDARD, *EXTENDED, "1.30"]),
        ({"includeAll": False}, [*STANDARD, *EXTENDED]),
        ({"defaultOnly": True}, ["1.36"]),
        ({"versionStatus": "STANDARD_SUPPORT"}, STANDARD),
        ({"versionStatus": "EXTENDED_SUPPORT"}, EXTENDED),
        ({"versionStatus": "UNSUPPORTED"}, []),
        ({"versionStatus": "UNSUPPORTED", "includeAll": True}, ["1.30"]),
        ({"clusterVersions": ["1.33", "1.35"]}, ["1.35", "1.33"]),
        ({"clusterVersions": ["1.33", "1.35"], "versionStatus": "STANDARD_SUPPORT"}, ["1.35"]),
        ({"maxResults": 100}, [*STANDARD, *EXTENDED]),
    ],
)
def test_versions_are_listed_newest_first(network: Stage, parameters: dict[str, Any], expected: list[str]) -> None:
    found = network.eks.describe_cluster_versions(**parameters)["clusterVersions"]

    assert [version["clusterVersion"] for version in found] == expected


def test_a_version_shows_its_life(network: Stage) -> None:
    (version,) = network.eks.describe_cluster_versions(clusterVersions=["1.33"])["clusterVersions"]

    assert version["releaseDate"].astimezone(dt.UTC).date() == dt.date(2025, 5, 29)
    assert version["endOfStandardSupportDate"].astimezone(dt.UTC).date() == dt.date(2026, 7, 29)
    assert version["endOfExtendedSupportDate"].astimezone(dt.UTC).date() == dt.date(2027, 7, 29)
    assert {name: value for name, value in version.items() if not name.endswith("Date")} == {
        "clusterVersion": "1.33",
        "clusterType": "eks",
        "defaultPlatformVersion": "eks.1",
        "defaultVersion": False,
        "status": "extended-support",
        "versionStatus": "EXTENDED_SUPPORT",
        "kubernetesPatchVersion": "1.33.1",
    }


@pytest.mark.parametrize(("day", "offered"), [(dt.date(2026, 6, 2), "1.30"), (dt.date(2026, 7, 23), "1.31")])
def test_versions_come_and_go_with_the_days(
    network: Stage, monkeypatch: pytest.MonkeyPatch, day: dt.date, offered: str
) -> None:
    monkeypatch.setattr("seatrial.rehearsal.account.eks.versions._today", lambda: day)
    found = network.eks.describe_cluster_versions()["clusterVersions"]

    assert found[-1]["clusterVersion"] == offered


def test_versions_are_those_of_today(network: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    found = network.eks.describe_cluster_versions(includeAll=True)["clusterVersions"]
    today = dt.datetime.now(dt.UTC)

    for version in found:
        if version["versionStatus"] == "STANDARD_SUPPORT":
            assert version["releaseDate"] <= today < version["endOfStandardSupportDate"]
        elif version["versionStatus"] == "EXTENDED_SUPPORT":
            assert version["endOfStandardSupportDate"] <= today < version["endOfExtendedSupportDate"]
        else:
            assert today < version["releaseDate"] or version["endOfExtendedSupportDate"] <= today


def test_an_add_on_shows_where_it_runs(network: Stage) -> None:
    (addon,) = network.eks.describe_addon_versions(addonName="coredns", kubernetesVersion="1.36")["addons"]
    newest = addon.pop("addonVersions")[0]

    assert addon == {
        "addonName": "coredns",
        "type": "networking",
        "publisher": "eks",
        "owner": "aws",
        "defaultNamespace": "kube-system",
    }
    assert newest == {
        "addonVersion": "v1.13.1-eksbuild.1",
        "architecture": ["amd64", "arm64"],
        "computeTypes": ["ec2"],
        "compatibilities": [{"clusterVersion": "1.36", "platformVersions": ["*"], "defaultVersion": False}],
        "requiresConfiguration": False,
        "requiresIamPermissions": False,
    }


def test_every_add_on_has_one_default_for_a_version(network: Stage) -> None:
    addons = network.eks.describe_addon_versions(kubernetesVersion="1.35")["addons"]

    for addon in addons:
        fits = [
            fit
            for release in addon["addonVersions"]
            for fit in release["compatibilities"]
            if fit["clusterVersion"] == "1.35"
        ]
        assert len(fits) == len(addon["addonVersions"]) > 1
        assert sum(fit["defaultVersion"] for fit in fits) == 1, addon["addonName"]
    assert {"vpc-cni", "coredns", "kube-proxy", "metrics-server"} <= {addon["addonName"] for addon in addons}


def test_the_default_is_what_is_installed(cluster: Stage) -> None:
    (addon,) = cluster.call("describe_addon_versions", addonName="coredns", kubernetesVersion="1.36")["addons"]
    (usual,) = [
        release["addonVersion"] for release in addon["addonVersions"] if release["compatibilities"][0]["defaultVersion"]
    ]

    assert cluster.call("create_addon", addonName="coredns")["addon"]["addonVersion"] == usual


def test_releases_are_listed_newest_first_for_every_version_that_is_offered(network: Stage) -> None:
    (addon,) = network.eks.describe_addon_versions(addonName="kube-proxy")["addons"]
    releases = [release["addonVersion"] for release in addon["addonVersions"]]

    assert releases[:3] == ["v1.36.1-eksbuild.1", "v1.36.0-eksbuild.2", "v1.35.1-eksbuild.1"]
    assert releases[-1] == "v1.31.0-eksbuild.2"
    assert [fit["clusterVersion"] for fit in addon["addonVersions"][0]["compatibilities"]] == ["1.36"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"types": ["storage"]}, {"aws-ebs-csi-driver", "snapshot-controller"}),
        ({"owners": ["community"]}, {"metrics-server"}),
        ({"publishers": ["kubernetes-sigs", "none"]}, {"metrics-server"}),
        ({"types": ["storage"], "owners": ["community"]}, set[str]()),
        ({"addonName": "vpc-cni"}, {"vpc-cni"}),
        ({"addonName": "vpc-cni", "types": ["storage"]}, set[str]()),
    ],
)
def test_add_ons_are_filtered(network: Stage, parameters: dict[str, Any], expected: set[str]) -> None:
    found = network.eks.describe_addon_versions(**parameters)["addons"]

    assert {addon["addonName"] for addon in found} == expected


def test_versions_of_an_unknown_add_on_are_refused(network: Stage) -> None:
    assert network.refused("describe_addon_versions", addonName="none") == (
        "InvalidParameterException: Addon none specified is not supported"
    )
