"""Whether the pods that a plan tells of have a place on its nodes, and keep one."""

from dataclasses import dataclass

from seatrial.errors import ConfigError
from seatrial.rules.facts import fleet, kinds
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.types import ADDON, NODE_GROUP
from seatrial.rules.view import View
from seatrial.semantics import scheduling
from seatrial.semantics.scheduling import NodeGroup, Workloads

_PLACED = (kinds.DISRUPTION_BUDGET, kinds.NAMESPACE, kinds.PRIORITY_CLASS)
"""What decides about pods beside what makes them."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is to run, and on what."""

    workloads: Workloads
    groups: tuple[NodeGroup, ...]
    fault: str = ""
    """Why nobody can tell; empty when it can be told."""


def of_view(view: View) -> Capacity:
    """Read the node groups and pods of a plan, with those of charts and add-ons that the platform knows."""
    resources = view.of_type(NODE_GROUP)
    autoscaled = any(chart.name == "cluster-autoscaler" for chart in view.charts)
    prefixes = fleet.hands_out_prefixes(view.of_type(ADDON))
    groups = fleet.groups(resources, view.references, autoscaled=autoscaled, prefixes=prefixes)
    if len(groups) < len(resources):
        return Capacity(Workloads(), groups, "what the nodes of a group are like")
    ours = (manifest(each) for each in (*(pod.object for pod in view.pods), *view.objects.of_kind(*_PLACED)))
    try:
        workloads = scheduling.read([*ours, *fleet.system(view.charts, view.of_type(ADDON))])
    except ConfigError as error:
        return Capacity(Workloads(), groups, "; ".join(f"{each.path} is {each.found}" for each in error.faults))
    return Capacity(workloads, groups)
