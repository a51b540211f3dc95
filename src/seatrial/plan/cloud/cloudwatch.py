"""CloudWatch: log groups."""

from collections.abc import Mapping
from typing import Final

from seatrial.plan.cloud.order import Handler, Made, Order, tokens


def _log_group(order: Order) -> Made:
    name = order.name(length=512)
    return Made(name, {"arn": order.arn("logs", f"log-group:{name}"), "name": name, **order.tags()})


HANDLERS: Final[Mapping[str, Handler]] = tokens("cloudwatch", {"LogGroup": _log_group})
"""Type to what makes it."""
