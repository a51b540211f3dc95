"""What waits for what in a plan, drawn: components as boxes in boxes, resources, arrows to what each waits for."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from seatrial.plan.graph import Plan, Resource
from seatrial.plan.render.diagram import Arrow, Diagram, Direction, Node

Members: TypeAlias = Mapping[str, AbstractSet[str]]
"""Component to what is in it."""


def diagram(plan: Plan) -> Diagram:
    """Lay a plan out.

    Providers and the stack itself are left out, and so are arrows that follow from others, or that those of what is in
    a component repeat; objects of one kind and component are drawn as one.
    """
    drawn = _drawn(plan)
    ids = {resource.urn: f"n{index}" for index, resources in enumerate(drawn.values()) for resource in resources}
    members = _members(plan)
    waiting = (resource for resource in plan if resource.custom and resource.urn in ids)
    arrows = ((ids[each.urn], ids[urn]) for each in waiting for urn in _direct(plan, each, members))
    roots = (resource for resource in plan if resource.parent in plan and not plan[resource.parent].parent)
    return Diagram(
        title=f"{plan.project}-{plan.stack}",
        direction=Direction.LEFT,
        roots=_nodes(plan, drawn, roots, ids),
        arrows=tuple(Arrow(*ends) for ends in dict.fromkeys(arrows) if ends[0] != ends[1]),
    )


def _drawn(plan: Plan) -> dict[str, list[Resource]]:
    """Return what is drawn as one, by the URN of its first."""
    together: dict[tuple[str, ...], list[Resource]] = {}
    for resource in plan:
        if not resource.is_provider:
            is_object = resource.type.startswith("kubernetes:")
            key = (resource.parent, resource.type) if is_object else (resource.urn,)
            together.setdefault(key, []).append(resource)
    return {resources[0].urn: resources for resources in together.values()}


def _nodes(
    plan: Plan, drawn: Mapping[str, list[Resource]], resources: Iterable[Resource], ids: Mapping[str, str]
) -> tuple[Node, ...]:
    return tuple(_node(plan, drawn, drawn[each.urn], ids) for each in resources if each.urn in drawn)


def _node(plan: Plan, drawn: Mapping[str, list[Resource]], alike: list[Resource], ids: Mapping[str, str]) -> Node:
    first = alike[0]
    children = _nodes(plan, drawn, plan.children(first.urn), ids)
    name = first.name if len(alike) == 1 else f"{first.name} and {len(alike) - 1} more"
    return Node(ids[first.urn], name, (first.type.rpartition(":")[2],), children, is_box=first.is_component)


def _direct(plan: Plan, resource: Resource, members: Members) -> list[str]:
    """Return what arrows lead to: what is needed and follows from nothing else, whole components where they are."""
    needed = frozenset(resource.dependencies)
    direct = needed.difference(*(plan.prerequisites(urn) for urn in needed))
    return sorted({_whole(plan, resource, urn, members) for urn in direct if not plan[urn].is_provider})


def _whole(plan: Plan, resource: Resource, urn: str, members: Members) -> str:
    """Return the outermost component around a dependency of which all is needed; the dependency itself if none is."""
    outside = [each for each in _around(plan, plan[urn]) if each not in _around(plan, resource)]
    whole = [each for each in outside if len(members[each]) > 1 and members[each] <= set(resource.dependencies)]
    return whole[-1] if whole else urn


def _members(plan: Plan) -> Members:
    """Return what is in each component, at any depth."""
    members: dict[str, set[str]] = {}
    for resource in plan:
        if resource.custom and not resource.is_provider:
            for component in _around(plan, resource):
                members.setdefault(component, set()).add(resource.urn)
    return members


def _around(plan: Plan, resource: Resource) -> Iterator[str]:
    """Give the components that a resource is in, the innermost first."""
    while resource.parent:
        yield resource.parent
        resource = plan[resource.parent]
