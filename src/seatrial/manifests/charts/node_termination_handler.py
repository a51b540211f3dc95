"""The AWS Node Termination Handler, on every node, asking the node's own metadata service.

Managed node groups drain a node by themselves when AWS takes a spot instance back, and start another before if they
can. The handler does the same a second time, which does no harm, and drains before scheduled maintenance, which they
don't. It needs no role: in this mode it calls no AWS API.
"""

from seatrial import releases
from seatrial.manifests import service_accounts
from seatrial.manifests.charts.chart import Chart
from seatrial.manifests.images import mirrored
from seatrial.manifests.manifest import SYSTEM, Manifest

NAME = "aws-node-termination-handler"
"""Name of the release, its DaemonSet and its service account."""

_PROBES = 8378
"""Port of its probes on the node, which no other part of the platform has: 8080 is NodeLocal DNSCache's."""


_IMAGE = "public.ecr.aws/aws-ec2/aws-node-termination-handler"


def account() -> Manifest:
    """Make the handler's service account: it cordons and drains, and has no role in AWS."""
    return service_accounts.service_account(SYSTEM, NAME, token=True)


def chart(*, region: str, registry: str = "") -> Chart:
    """Give the chart its values; its image comes from its publisher, or from where the copy of it is."""
    values = {
        **_PLACE,
        "awsRegion": region,
        "emitKubernetesEvents": True,
        "enableProbesServer": True,
        # Node groups answer to recommendations to rebalance, by starting another node first.
        "enableRebalanceDraining": False,
        "enableRebalanceMonitoring": False,
        "enableScheduledEventDraining": True,
        "enableSpotInterruptionDraining": True,
        "enableSqsTerminationDraining": False,
        "image": {"repository": mirrored(_IMAGE, registry)},
        "probes": {"httpGet": {"path": "/healthz", "port": _PROBES}, "initialDelaySeconds": 5, "periodSeconds": 5},
        "rbac": {"pspEnabled": False},
        "serviceAccount": {"create": False, "name": NAME},
        # What is drained gets no new pods meanwhile.
        "taintNode": True,
    }
    return Chart(release=NAME, source=releases.NODE_TERMINATION_HANDLER, values=values)


_PLACE = {
    "daemonsetPriorityClassName": "system-node-critical",
    # Every node, whatever keeps others away.
    "daemonsetTolerations": [{"operator": "Exists"}],
    "podSecurityContext": {"fsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
    "resources": {"limits": {"memory": "128Mi"}, "requests": {"cpu": "10m", "memory": "64Mi"}},
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsGroup": 1000,
        "runAsNonRoot": True,
        "runAsUser": 1000,
    },
    "targetNodeOs": "linux",
    # The metadata service answers in the node's network only: its answers live for one hop.
    "useHostNetwork": True,
}
"""Where its pods run, and as what."""
