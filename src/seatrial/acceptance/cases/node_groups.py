"""The managed node groups."""

from typing import Final

from seatrial.acceptance.expectations import distinct, ends, equal, joined
from seatrial.acceptance.model import Case, Finding
from seatrial.acceptance.outputs import Outputs

_ACTIVE: Final = "ACTIVE"


def _lacks(group: str) -> Finding:
    def reason(outputs: Outputs) -> str | None:
        there = group in outputs.map_of("nodeGroupNames")
        return None if there else f"the platform has no node group {group!r} (nodeGroupNames does not name it)"

    return reason


def _some(outputs: Outputs) -> str | None:
    return None if outputs.map_of("nodeGroupNames") else "nodeGroupNames is empty; nothing can run without nodes"


def _suffixed(outputs: Outputs) -> str | None:
    names, suffix = outputs.map_of("nodeGroupNames"), outputs["environmentSuffix"]
    return joined(ends(f"node group {key!r}", name, suffix) for key, name in names.items())


def _distinct(outputs: Outputs) -> str | None:
    return distinct("nodeGroupNames", outputs.map_of("nodeGroupNames").values())


def _active(outputs: Outputs) -> str | None:
    statuses = outputs.map_of("nodeGroupStatuses")
    return joined(equal(f"the status of node group {key!r}", status, _ACTIVE) for key, status in statuses.items())


def _every_status(outputs: Outputs) -> str | None:
    found, expected = sorted(outputs.map_of("nodeGroupStatuses")), sorted(outputs.map_of("nodeGroupNames"))
    return equal("the node groups of nodeGroupStatuses", found, expected)


def _spot_name(outputs: Outputs) -> str | None:
    return equal("spotNodeGroupName", outputs["spotNodeGroupName"], outputs.map_of("nodeGroupNames")["spot"])


def _spot_active(outputs: Outputs) -> str | None:
    return equal("spotNodeGroupStatus", outputs["spotNodeGroupStatus"], _ACTIVE)


def _on_demand_name(outputs: Outputs) -> str | None:
    return equal(
        "onDemandNodeGroupName", outputs["onDemandNodeGroupName"], outputs.map_of("nodeGroupNames")["on-demand"]
    )


def _on_demand_active(outputs: Outputs) -> str | None:
    return equal("onDemandNodeGroupStatus", outputs["onDemandNodeGroupStatus"], _ACTIVE)


CASES: Final = (
    Case(row=3, name="there is a node group", check=_some),
    Case(row=3, name="node group names carry the environment's suffix", check=_suffixed),
    Case(row=3, name="node group names are distinct", check=_distinct),
    Case(row=3, name="every node group has a status", check=_every_status),
    Case(row=3, name="every node group is active", check=_active),
    Case(row=3, name="the spot node group is there", check=_spot_name, not_applicable=_lacks("spot")),
    Case(row=3, name="the spot node group is active", check=_spot_active, not_applicable=_lacks("spot")),
    Case(row=3, name="the on-demand node group is there", check=_on_demand_name, not_applicable=_lacks("on-demand")),
    Case(row=3, name="the on-demand node group is active", check=_on_demand_active, not_applicable=_lacks("on-demand")),
)
