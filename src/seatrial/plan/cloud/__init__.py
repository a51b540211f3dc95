"""A fake AWS: deterministic ids, ARNs and outputs of the real shape, and refusals where AWS or its provider would refuse."""

from seatrial.plan.cloud.cloud import Cloud
from seatrial.plan.cloud.invokes import InvokeRefused
from seatrial.plan.cloud.order import Made

__all__ = ["Cloud", "InvokeRefused", "Made"]
