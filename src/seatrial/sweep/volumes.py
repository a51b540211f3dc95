"""Volumes and snapshots that the EBS driver made, and whose claims outlived it."""

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.ownership import Kind
from seatrial.sweep import tagged
from seatrial.sweep.model import Clients, Leftover

_CLAIM = ("kubernetes.io/created-for/pvc/namespace", "kubernetes.io/created-for/pvc/name")
"""Tags of the driver's provisioner (aws-ebs-csi-driver, ``docs/tagging.md``)."""


def find_volumes(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give the volumes that aren't being deleted."""
    for page, tag in tagged.pages(clients, "describe_volumes", Kind.VOLUME, cluster):
        for volume in page["Volumes"]:
            if volume["State"] not in {"deleting", "deleted"}:
                yield Leftover(
                    kind=Kind.VOLUME,
                    id=volume["VolumeId"],
                    name=_claim(volume) or volume["VolumeId"],
                    mark=str(tag),
                    detail=f"{volume['Size']} GiB, {volume['State']}",
                )


def _claim(volume: Mapping[str, Any]) -> str:
    namespace, name = (tagged.value(volume, key) for key in _CLAIM)
    return f"{namespace}/{name}" if name else tagged.value(volume, "Name")


def delete_volume(clients: Clients, leftover: Leftover) -> None:
    """Delete it with its data; AWS refuses while it is attached."""
    clients("ec2").delete_volume(VolumeId=leftover.id)


def find_snapshots(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give the snapshots."""
    for page, tag in tagged.pages(clients, "describe_snapshots", Kind.SNAPSHOT, cluster, OwnerIds=["self"]):
        for snapshot in page["Snapshots"]:
            yield Leftover(
                kind=Kind.SNAPSHOT,
                id=snapshot["SnapshotId"],
                name=tagged.value(snapshot, "Name") or snapshot["SnapshotId"],
                mark=str(tag),
                detail=f"{snapshot['VolumeSize']} GiB, of {snapshot['VolumeId']}",
            )


def delete_snapshot(clients: Clients, leftover: Leftover) -> None:
    """Delete it with its data."""
    clients("ec2").delete_snapshot(SnapshotId=leftover.id)
