"""What every drawing of a plan shows: components as boxes in boxes, resources, arrows to what each waits for."""

from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.plan.graph import Plan, Resource


@dataclass(frozen=True, slots=True)
class Node:
    """A resource, or a component with what is in it."""

    id: str
    """``n`` and a number, by the plan's order."""

    name: str
    kind: str
    """The last part of the type: ``Subnet``."""

    is_component: bool
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing; providers and the stack itself are left out."""

    roots: tuple[Node, ...]
    """What stands directly in the stack."""

    edges: tuple[tuple[str, str], ...]
    """Ids of what waits and of what it waits for; what follows from other arrows is left out."""


def diagram(plan: Plan) -> Diagram:
    """Lay a plan out."""
    ids = {resource.urn: f"n{index}" for index, resource in enumerate(plan) if not resource.is_provider}
    roots = (resource for resource in plan if resource.parent in plan and not plan[resource.parent].parent)
    return Diagram(
        roots=tuple(_node(plan, ids, resource) for resource in roots if not resource.is_provider),
        edges=tuple((ids[resource.urn], ids[urn]) for resource in plan for urn in sorted(_direct(plan, resource))),
    )


def walk(nodes: tuple[Node, ...], depth: int = 1) -> Iterator[tuple[Node, int, bool]]:
    """Give every node with its depth; components twice, the second time, marked True, after what is in them."""
    for node in nodes:
        yield node, depth, False
        yield from walk(node.children, depth + 1)
        if node.is_component:
            yield node, depth, True


def _node(plan: Plan, ids: dict[str, str], resource: Resource) -> Node:
    children = tuple(_node(plan, ids, child) for child in plan.children(resource.urn) if child.urn in ids)
    kind = resource.type.rpartition(":")[2]
    return Node(ids[resource.urn], resource.name, kind, resource.is_component, children)


def _direct(plan: Plan, resource: Resource) -> frozenset[str]:
    """Return the dependencies that don't follow from another one."""
    needed = frozenset(resource.dependencies)
    return needed.difference(*(plan.prerequisites(urn) for urn in needed))
