"""Tags: what AWS refuses about them."""

from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.wire import one, several, structures, tags_of
from seatrial.rehearsal.account.refusal import RefusedError

MOST = 50
"""Tags that a resource may have."""


def create(params: Params) -> None:
    """Refuse AWS's own prefix, and more tags than a resource may have."""
    given = {one(tag, "Key") for tag in structures(params, "Tag")}
    if any(key.startswith("aws:") for key in given):
        text = "Tag keys starting with 'aws:' are reserved for internal use"
        raise RefusedError("InvalidParameterValue", text)
    for resource in several(params, "ResourceId"):
        if len(given | set(tags_of(resource))) > MOST:
            raise RefusedError("TagLimitExceeded", f"More than {MOST} tags")
