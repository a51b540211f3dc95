"""EKS: clusters, node groups, add-ons, access, Pod Identity."""

import base64
from collections.abc import Mapping
from typing import Final

from seatrial.plan.cloud.order import Handler, Made, Order, tokens
from seatrial.plan.graph import Value

_MOMENT: Final = "2026-01-01T00:00:00Z"
"""When everything of a plan was made: no plan depends on the clock."""


def _cluster(order: Order) -> Made:
    name = order.name(length=100)
    digits = order.digits(32, "cluster").upper()
    issuer = f"https://oidc.eks.{order.region}.{order.dns_suffix}/id/{digits}"
    outputs: dict[str, Value] = {
        "arn": order.arn("eks", f"cluster/{name}"),
        "name": name,
        "endpoint": f"https://{digits}.gr7.{order.region}.eks.{order.dns_suffix}",
        "certificateAuthority": {"data": _certificate(order)},
        "identities": ({"oidcs": ({"issuer": issuer},)},),
        "status": "ACTIVE",
        "platformVersion": "eks.1",
        "createdAt": _MOMENT,
        "vpcConfig": {
            **order.object("vpcConfig"),
            "clusterSecurityGroupId": order.other_id("sg"),
            "vpcId": order.other_id("vpc"),
        },
        **order.tags(),
    }
    return Made(name, outputs)


def _certificate(order: Order) -> str:
    body = base64.b64encode(order.digits(40, "certificate").encode()).decode()
    return base64.b64encode(f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n".encode()).decode()


def _node_group(order: Order) -> Made:
    cluster = order.text("clusterName")
    name = order.name("nodeGroupName", length=63)
    uuid = order.uuid()
    outputs: dict[str, Value] = {
        "arn": order.arn("eks", f"nodegroup/{cluster}/{name}/{uuid}"),
        "nodeGroupName": name,
        "status": "ACTIVE",
        "resources": ({"autoscalingGroups": ({"name": f"eks-{name}-{uuid}"},), "remoteAccessSecurityGroupId": ""},),
        **order.tags(),
    }
    return Made(f"{cluster}:{name}", outputs)


def _addon(order: Order) -> Made:
    cluster, name = order.text("clusterName"), order.text("addonName")
    outputs: dict[str, Value] = {
        "arn": order.arn("eks", f"addon/{cluster}/{name}/{order.uuid()}"),
        "addonVersion": order.text("addonVersion", "v1.0.0-eksbuild.1"),
        "createdAt": _MOMENT,
        "modifiedAt": _MOMENT,
        **order.tags(),
    }
    return Made(f"{cluster}:{name}", outputs)


def _access_entry(order: Order) -> Made:
    cluster, principal = order.text("clusterName"), order.text("principalArn")
    account, _, path = principal.rpartition("::")[2].partition(":")
    outputs: dict[str, Value] = {
        "accessEntryArn": order.arn(
            "eks", f"access-entry/{cluster}/{path.replace('/', f'/{account}/', 1)}/{order.uuid()}"
        ),
        "createdAt": _MOMENT,
        "modifiedAt": _MOMENT,
        **order.tags(),
    }
    return Made(f"{cluster}:{principal}", outputs)


def _access_policy_association(order: Order) -> Made:
    id_ = "#".join((order.text("clusterName"), order.text("principalArn"), order.text("policyArn")))
    return Made(id_, {"associatedAt": _MOMENT, "modifiedAt": _MOMENT})


def _pod_identity_association(order: Order) -> Made:
    id_ = f"a-{order.digits(17, 'association')}"
    arn = order.arn("eks", f"podidentityassociation/{order.text('clusterName')}/{id_}")
    return Made(id_, {"associationArn": arn, "associationId": id_, **order.tags()})


HANDLERS: Final[Mapping[str, Handler]] = tokens(
    "eks",
    {
        "Cluster": _cluster,
        "NodeGroup": _node_group,
        "Addon": _addon,
        "AccessEntry": _access_entry,
        "AccessPolicyAssociation": _access_policy_association,
        "PodIdentityAssociation": _pod_identity_association,
    },
)
"""Type to what makes it."""
