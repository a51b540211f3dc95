"""The AWS Load Balancer Controller."""

from collections.abc import Mapping

from seatrial import releases
from seatrial.iam import load_balancer_controller as role
from seatrial.manifests import service_accounts
from seatrial.manifests.budget import VALUES as BUDGET
from seatrial.manifests.charts.chart import Chart
from seatrial.manifests.containers import selector, spread
from seatrial.manifests.images import mirrored
from seatrial.manifests.manifest import SYSTEM, Later, Manifest

NAME = role.SERVICE_ACCOUNT
"""Name of the release, its Deployment and its service account."""


_IMAGE = "public.ecr.aws/eks/aws-load-balancer-controller"


def account(role_arn: Later) -> Manifest:
    """Make the controller's service account."""
    return service_accounts.service_account(SYSTEM, NAME, token=True, role_arn=role_arn)


def chart(  # noqa: PLR0913 (what the chart has to be told, each by name)
    *,
    cluster: Later,
    region: str,
    vpc_id: Later,
    replicas: int,
    private: bool,
    tags: Mapping[str, str],
    registry: str = "",
) -> Chart:
    """Give the chart its values.

    Args:
        cluster: Name of the cluster.
        region: Region of the cluster: the nodes' metadata service, where it would look, is closed to pods.
        vpc_id: VPC of the cluster, as above.
        replicas: Copies of the controller.
        private: Whether the cluster has no way to the internet: WAF and Shield have no endpoint inside a network.
        tags: Tags of all that the controller makes in AWS.
        registry: Where the copy of its image is; by default it comes from its publisher.

    """
    values = {
        **_PLACE,
        "clusterName": cluster,
        "defaultLoadBalancerScheme": "internal",
        "defaultTags": dict(tags),
        # Straight to the pods, not by way of some node: every pod has an address of the network.
        "defaultTargetType": "ip",
        # With it no Service of any kind could be made while the controller is away. Services name it by their
        # loadBalancerClass instead, service.k8s.aws/nlb.
        "enableServiceMutatorWebhook": False,
        "enableShield": not private,
        # WAF Classic, which AWS ended in 2025.
        "enableWaf": False,
        "enableWafv2": not private,
        "image": {"repository": mirrored(_IMAGE, registry)},
        # The webhook's certificate is made by the chart, and would otherwise be another with each deployment.
        "keepTLSSecret": True,
        "region": region,
        "replicaCount": replicas,
        "serviceAccount": {"create": False, "name": NAME},
        "vpcId": vpc_id,
    }
    return Chart(release=NAME, source=releases.LOAD_BALANCER_CONTROLLER, values=values)


_PLACE = {
    "podDisruptionBudget": BUDGET,
    "podSecurityContext": {"fsGroup": 65534, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "priorityClassName": "system-cluster-critical",
    "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "50m", "memory": "128Mi"}},
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
    },
    "topologySpreadConstraints": spread(selector(NAME)),
}
"""Where its pods run, and as what."""
