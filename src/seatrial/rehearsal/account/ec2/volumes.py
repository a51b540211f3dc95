"""Volumes and snapshots: as EC2 shows them, and what AWS refuses about them."""

from seatrial import regions
from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import Written, one
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError


def create(params: Params) -> None:
    """Refuse zones that aren't there, and a volume without a size; one of a snapshot has the snapshot's."""
    zone = one(params, "AvailabilityZone")
    if zone not in regions.zones(emulator.region()):
        raise RefusedError("InvalidZone.NotFound", f"The zone '{zone}' does not exist.")
    snapshot = store("SnapshotId").get(one(params, "SnapshotId"))
    if "Size" not in params and snapshot is None:
        raise RefusedError("MissingParameter", "The request must contain the parameter size/snapshot")
    if snapshot is not None:
        params.setdefault("Size", [str(snapshot["VolumeSize"])])
        params.setdefault("Encrypted", [str(snapshot["Encrypted"]).lower()])


def shown(volume: Record) -> Written:
    """Give a volume as EC2 shows it."""
    return _written("_volume_inner_xml", volume)


def snapshot_shown(snapshot: Record) -> Written:
    """Give a snapshot as EC2 shows it."""
    return _written("_snapshot_inner_xml", snapshot)


def _written(writer: str, record: Record) -> Written:
    return Written(emulator.member(emulator.service("ec2"), writer)(record))
