"""Persistent volumes: encrypted, made where the pod is, deleted with their claim."""

from seatrial.manifests.manifest import Later, Manifest, manifest

STORAGE_CLASS = "ebs-sc-encrypted"
"""Name of the class."""

SNAPSHOT_CLASS = "ebs-snapshot"
"""Name of the class of snapshots."""

_DRIVER = "ebs.csi.aws.com"


def storage_class(key_arn: Later, *, default: bool) -> Manifest:
    """Make the class of gp3 volumes under a KMS key; ``default`` lets claims take it that name none."""
    return manifest(
        "storage.k8s.io/v1",
        "StorageClass",
        STORAGE_CLASS,
        annotated={"storageclass.kubernetes.io/is-default-class": "true" if default else "false"},
        provisioner=_DRIVER,
        # The driver takes text only.
        parameters={"csi.storage.k8s.io/fstype": "ext4", "encrypted": "true", "kmsKeyId": key_arn, "type": "gp3"},
        # A volume is bound to its zone: it waits until the pod has one.
        volumeBindingMode="WaitForFirstConsumer",
        reclaimPolicy="Delete",
        allowVolumeExpansion=True,
    )


def snapshot_class() -> Manifest:
    """Make the class of snapshots: encrypted as their volume is. Needs the snapshot controller's own kinds."""
    return manifest(
        "snapshot.storage.k8s.io/v1",
        "VolumeSnapshotClass",
        SNAPSHOT_CLASS,
        annotated={"snapshot.storage.kubernetes.io/is-default-class": "true"},
        driver=_DRIVER,
        deletionPolicy="Delete",
    )
