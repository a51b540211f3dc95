"""What exists before what, and so is deleted after it: the plan's real edges, and the way that shows it."""

from collections import deque
from collections.abc import Iterable, Mapping
from functools import cached_property

from seatrial.plan import Plan, Resource


class Order:
    """The edges that the engine goes by: dependencies, parent, provider, deleted-with."""

    def __init__(self, plan: Plan) -> None:
        """Read the edges of a plan."""
        self._plan = plan

    def path(self, later: Resource, earlier: Resource) -> tuple[Resource, ...]:
        """Return a shortest way of edges from what is made later to what is made earlier; nothing without one."""
        came_from: dict[str, str] = {later.urn: ""}
        waiting = deque([later.urn])
        while waiting and earlier.urn not in came_from:
            urn = waiting.popleft()
            for needed in self._needs[urn]:
                if needed not in came_from:
                    came_from[needed] = urn
                    waiting.append(needed)
        return self._walked(came_from, earlier.urn)

    def counterexample(self, first: Resource, second: Resource) -> str:
        """Show, in the fewest steps, a deletion that the edges allow in which the second goes while the first stands.

        ``first`` must not depend on ``second`` already.
        """
        wrong_way = self.path(second, first)
        if wrong_way:
            return f"the edges say the opposite: {arrows(wrong_way)}"
        standing = [self._plan[urn] for urn in self._plan.dependents(second.urn) if urn in self._plan]
        # The plan stands in an order of creation, so its reverse is one of deletion.
        place = {resource.urn: index for index, resource in enumerate(self._plan)}
        steps = sorted((each for each in standing if each.custom), key=lambda each: -place[each.urn])
        told = [*(each.name for each in steps), second.name]
        return f"nothing orders them, so a deletion may go {' → '.join(told)} while {first.name} stands"

    @cached_property
    def _needs(self) -> Mapping[str, tuple[str, ...]]:
        return {each.urn: tuple(urn for urn in each.predecessors if urn in self._plan) for each in self._plan}

    def _walked(self, came_from: Mapping[str, str], urn: str) -> tuple[Resource, ...]:
        way: list[Resource] = []
        while urn in came_from and urn:
            way.append(self._plan[urn])
            urn = came_from[urn]
        return tuple(reversed(way))


def arrows(way: Iterable[Resource]) -> str:
    """Write a way: ``eks-spot-ng-dev → eks-vpc-cni-addon-dev``."""
    return " → ".join(resource.name for resource in way)
