"""One thing deleted before another: judged on the plan's edges, shown by the shortest way or a counter-example."""

from collections.abc import Iterable, Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.order import arrows
from seatrial.rules.facts.types import CLUSTER
from seatrial.rules.model import Observation
from seatrial.rules.observations import weighed
from seatrial.rules.view import View


def before(view: View, first: Resource, others: Iterable[Resource]) -> Iterator[Observation]:
    """Judge whether a resource is deleted before each of some others, and so made after them."""
    for other in others:
        yield _before(view, first, other)


def _before(view: View, first: Resource, second: Resource) -> Observation:
    way = view.order.path(first, second)
    found = arrows(way) if way else view.order.counterexample(first, second)
    allowed = f"{first.name} depends on {second.name}, directly or through others"
    return weighed(first, f"dependsOn.{second.name}", is_met=bool(way), found=found, allowed=allowed)


def same_cluster(view: View, resource: Resource, others: Iterable[Resource]) -> tuple[Resource, ...]:
    """Return those of some resources that belong to the same cluster as another."""
    ours = cluster_of(view, resource)
    return tuple(other for other in others if cluster_of(view, other) == ours)


def cluster_of(view: View, resource: Resource) -> Resource | None:
    """Return the cluster that a resource names; None when the plan doesn't have it."""
    return view.references.of(resource, "clusterName", CLUSTER).one
