"""The provider resource itself."""

from collections.abc import Mapping
from typing import Final

from seatrial.plan.cloud.order import Handler, Made, Order


def _provider(order: Order) -> Made:
    """Give it an id as the engine does."""
    return Made(order.uuid())


HANDLERS: Final[Mapping[str, Handler]] = {"pulumi:providers:aws": _provider}
"""Type to what makes it."""
