"""The CSI snapshot controller, and the kinds that it works with (kubernetes-csi/external-snapshotter, ``client``).

Of the kinds' schemas there is what a person writes; the rest passes as it is.
"""

from collections.abc import Iterator
from typing import Any

from seatrial.rehearsal.account.eks.content import workloads
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

_NAME = "snapshot-controller"

_LABELS = {"app.kubernetes.io/name": _NAME}

_GROUP = "snapshot.storage.k8s.io"

_APPROVED = {"api-approved.kubernetes.io": "https://github.com/kubernetes-csi/external-snapshotter/pull/814"}
"""Kubernetes asks for it of kinds in its own groups."""

_TEXT = {"type": "string"}

_DELETION = {"type": "string", "enum": ["Delete", "Retain"]}


def objects(add_on: Installation) -> Iterator[Record]:
    """Give everything that the add-on puts into a cluster."""
    yield from _definitions()
    yield workloads.service_account(_NAME, _LABELS)
    template = workloads.pod(_LABELS, add_on.values, _pod(add_on))
    yield workloads.deployment(_NAME, _LABELS, int(add_on.values.get("replicaCount", 2)), template)
    yield from workloads.disruption_budget(_NAME, _LABELS, add_on)


def _definitions() -> Iterator[Record]:
    yield _definition("VolumeSnapshot", "volumesnapshots", _snapshot(), scope="Namespaced", has_status=True)
    yield _definition("VolumeSnapshotContent", "volumesnapshotcontents", _content(), scope="Cluster", has_status=True)
    yield _definition("VolumeSnapshotClass", "volumesnapshotclasses", _class(), scope="Cluster")


def _definition(kind: str, plural: str, schema: Record, **more: Any) -> Record:
    return workloads.definition(_GROUP, "v1", kind, plural, schema=schema, annotations=_APPROVED, **more)


def _snapshot() -> Record:
    source = {"persistentVolumeClaimName": _TEXT, "volumeSnapshotContentName": _TEXT}
    spec = {"source": {"type": "object", "properties": source}, "volumeSnapshotClassName": _TEXT}
    return _with_spec(spec, ["source"])


def _content() -> Record:
    spec = {
        "deletionPolicy": _DELETION,
        "driver": _TEXT,
        "source": {"type": "object", "properties": {"snapshotHandle": _TEXT, "volumeHandle": _TEXT}},
        "sourceVolumeMode": _TEXT,
        "volumeSnapshotClassName": _TEXT,
        "volumeSnapshotRef": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    }
    return _with_spec(spec, ["deletionPolicy", "driver", "source", "volumeSnapshotRef"])


def _with_spec(properties: Record, required: list[str]) -> Record:
    status = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    spec = {"type": "object", "properties": properties, "required": required}
    return {"properties": {"spec": spec, "status": status}, "required": ["spec"]}


def _class() -> Record:
    parameters = {"type": "object", "additionalProperties": _TEXT}
    properties = {"deletionPolicy": _DELETION, "driver": _TEXT, "parameters": parameters}
    return {"properties": properties, "required": ["deletionPolicy", "driver"]}


def _pod(add_on: Installation) -> Record:
    return {
        "serviceAccountName": _NAME,
        "priorityClassName": "system-cluster-critical",
        "tolerations": workloads.CRITICAL,
        "affinity": workloads.apart(_LABELS),
        "containers": [
            workloads.container(
                _NAME,
                add_on.image(f"eks/csi-{_NAME}"),
                workloads.resources(add_on.values, {"requests": {"cpu": "10m", "memory": "32Mi"}}),
                args=["--v=2", "--leader-election=true"],
            )
        ],
    }
