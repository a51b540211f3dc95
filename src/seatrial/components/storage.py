"""Persistent volumes."""

import pulumi

from seatrial.components.inside import Inside, InsideArgs, registered_inputs
from seatrial.manifests import storage


class StorageArgs(InsideArgs):
    """Inputs of :class:`Storage`."""

    volumes_key_arn: pulumi.Input[str]
    """Key that encrypts the volumes."""

    default_class: bool
    """Let claims that name no class take the encrypted one."""

    snapshots: bool
    """Make a class of snapshots too; needs the snapshot controller."""


class Storage(pulumi.ComponentResource):
    """Classes of encrypted volumes and of their snapshots.

    Give it ``depends_on`` the driver: volumes are made, and deleted, while it runs.
    """

    storage_class_name: pulumi.Output[str]
    """Name of the class of volumes."""

    def __init__(self, name: str, args: StorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Storage", name, registered_inputs(args), opts)
        inside = Inside.of(self, args, opts)
        volumes = storage.storage_class(args["volumes_key_arn"], default=args["default_class"])
        self.storage_class_name = inside.ending_with_place(volumes).id
        if args["snapshots"]:
            inside.ending_with_place(storage.snapshot_class())
        self.register_outputs({"storageClassName": self.storage_class_name})
