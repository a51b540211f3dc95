"""The one order of a plan, whatever order the program's tasks ran in."""

import heapq
from collections.abc import Iterable, Mapping

from seatrial.plan.graph import Resource


def ordered(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Sort so that each stands after what it needs, and by URN where that leaves a choice.

    A program can't register a resource before what it needs, so there is no cycle to find.
    """
    by_urn = {resource.urn: resource for resource in resources}
    waiting_for = {urn: _present(resource, by_urn) for urn, resource in by_urn.items()}
    followers = _followers(waiting_for)
    ready = [urn for urn, needed in waiting_for.items() if not needed]
    heapq.heapify(ready)
    result: list[Resource] = []
    while ready:
        urn = heapq.heappop(ready)
        result.append(by_urn[urn])
        for follower in followers.get(urn, ()):
            waiting_for[follower].discard(urn)
            if not waiting_for[follower]:
                heapq.heappush(ready, follower)
    return tuple(result)


def _present(resource: Resource, by_urn: Mapping[str, Resource]) -> set[str]:
    return {urn for urn in resource.predecessors if urn in by_urn}


def _followers(waiting_for: Mapping[str, set[str]]) -> Mapping[str, list[str]]:
    followers: dict[str, list[str]] = {}
    for urn, needed in waiting_for.items():
        for each in needed:
            followers.setdefault(each, []).append(urn)
    return followers
