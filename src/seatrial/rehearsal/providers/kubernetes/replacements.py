"""Which changes take a new object: its kind doesn't let them be made in place.

The table is that of the published provider (v4, ``forceNewProperties``), and a few fields more that the API server
refuses to change too.
"""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.kubernetes.configuration import Configuration
from seatrial.rehearsal.providers.kubernetes.differences import Replaces

_IDENTITY = ("metadata.name", "metadata.namespace")

_ROLE_REF = ("roleRef",)
_FIELDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("apps/v1", "Deployment"): ("spec.selector",),
    ("apps/v1", "DaemonSet"): ("spec.selector",),
    ("apps/v1", "ReplicaSet"): ("spec.selector",),
    ("apps/v1", "StatefulSet"): (
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    ("batch/v1", "Job"): ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): _ROLE_REF,
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): _ROLE_REF,
    ("scheduling.k8s.io/v1", "PriorityClass"): ("value", "preemptionPolicy"),
    ("storage.k8s.io/v1", "StorageClass"): ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"),
    ("v1", "PersistentVolume"): ("spec.csi", "spec.hostPath", "spec.local", "spec.nfs"),
    ("v1", "PersistentVolumeClaim"): (
        "spec.accessModes",
        "spec.dataSource",
        "spec.selector",
        "spec.storageClassName",
        "spec.volumeMode",
        "spec.volumeName",
    ),
    ("v1", "ResourceQuota"): ("spec.scopes",),
    ("v1", "Secret"): ("type",),
    ("v1", "Service"): ("spec.clusterIP",),
}

_POD_MUTABLE = ("spec.activeDeadlineSeconds", "spec.tolerations")
"""What can be changed in a pod's spec, images aside; the published provider makes a pod anew for an image too."""


def replacing(manifest: Mapping[str, Any], configuration: Configuration) -> Replaces:
    """Return what tells whether a change to the object takes a new one."""
    fields = (*_IDENTITY, *_FIELDS.get(_kind(manifest), ()), *_data(manifest, configuration))
    is_pod = _kind(manifest) == ("v1", "Pod")

    def replaces(path: str) -> bool:
        if is_pod and path.startswith("spec"):
            return not _is_within(path, _POD_MUTABLE)
        return _is_within(path, fields) or any(it.startswith(f"{path}.") for it in fields if it not in _IDENTITY)

    return replaces


def _kind(manifest: Mapping[str, Any]) -> tuple[str, str]:
    return manifest.get("apiVersion", ""), manifest.get("kind", "")


def _data(manifest: Mapping[str, Any], configuration: Configuration) -> tuple[str, ...]:
    """Return the fields of a ConfigMap or a Secret that can't be changed: all of its data, unless configured."""
    frozen = manifest.get("immutable") is True
    if _kind(manifest) == ("v1", "ConfigMap") and (frozen or not configuration.mutable_config_maps):
        return "data", "binaryData"
    if _kind(manifest) == ("v1", "Secret") and (frozen or not configuration.mutable_secrets):
        return "data", "stringData"
    return ()


def _is_within(path: str, fields: tuple[str, ...]) -> bool:
    return any(path == field or path.startswith(f"{field}.") for field in fields)
