"""What a node alone decides: is it cordoned, are its taints tolerated, are its labels and its name wanted.

See https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ and
https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
"""

from collections.abc import Iterable
from typing import Final

from seatrial.semantics.scheduling.nodes import Node, Taint
from seatrial.semantics.scheduling.pods import NodeRequirement, NodeTerm, Template, Toleration

NAME_FIELD: Final = "metadata.name"
"""The only field of a node that affinity can name."""

UNSCHEDULABLE: Final = "node(s) were unschedulable"
UNTOLERATED: Final = "node(s) had untolerated taint(s)"
UNWANTED: Final = "node(s) didn't match Pod's node affinity/selector"
NOT_NAMED: Final = "node(s) didn't satisfy plugin(s) [NodeAffinity]"
"""Of the nodes that aren't looked at, when each term of the affinity names the node that it means."""

_CORDONED = Taint(key="node.kubernetes.io/unschedulable", effect="NoSchedule")
_FORBIDDING = frozenset({"NoSchedule", "NoExecute"})


def reason(template: Template, node: Node) -> str:
    """Return why a node is out of the question, the scheduler's first reason; empty when it isn't."""
    named = _named(template)
    if named is not None and node.name not in named:
        return NOT_NAMED
    if node.unschedulable and not _is_tolerated(_CORDONED, template.tolerations):
        return UNSCHEDULABLE
    if not tolerates(template, node):
        return UNTOLERATED
    return "" if wants(template, node) else UNWANTED


def tolerates(template: Template, node: Node) -> bool:
    """Tell whether a pod tolerates every taint of a node that forbids placements."""
    forbidding = (taint for taint in node.taints if taint.effect in _FORBIDDING)
    return all(_is_tolerated(taint, template.tolerations) for taint in forbidding)


def disliked(template: Template, node: Node) -> int:
    """Count the untolerated taints of a node that only make it the last choice."""
    return sum(
        taint.effect == "PreferNoSchedule" and not _is_tolerated(taint, template.tolerations) for taint in node.taints
    )


def wants(template: Template, node: Node) -> bool:
    """Tell whether a pod's node selector and its required node affinity allow a node."""
    if not template.node_selector.items() <= dict(node.labels).items():
        return False
    return template.node_terms is None or any(_meets(node, term) for term in template.node_terms)


def _is_tolerated(taint: Taint, tolerations: Iterable[Toleration]) -> bool:
    return any(_tolerates(each, taint) for each in tolerations)


def _tolerates(toleration: Toleration, taint: Taint) -> bool:
    return (
        toleration.effect in ("", taint.effect)
        and toleration.key in ("", taint.key)
        and (toleration.operator == "Exists" or toleration.value == taint.value)
    )


def _named(template: Template) -> frozenset[str] | None:
    """Return the only nodes that the terms can mean, None when one of them names no node."""
    names: frozenset[str] = frozenset()
    for term in template.node_terms or ():
        wanted = [{*each.values} for each in term.names if (each.key, each.operator) == (NAME_FIELD, "In")]
        if not wanted:
            return None
        names |= wanted[0].intersection(*wanted)
    return names if template.node_terms else None


def _meets(node: Node, term: NodeTerm) -> bool:
    # A term without any requirement means no node.
    return bool(term.labels or term.names) and (
        all(_holds(each, node.labels.get(each.key)) for each in term.labels)
        and all(_holds(each, node.name) for each in term.names)
    )


def _holds(requirement: NodeRequirement, value: str | None) -> bool:
    match requirement.operator:
        case "In":
            return value in requirement.values
        case "NotIn":
            return value not in requirement.values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case _:
            return _compares(requirement, value)


def _compares(requirement: NodeRequirement, value: str | None) -> bool:
    try:
        found, limit = int(value or ""), int(requirement.values[0])
    except ValueError:
        return False
    return found > limit if requirement.operator == "Gt" else found < limit
