"""A small client of the Kubernetes API: what a rehearsal asks of a cluster, and no more.

``Cluster`` reads, applies and deletes objects of any kind; ``kubeconfig`` and ``exec_credentials`` say as whom,
``connection`` sends requests until they are answered, ``discovery`` knows which kinds there are. The package named
``kubernetes`` does far more, and takes most of a second to import.
"""

from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.kubernetes_api.references import Reference
from seatrial.rehearsal.kubernetes_api.refusals import CredentialsFault, NoSuchKind, Refused, Unreachable

__all__ = ["Cluster", "CredentialsFault", "NoSuchKind", "Reference", "Refused", "Unreachable"]
