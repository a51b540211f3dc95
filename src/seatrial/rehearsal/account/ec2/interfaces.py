"""Network interfaces: what AWS refuses about them."""

from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import one
from seatrial.rehearsal.account.refusal import RefusedError


def delete(params: Params) -> None:
    """Refuse while the interface is attached."""
    interface = one(params, "NetworkInterfaceId")
    if store("NetworkInterfaceId")[interface]["Status"] == "in-use":
        text = f"Network interface '{interface}' is currently in use."
        raise RefusedError("InvalidParameterValue", text)
