"""NET-11: the subnets hold every node and pod that the groups may grow to."""

from collections.abc import Iterator
from ipaddress import ip_network

from seatrial import instances
from seatrial.plan import Resource
from seatrial.rules.facts.fleet import instance_types
from seatrial.rules.facts.types import ADDON, NODE_GROUP, SUBNET
from seatrial.rules.facts.values import at, number, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_RESERVED = 5
"""Addresses that AWS keeps of every subnet."""

_CONTROL_PLANE = 16
"""Addresses of each subnet that EKS asks to be free for its own interfaces."""


def _examine(view: View) -> Iterator[Observation]:
    sharing: dict[tuple[str, ...], list[Resource]] = {}
    for group in view.of_type(NODE_GROUP):
        subnets = view.references.of(group, "subnetIds", SUBNET)
        if subnets.is_settled:
            sharing.setdefault(tuple(sorted(each.urn for each in subnets.resources)), []).append(group)
        else:
            yield unknown(group, "subnetIds")
    for urns, groups in sharing.items():
        yield from _room(view, [view.plan[urn] for urn in urns], groups)


def _room(view: View, subnets: list[Resource], groups: list[Resource]) -> Iterator[Observation]:
    prefixes = _delegates_prefixes(view)
    needs = {group.urn: _needed(view, group, prefixes=prefixes) for group in groups}
    there = sum(_usable(subnet) for subnet in subnets)
    taken = 0
    # Least first, whatever the order of the program: what has no room is what takes most.
    for group in sorted(groups, key=lambda each: (needs[each.urn] or 0, each.urn)):
        needed = needs[group.urn]
        if needed is None:
            yield unknown(group, "instanceTypes", "an instance type, or a size, that the plan doesn't tell")
            continue
        taken += needed
        found = f"{taken} of {there} addresses with this group and all that take less at their largest"
        yield weighed(group, "scalingConfig.maxSize", is_met=taken <= there, found=found)


def _needed(view: View, group: Resource, *, prefixes: bool) -> int | None:
    types = [instances.find(name) for name in instance_types(group, view.references)]
    known = [each.max_addresses(prefix_delegation=prefixes) for each in types if each]
    nodes = number(at(group, "scalingConfig.maxSize"))
    if nodes is None or not known or len(known) < len(types):
        return None
    return nodes * max(known)


def _usable(subnet: Resource) -> int:
    try:
        size = ip_network(text(at(subnet, "cidrBlock"))).num_addresses
    except ValueError:
        return 0
    return max(0, size - _RESERVED - _CONTROL_PLANE)


def _delegates_prefixes(view: View) -> bool:
    values = (text(at(addon, "configurationValues")) for addon in view.of_type(ADDON))
    return any('"ENABLE_PREFIX_DELEGATION":"true"' in value.replace(" ", "") for value in values)


RULE = Rule(
    id="NET-11",
    severity=Severity.MEDIUM,
    title="Subnets have an address for every node and pod at full size",
    needs="a node group",
    why="Every pod takes an address of the VPC: when they run out, pods wait in ContainerCreating.",
    allowed="as many addresses as all groups take at their largest, full of pods",
    remedy="widen `network.cidrBlock`, lower `nodeGroups.NAME.maxSize` or take smaller `nodeGroups.NAME.instanceTypes`",
    sources=cited(Framework.PRACTICES, "Optimizing IP Address Utilization"),
    examine=_examine,
)
