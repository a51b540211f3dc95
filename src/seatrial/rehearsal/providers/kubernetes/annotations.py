"""Annotations by which a manifest tells the provider how to treat it."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.values import Values, within

AUTONAMED = "pulumi.com/autonamed"
"""The name was made up, so that a replacement can have another."""

_SKIP_AWAIT = "pulumi.com/skipAwait"
_TIMEOUT = "pulumi.com/timeoutSeconds"
_FORCE = "pulumi.com/patchForce"
_PROPAGATION = "pulumi.com/deletionPropagationPolicy"

UNSERVED = ("pulumi.com/waitFor", "pulumi.com/replaceUnready", "pulumi.com/patchFieldManager")
"""What the published provider takes, and a rehearsal doesn't."""

_PROPAGATIONS = {"orphan": "Orphan", "background": "Background", "foreground": "Foreground"}

_CHILDLESS = frozenset(
    {
        "ClusterRole",
        "ClusterRoleBinding",
        "ConfigMap",
        "LimitRange",
        "Namespace",
        "NetworkPolicy",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "PriorityClass",
        "ResourceQuota",
        "Role",
        "RoleBinding",
        "Secret",
        "ServiceAccount",
        "StorageClass",
    }
)
"""Kinds whose objects own no others."""


def of(manifest: Mapping[str, Any]) -> Values:
    """Return the annotations of a manifest."""
    return within(within(manifest, "metadata"), "annotations")


def is_awaited(manifest: Mapping[str, Any]) -> bool:
    """Whether to wait until the object is ready, or gone."""
    return of(manifest).get(_SKIP_AWAIT) != "true"


def is_forced(manifest: Mapping[str, Any]) -> bool:
    """Whether fields are taken over that others have set."""
    return of(manifest).get(_FORCE) == "true"


def seconds(manifest: Mapping[str, Any]) -> float:
    """Return how long the object may take; 0 when it doesn't say."""
    text = str(of(manifest).get(_TIMEOUT, ""))
    return float(text) if text.isdigit() else 0.0


def propagation(manifest: Mapping[str, Any]) -> str:
    """Return what happens to what the object owns when it is deleted.

    That goes before it, unless it says otherwise. Where there can be nothing the API server needn't look for it.
    """
    usual = "Background" if manifest.get("kind") in _CHILDLESS else "Foreground"
    return _PROPAGATIONS.get(str(of(manifest).get(_PROPAGATION, "")).lower(), usual)
