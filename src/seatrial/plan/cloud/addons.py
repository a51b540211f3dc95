"""Versions of EKS's managed add-ons.

AWS publishes new ones every few weeks and tells them to accounts only, so these are of the right shape and age, not a
promise of what a deployment gets.
"""

from collections.abc import Mapping
from typing import Final

_VERSIONS: Final[Mapping[str, str]] = {
    "aws-ebs-csi-driver": "v1.51.0-eksbuild.1",
    "coredns": "v1.12.4-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.9-eksbuild.3",
    "metrics-server": "v0.8.0-eksbuild.3",
    "snapshot-controller": "v8.3.0-eksbuild.1",
    "vpc-cni": "v1.20.4-eksbuild.1",
}
"""Add-on to a version of it that every supported Kubernetes version can run."""

NAMES: Final = ("kube-proxy", *_VERSIONS)
"""Every add-on that a plan knows."""


def version(name: str, kubernetes: str) -> str:
    """Return the version of an add-on for a Kubernetes minor version; KeyError for an add-on that isn't known."""
    return f"v{kubernetes}.0-eksbuild.2" if name == "kube-proxy" else _VERSIONS[name]
