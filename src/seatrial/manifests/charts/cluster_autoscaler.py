"""The Cluster Autoscaler."""

from seatrial import releases
from seatrial.iam import cluster_autoscaler as role
from seatrial.manifests import service_accounts
from seatrial.manifests.charts.chart import Chart
from seatrial.manifests.containers import spread
from seatrial.manifests.images import mirrored
from seatrial.manifests.manifest import SYSTEM, Later, Manifest

NAME = role.SERVICE_ACCOUNT
"""Name of the release, its Deployment and its service account."""


_IMAGE = "registry.k8s.io/autoscaling/cluster-autoscaler"


def account(role_arn: Later) -> Manifest:
    """Make the autoscaler's service account."""
    return service_accounts.service_account(SYSTEM, NAME, token=True, role_arn=role_arn)


def chart(  # noqa: PLR0913 (what the chart has to be told, each by name)
    *, cluster: str, region: str, version: str, replicas: int, private: bool, registry: str = ""
) -> Chart:
    """Give the chart its values.

    Args:
        cluster: Name of the cluster. Plain: EKS tags the groups with it, by which they are found.
        region: Region of the cluster.
        version: Kubernetes minor of the cluster, ``1.36``: the autoscaler's own must be the same.
        replicas: Copies, of which one works.
        private: Whether the cluster has no way to the internet: the price list has no endpoint inside a network.
        registry: Where the copy of its image is; by default it comes from its publisher.

    """
    values = {
        **_PLACE,
        "autoDiscovery": {"clusterName": cluster},
        "awsRegion": region,
        "cloudProvider": "aws",
        "extraArgs": {**_ARGUMENTS, **({"aws-use-static-instance-list": True} if private else {})},
        "extraEnv": {"AWS_STS_REGIONAL_ENDPOINTS": "regional"},
        "fullnameOverride": NAME,
        "image": {"repository": mirrored(_IMAGE, registry), "tag": releases.autoscaler_image_tag(version)},
        "rbac": {"serviceAccount": {"create": False, "name": NAME}},
        "replicaCount": replicas,
    }
    return Chart(release=NAME, source=releases.CLUSTER_AUTOSCALER, values=values)


_ARGUMENTS = {
    # Zones stay of one size.
    "balance-similar-node-groups": True,
    # The group that leaves least unused.
    "expander": "least-waste",
    # Scratch volumes are no reason to keep a node.
    "skip-nodes-with-local-storage": False,
    # Nor is CoreDNS, which has a budget.
    "skip-nodes-with-system-pods": False,
}

_PLACE = {
    "containerSecurityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    },
    # It must find AWS while CoreDNS waits for the node that it is to start.
    "dnsPolicy": "Default",
    # The chart knows no policy for pods that don't work.
    "podDisruptionBudget": {"maxUnavailable": 1},
    "priorityClassName": "system-cluster-critical",
    "resources": {"limits": {"memory": "512Mi"}, "requests": {"cpu": "50m", "memory": "256Mi"}},
    "securityContext": {
        "fsGroup": 65534,
        "runAsGroup": 65534,
        "runAsNonRoot": True,
        "runAsUser": 65534,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "topologySpreadConstraints": spread({"app.kubernetes.io/instance": NAME}),
}
"""Where its pods run, and as what."""
