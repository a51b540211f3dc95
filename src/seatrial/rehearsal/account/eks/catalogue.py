"""Add-ons that EKS offers, as far as a platform uses them.

Versions are a selection: of each add-on an older one, the default, and a newer one. Names, namespaces,
service accounts and policies are the EKS user guide's ("Available add-ons from AWS").
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from seatrial.rehearsal.account.eks import refusal, versions
from seatrial.rehearsal.account.emulator import Record


@dataclass(frozen=True, slots=True)
class AddOn:
    """One add-on."""

    name: str
    kind: str
    """Category: ``networking``, ``storage``, …"""
    releases: tuple[str, ...]
    """Versions, oldest first; ``{minor}`` stands for the cluster's own."""
    on_nodes: bool = False
    """Whether its pods must run before it is ACTIVE. DaemonSets are content with no node at all."""
    account: str = ""
    """Service account that needs permissions; empty when none does."""
    policy: str = ""
    """AWS's managed policy for it."""
    action: str = ""
    """An action that its pods can't do without."""
    publisher: str = "eks"
    owner: str = "aws"
    step: bool = False
    """Whether it must be updated one minor version at a time."""


ADD_ONS = {
    add_on.name: add_on
    for add_on in (
        AddOn(
            "vpc-cni",
            "networking",
            ("v1.19.6-eksbuild.7", "v1.20.4-eksbuild.1", "v1.21.1-eksbuild.1"),
            account="aws-node",
            policy="AmazonEKS_CNI_Policy",
            action="ec2:AssignPrivateIpAddresses",
            step=True,
        ),
        AddOn("kube-proxy", "networking", ("v{minor}.0-eksbuild.2", "v{minor}.1-eksbuild.1")),
        AddOn("coredns", "networking", ("v1.12.4-eksbuild.1", "v1.13.1-eksbuild.1"), on_nodes=True),
        AddOn(
            "eks-pod-identity-agent",
            "security",
            ("v1.3.8-eksbuild.2", "v1.3.9-eksbuild.3", "v1.4.0-eksbuild.1"),
            step=True,
        ),
        AddOn(
            "aws-ebs-csi-driver",
            "storage",
            ("v1.50.1-eksbuild.1", "v1.51.0-eksbuild.1", "v1.52.0-eksbuild.1"),
            on_nodes=True,
            account="ebs-csi-controller-sa",
            policy="AmazonEBSCSIDriverPolicyV2",
            # The controller asks this before it is ready; to create a volume depends on tags that differ by call.
            action="ec2:DescribeAvailabilityZones",
        ),
        AddOn("snapshot-controller", "storage", ("v8.2.0-eksbuild.1", "v8.3.0-eksbuild.1"), on_nodes=True),
        AddOn("eks-node-monitoring-agent", "observability", ("v1.4.0-eksbuild.2", "v1.4.1-eksbuild.1")),
        AddOn(
            "metrics-server",
            "observability",
            ("v0.8.0-eksbuild.2", "v0.8.0-eksbuild.3"),
            on_nodes=True,
            publisher="kubernetes-sigs",
            owner="community",
        ),
    )
}
"""Name to add-on."""

DEFAULTS = {
    "vpc-cni": 1,
    "kube-proxy": 0,
    "coredns": 0,
    "eks-pod-identity-agent": 1,
    "aws-ebs-csi-driver": 1,
    "snapshot-controller": 1,
    "eks-node-monitoring-agent": 0,
    "metrics-server": 1,
}
"""Which of an add-on's releases EKS installs when none is asked for."""

NAMESPACE = "kube-system"


def find(name: str) -> AddOn:
    """Look an add-on up, or refuse."""
    if name not in ADD_ONS:
        refusal.invalid(f"Addon {name} specified is not supported")
    return ADD_ONS[name]


def offered(add_on: AddOn, minor: str) -> list[str]:
    """Give the versions for a Kubernetes minor, oldest first."""
    return [release.format(minor=minor) for release in add_on.releases]


def default(add_on: AddOn, minor: str) -> str:
    """Give the version that EKS installs when none is asked for."""
    return offered(add_on, minor)[DEFAULTS[add_on.name]]


def check(add_on: AddOn, version: str, minor: str) -> None:
    """Refuse a version that isn't offered for a Kubernetes minor."""
    if version not in offered(add_on, minor):
        refusal.invalid(f"Addon version specified is not supported: {add_on.name} {version} on Kubernetes {minor}")


def describe(parameters: Record) -> Record:
    """DescribeAddonVersions."""
    wanted, minor = parameters.get("addonName"), parameters.get("kubernetesVersion")
    minors = [minor] if minor else list(reversed(versions.offered()))
    if wanted:
        find(wanted)
    shown = [add_on for add_on in ADD_ONS.values() if wanted in {None, add_on.name} and _fits(add_on, parameters)]
    return {"addons": [_entry(add_on, minors) for add_on in shown]}


def _fits(add_on: AddOn, parameters: Record) -> bool:
    filters = {"types": add_on.kind, "publishers": add_on.publisher, "owners": add_on.owner}
    return all(value in parameters.get(name, [value]) for name, value in filters.items())


def _entry(add_on: AddOn, minors: list[str]) -> Record:
    releases = dict.fromkeys(release for minor in minors for release in reversed(offered(add_on, minor)))
    return {
        "addonName": add_on.name,
        "type": add_on.kind,
        "publisher": add_on.publisher,
        "owner": add_on.owner,
        "defaultNamespace": NAMESPACE,
        "addonVersions": [_release(add_on, release, minors) for release in releases],
    }


def _release(add_on: AddOn, release: str, minors: list[str]) -> Record:
    return {
        "addonVersion": release,
        "architecture": ["amd64", "arm64"],
        "computeTypes": ["ec2"],
        "compatibilities": list(_compatibilities(add_on, release, minors)),
        "requiresConfiguration": False,
        "requiresIamPermissions": bool(add_on.policy),
    }


def _compatibilities(add_on: AddOn, release: str, minors: list[str]) -> Iterator[Record]:
    for minor in minors:
        if release in offered(add_on, minor):
            usual = release == default(add_on, minor)
            yield {"clusterVersion": minor, "platformVersions": ["*"], "defaultVersion": usual}


def configuration(parameters: Record) -> Record:
    """DescribeAddonConfiguration."""
    add_on, version = find(parameters["addonName"]), parameters["addonVersion"]
    if not any(version in offered(add_on, minor) for minor in versions.offered()):
        refusal.invalid(f"Addon version specified is not supported: {add_on.name} {version}")
    policy = f"arn:aws:iam::aws:policy/{add_on.policy}"
    identity = {"serviceAccount": add_on.account, "recommendedManagedPolicies": [policy]}
    return {
        "addonName": add_on.name,
        "addonVersion": version,
        "configurationSchema": json.dumps(schema(add_on.name)),
        "podIdentityConfiguration": [identity] if add_on.policy else [],
    }


@cache
def schema(name: str) -> dict[str, Any]:
    """Read the JSON schema of an add-on's configuration."""
    package = resources.files("seatrial.rehearsal.account.eks")
    return json.loads(package.joinpath("schemas", f"{name}.json").read_text())


def numbers(release: str) -> tuple[int, ...]:
    """Give the numbers that versions are compared by."""
    return tuple(int(number) for number in re.findall(r"\d+", release))
