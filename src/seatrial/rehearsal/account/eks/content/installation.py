"""An add-on as it is installed in a cluster."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.rehearsal.account.emulator import Record

_REGISTRY = "602401143452"
"""Account whose registry EKS's own images are in (EKS user guide, "View Amazon container image registries")."""

ROLE = "eks.amazonaws.com/role-arn"
"""Annotation of a service account: the role that its pods get (EKS user guide, "IAM roles for service accounts")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What an add-on's objects are made from."""

    cluster: str
    endpoint: str
    """URL of the cluster's API."""
    region: str
    dns_address: str
    """Address of the Service of the cluster's DNS."""
    version: str
    """As in ``v1.12.4-eksbuild.1``."""
    role: str
    """ARN of the role of its service account; empty when it has none of its own."""
    values: Mapping[str, Any]
    """Its configuration."""

    def image(self, repository: str, tag: str = "") -> str:
        """Name one of EKS's images; of the add-on's version unless another is asked for."""
        return f"{_REGISTRY}.dkr.ecr.{self.region}.amazonaws.com/{repository}:{tag or self.version}"

    def part(self, name: str) -> "Installation":
        """Give the add-on with the configuration of one of its parts."""
        return Installation(
            cluster=self.cluster,
            endpoint=self.endpoint,
            region=self.region,
            dns_address=self.dns_address,
            version=self.version,
            role=self.role,
            values=self.values.get(name) or {},
        )


def values(addon: Record) -> dict[str, Any]:
    """Read the configuration of an add-on."""
    return json.loads(addon.get("configurationValues") or "{}")
