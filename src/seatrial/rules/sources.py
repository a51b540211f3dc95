"""Where a control is asked for elsewhere, by the ids that are used there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Framework(StrEnum):
    """Who asks for a control."""

    CIS_EKS = "CIS EKS 1.8"
    """CIS Amazon EKS Benchmark 1.8.0."""

    FSBP = "AWS FSBP"
    """AWS Foundational Security Best Practices, by Security Hub's control ids."""

    PCI = "PCI DSS 4.0"

    NSA = "NSA"
    """NSA/CISA Kubernetes Hardening Guide, as Kubescape numbers its controls."""

    MITRE = "MITRE"
    """MITRE ATT&CK matrix for Kubernetes, as Kubescape numbers its controls."""

    KUBESCAPE = "Kubescape"
    CHECKOV = "Checkov"
    TRIVY = "Trivy"
    PROWLER = "Prowler"
    HARDENEKS = "hardeneks"

    PRACTICES = "EKS Best Practices"
    """The AWS guide, by the name of its chapter."""

    AWS = "AWS documentation"
    """By the title of its page."""

    KUBERNETES = "Kubernetes documentation"
    """By the title of its page."""

    KUBE_LINTER = "kube-linter"
    POLARIS = "Polaris"
    RBAC_POLICE = "rbac-police"

    ISSUE = "Issue"
    """What users met: ``owner/repository#number``."""


_IDS: Final[Mapping[Framework, str]] = {
    Framework.CIS_EKS: r"[2-5]\.[0-9]+\.[0-9]+",
    Framework.FSBP: r"[A-Z][A-Za-z0-9]+\.[0-9]+",
    Framework.PCI: r"A?[0-9]+(\.[0-9]+){1,3}",
    Framework.NSA: r"C-[0-9]{4}",
    Framework.MITRE: r"C-[0-9]{4}",
    Framework.KUBESCAPE: r"C-[0-9]{4}",
    Framework.CHECKOV: r"CKV2?_(AWS|K8S)_[0-9]+",
    Framework.TRIVY: r"(AWS|KSV)-[0-9]{4}",
    Framework.PROWLER: r"[a-z][a-z0-9_]+",
    Framework.HARDENEKS: r"[a-z][a-z0-9_]+",
    Framework.KUBE_LINTER: r"[a-z][a-z-]+",
    Framework.POLARIS: r"[a-z][A-Za-z]+",
    Framework.RBAC_POLICE: r"[a-z][a-z_]+",
    Framework.ISSUE: r"[\w.-]+/[\w.-]+#[0-9]+",
}
"""What an id looks like; titles of chapters and pages look like anything."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One control of one framework."""

    framework: Framework
    id: str

    def __post_init__(self) -> None:
        """Refuse what can't be an id of the framework."""
        if not re.fullmatch(_IDS.get(self.framework, r".+"), self.id):
            raise ValueError(f"{self.id!r} is no id of {self.framework}")

    def __str__(self) -> str:
        return f"{self.framework} {self.id}"


def cited(framework: Framework, *ids: str) -> tuple[Source, ...]:
    """Name several controls of one framework."""
    return tuple(Source(framework, id_) for id_ in ids)
