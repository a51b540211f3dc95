"""What EKS puts into every cluster: a StorageClass, not the default one since Kubernetes 1.30 (EKS user guide)."""

from collections.abc import Iterator

from seatrial.rehearsal.account.emulator import Record


def objects() -> Iterator[Record]:
    """Give the objects."""
    yield {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "gp2"},
        "provisioner": "kubernetes.io/aws-ebs",
        "parameters": {"fsType": "ext4", "type": "gp2"},
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    }
