"""Persistent volumes: the storage class, and what stands behind it."""

from typing import Final

from seatrial.acceptance.applicability import nothing_in_cluster
from seatrial.acceptance.expectations import equal
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import Outputs

_CLASS: Final = "ebs-sc-encrypted"
_DRIVER: Final = "aws-ebs-csi-driver"


def _no_volumes(outputs: Outputs) -> str | None:
    if nothing := nothing_in_cluster(outputs):
        return nothing
    if "storageClassName" in outputs or _DRIVER in outputs.map_of("addonVersions"):
        return None
    return f"the platform has no persistent volumes (addonVersions does not name {_DRIVER})"


def _class(outputs: Outputs) -> str | None:
    return equal("storageClassName", outputs["storageClassName"], _CLASS)


def _driver(outputs: Outputs) -> str | None:
    if _DRIVER in outputs.map_of("addonVersions"):
        return None
    return f"addonVersions does not name {_DRIVER}; expected it, since {outputs['storageClassName']} uses it"


CASES: Final = (
    Case(row=4, name="the storage class is the encrypted one", check=_class, not_applicable=_no_volumes),
    Case(row=4, name="the storage class has its driver", check=_driver, not_applicable=_no_volumes),
)
