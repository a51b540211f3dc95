"""IAM: roles, policies, OpenID Connect providers; global, so their ARNs name no region."""

from collections.abc import Mapping
from typing import Final

from seatrial.plan.cloud.order import ACCOUNT, Handler, Made, Order, tokens
from seatrial.plan.graph import Value


def _arn(order: Order, rest: str) -> str:
    return f"arn:{order.partition}:iam::{ACCOUNT}:{rest}"


def _unique_id(order: Order, prefix: str) -> str:
    return f"{prefix}{order.digits(17, 'unique').upper()}"


def _role(order: Order) -> Made:
    name = order.name()
    outputs: dict[str, Value] = {
        "arn": _arn(order, f"role{order.text('path', '/')}{name}"),
        "name": name,
        "uniqueId": _unique_id(order, "AROA"),
        "createDate": "2026-01-01T00:00:00Z",
        "maxSessionDuration": order.inputs.get("maxSessionDuration", 3600),
        "path": order.text("path", "/"),
        **order.tags(),
    }
    return Made(name, outputs)


def _role_policy(order: Order) -> Made:
    name = order.name(length=128)
    return Made(f"{order.text('role')}:{name}", {"name": name})


def _role_policy_attachment(order: Order) -> Made:
    return Made(f"{order.text('role')}/{order.text('policyArn')}")


def _policy(order: Order) -> Made:
    name = order.name(length=128)
    arn = _arn(order, f"policy{order.text('path', '/')}{name}")
    outputs: dict[str, Value] = {"arn": arn, "name": name, "policyId": _unique_id(order, "ANPA"), "attachmentCount": 0}
    return Made(arn, {**outputs, **order.tags()})


def _open_id_connect_provider(order: Order) -> Made:
    issuer = order.text("url").removeprefix("https://")
    arn = _arn(order, f"oidc-provider/{issuer}")
    thumbprints = order.texts("thumbprintLists") or (order.digits(40, "thumbprint"),)
    return Made(arn, {"arn": arn, "url": issuer, "thumbprintLists": thumbprints, **order.tags()})


HANDLERS: Final[Mapping[str, Handler]] = tokens(
    "iam",
    {
        "Role": _role,
        "RolePolicy": _role_policy,
        "RolePolicyAttachment": _role_policy_attachment,
        "Policy": _policy,
        "OpenIdConnectProvider": _open_id_connect_provider,
    },
)
"""Type to what makes it."""
