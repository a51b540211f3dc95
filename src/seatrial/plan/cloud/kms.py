"""KMS: keys and their aliases."""

from collections.abc import Mapping
from typing import Final

from seatrial.plan.cloud.order import Handler, Made, Order, tokens


def _key(order: Order) -> Made:
    id_ = order.uuid()
    return Made(id_, {"arn": order.arn("kms", f"key/{id_}"), "keyId": id_, **order.tags()})


def _alias(order: Order) -> Made:
    name = order.text("name") or f"alias/{order.name()}"
    target = order.text("targetKeyId")
    target_arn = target if target.startswith("arn:") else order.arn("kms", f"key/{target}")
    return Made(name, {"arn": order.arn("kms", name), "name": name, "targetKeyArn": target_arn})


HANDLERS: Final[Mapping[str, Handler]] = tokens("kms", {"Key": _key, "Alias": _alias})
"""Type to what makes it."""
