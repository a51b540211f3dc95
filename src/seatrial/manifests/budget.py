"""How many pods an application may be without while nodes are drained."""

from seatrial.manifests.containers import selector
from seatrial.manifests.manifest import Manifest, manifest

VALUES = {"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}
"""One at a time. Pods that don't work anyway may always go: they would otherwise hold up every drain."""


def budget(namespace: str, application: str) -> Manifest:
    """Make an application's budget."""
    spec = {**VALUES, "selector": {"matchLabels": selector(application)}}
    return manifest("policy/v1", "PodDisruptionBudget", application, namespace=namespace, spec=spec)
