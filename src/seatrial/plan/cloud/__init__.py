"""A fake AWS: ids, ARNs and outputs of the real shape, and refusals where AWS or its provider would refuse.

Every answer is a function of what was asked, so that two plans of one program are the same.
"""

from seatrial.plan.cloud.cloud import Cloud
from seatrial.plan.cloud.invokes import InvokeError
from seatrial.plan.cloud.order import Made

__all__ = ["Cloud", "InvokeError", "Made"]
