"""What EKS puts into every cluster: a StorageClass, and the webhook for the roles of pods.

The class is not the default one since Kubernetes 1.30 (EKS user guide, "Use Kubernetes volume storage with EBS").
"""

import base64
from collections.abc import Iterator

from seatrial.rehearsal.account.eks import hosts
from seatrial.rehearsal.account.eks.content import pod_identity
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record


def objects(service: Service, cluster: Record) -> Iterator[Record]:
    """Give the objects."""
    authority = base64.b64encode(service.authority).decode()
    yield pod_identity.configuration(hosts.pod_webhook(service, cluster), authority)
    yield {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "gp2"},
        "provisioner": "kubernetes.io/aws-ebs",
        "parameters": {"fsType": "ext4", "type": "gp2"},
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    }
