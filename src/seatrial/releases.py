"""What others release and the platform pins: charts, images, the plugin that applies objects.

Dated data: every constant says where its version was seen and of when that is. :data:`AS_OF` is the newest of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 11, 26)
"""When the table was last compared with its sources."""

KUBERNETES_PROVIDER = "4.34.2"
"""Pulumi's plugin ``kubernetes`` (PyPI, pulumi-kubernetes, 2026-11-26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSource:
    """A Helm chart at one version."""

    chart: str
    """Name in its repository; ``oci://…``, which needs none, says all."""
    repository: str
    """URL of the repository; empty for ``oci://…``."""
    version: str
    """Version of the chart, not of what it installs."""


LOAD_BALANCER_CONTROLLER = ChartSource(
    chart="aws-load-balancer-controller", repository="https://aws.github.io/eks-charts", version="3.5.0"
)
"""Controller v3.5.0 (aws/eks-charts, index of the repository, 2026-08-03)."""

CLUSTER_AUTOSCALER = ChartSource(
    chart="cluster-autoscaler", repository="https://kubernetes.github.io/autoscaler", version="9.59.0"
)
"""Its own default image is of one Kubernetes minor; the platform sets it (kubernetes/autoscaler, index, 2026-07-21)."""

NODE_TERMINATION_HANDLER = ChartSource(
    chart="oci://public.ecr.aws/aws-ec2/helm/aws-node-termination-handler", repository="", version="0.27.6"
)
"""Handler v1.25.6 (aws/aws-node-termination-handler, tag, 2026-04-02). The copy in aws/eks-charts ends at 0.21.0."""

_AUTOSCALER_TAGS: Mapping[str, str] = {
    "1.32": "v1.32.7",
    "1.33": "v1.33.6",
    "1.34": "v1.34.5",
    "1.35": "v1.35.2",
    "1.36": "v1.36.1",
}
"""Kubernetes minor to the newest image of the autoscaler for it (kubernetes/autoscaler, tags, 2026-07-22)."""

NODE_CACHE_IMAGE = "registry.k8s.io/dns/k8s-dns-node-cache:1.26.7"
"""NodeLocal DNSCache (kubernetes/dns, tag, 2025-10-16)."""

AWS_CLI_IMAGE = "public.ecr.aws/aws-cli/aws-cli:2.36.46"
"""The AWS CLI, which lists the demonstration's bucket (image of aws/aws-cli, 2026-08)."""

WEB_IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53"
"""A web server that answers with its host's name and ends when told to (kubernetes/kubernetes, 2024-09)."""


def autoscaler_image_tag(minor: str) -> str:
    """Give the tag of the Cluster Autoscaler for a Kubernetes minor: the two are released together.

    Raises:
        LookupError: No release for the minor is known. The check of a description refuses it before.

    """
    if minor not in _AUTOSCALER_TAGS:
        known = ", ".join(autoscaled_minors())
        raise LookupError(f"no Cluster Autoscaler for Kubernetes {minor} as of {AS_OF}; there is one for {known}")
    return _AUTOSCALER_TAGS[minor]


def autoscaled_minors() -> tuple[str, ...]:
    """Give the Kubernetes minors that have a Cluster Autoscaler, oldest first."""
    return tuple(_AUTOSCALER_TAGS)
