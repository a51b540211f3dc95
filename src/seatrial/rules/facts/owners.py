"""Objects of a cluster that own something outside of it, in AWS, which their deletion removes."""

from collections.abc import Mapping
from typing import Final

from seatrial.rules.facts import kinds
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.values import at

BALANCED: Final = (kinds.INGRESS, kinds.GATEWAY, kinds.TARGET_BINDING)
"""Kinds that the load balancer controller makes something of, beside Services of type LoadBalancer."""

NODE_POOLS: Final = ("NodePool.karpenter.sh", "EC2NodeClass.karpenter.k8s.aws", "NodeClaim.karpenter.sh")
"""Kinds that Karpenter makes nodes of."""

_OWNED: Final[Mapping[str, str]] = {
    **dict.fromkeys(BALANCED, "a load balancer or its targets"),
    **dict.fromkeys(NODE_POOLS, "nodes"),
    kinds.VOLUME_CLAIM: "a volume",
}


def owned(found: Object) -> str:
    """Return what an object owns outside the cluster, in words; empty for nothing."""
    if is_balancer(found):
        return "a load balancer"
    if has_volumes(found):
        return "volumes"
    return _OWNED.get(found.full_kind, "")


def is_balancer(found: Object) -> bool:
    """Tell whether it is a Service that gets a load balancer."""
    return found.full_kind == kinds.SERVICE and at(found.resource, "spec.type") == "LoadBalancer"


def has_volumes(found: Object) -> bool:
    """Tell whether it is a StatefulSet that claims volumes."""
    return found.full_kind == kinds.STATEFUL_SET and bool(at(found.resource, "spec.volumeClaimTemplates"))
