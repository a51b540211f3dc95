"""The architecture of a plan as a diagram: network, cluster, namespaces, roles, and who may reach whom."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from seatrial.plan import Plan, Resource
from seatrial.plan.render.diagram import Arrow, Diagram, Direction, Node
from seatrial.report.architecture import labels
from seatrial.report.architecture.flows import End, Flow, flows
from seatrial.report.architecture.namespaces import Namespace, first, namespaces
from seatrial.report.architecture.places import API, WORLD
from seatrial.report.wording import counted
from seatrial.rules.facts.types import (
    ADDON,
    CLUSTER,
    ENDPOINT,
    INTERNET_GATEWAY,
    KEY,
    LOG_GROUP,
    NAT_GATEWAY,
    NODE_GROUP,
    SUBNET,
    VPC,
)
from seatrial.rules.facts.values import at, text
from seatrial.rules.view import View

MOST_NAMESPACES: Final = 16
"""More than that nobody tells apart in a drawing."""


def diagram(plan: Plan) -> Diagram:
    """Lay the architecture of a plan out; of many namespaces the first are drawn, the others are counted."""
    # The drawing reads no dates, so any day will do.
    sketch = _Sketch(View(plan, date.max))
    return Diagram(
        title=f"{plan.project}-{plan.stack}",
        direction=Direction.RIGHT,
        roots=tuple(sketch.roots()),
        arrows=tuple(dict.fromkeys((*sketch.ways(), *sketch.allowed(), *sketch.roles_taken()))),
    )


@dataclass(frozen=True)
class _Sketch:
    """One diagram in the making."""

    view: View
    _ids: dict[object, str] = field(default_factory=dict[object, str])

    def roots(self) -> Iterator[Node]:
        yield from self._places(lambda name: name == WORLD)
        for vpc in self.view.of_type(VPC):
            yield self._box(vpc.urn, f"VPC {text(at(vpc, 'cidrBlock'))}", self._network())
        for cluster in self.view.of_type(CLUSTER):
            yield self._box(cluster.urn, cluster.name, self._cluster(cluster))
        roles = dict.fromkeys(role for each in self._namespaces for account in each.accounts for role in account.roles)
        if roles:
            yield self._box("roles", "IAM roles", (self._node(each.urn, each.name) for each in roles))
        for type_, noun in ((KEY, "key"), (LOG_GROUP, "log group")):
            yield from self._together(type_, noun)

    def ways(self) -> Iterator[Arrow]:
        """Lead out of each subnet, and from what stands in subnets to them."""
        for subnet in self.view.of_type(SUBNET):
            for default in self.view.routing.defaults(subnet)[:1]:
                if default.gateway and default.gateway.urn in self._ids:
                    yield self._faint(subnet.urn, default.gateway.urn)
        for gateway in self.view.of_type(INTERNET_GATEWAY):
            yield self._faint(gateway.urn, WORLD)
        for group in self.view.of_type(NODE_GROUP):
            for subnet in self.view.references.of(group, "subnetIds", SUBNET).resources:
                yield self._faint(group.urn, subnet.urn, "nodes")
        for cluster in self.view.of_type(CLUSTER):
            for subnet in self.view.references.of(cluster, "vpcConfig.subnetIds", SUBNET).resources:
                yield self._faint(API, subnet.urn, "interfaces")

    def allowed(self) -> Iterator[Arrow]:
        """Lead from who may reach to whom."""
        for flow in self._flows:
            yield Arrow(self._end(flow.source), self._end(flow.target), flow.ports)

    def roles_taken(self) -> Iterator[Arrow]:
        """Lead from service accounts to the roles that they take."""
        for namespace in self._namespaces:
            for account in namespace.accounts:
                for role in account.roles:
                    yield self._faint(("account", namespace.name, account.name), role.urn, "takes")

    @cached_property
    def _namespaces(self) -> tuple[Namespace, ...]:
        return first(namespaces(self.view), MOST_NAMESPACES)

    @cached_property
    def _flows(self) -> tuple[Flow, ...]:
        drawn = {each.name for each in self._namespaces}
        return tuple(
            flow
            for flow in flows(self.view)
            if all(end.name in drawn for end in (flow.source, flow.target) if end.is_namespace)
        )

    @cached_property
    def _outside(self) -> tuple[str, ...]:
        """Places that flows lead to or from."""
        ends = (end for flow in self._flows for end in (flow.source, flow.target) if not end.is_namespace)
        always = [name for type_, name in ((INTERNET_GATEWAY, WORLD), (CLUSTER, API)) if self.view.of_type(type_)]
        return tuple(dict.fromkeys((*always, *(end.name for end in ends))))

    def _network(self) -> Iterator[Node]:
        for gateway in self.view.of_type(INTERNET_GATEWAY):
            yield self._node(gateway.urn, "internet gateway")
        zones = sorted({text(at(subnet, "availabilityZone")) for subnet in self.view.of_type(SUBNET)})
        for zone in zones:
            yield self._box(f"zone {zone}", zone, self._zone(zone))
        for gateway in self._gateways(None):
            yield self._node(gateway.urn, "NAT gateway", ("over all zones",))
        for group in self.view.of_type(NODE_GROUP):
            yield self._node(group.urn, group.name, (labels.size(group), labels.machines(group)))
        endpoints = self.view.of_type(ENDPOINT)
        if endpoints:
            services = sorted(map(labels.service, endpoints))
            yield self._node(ENDPOINT, counted(len(endpoints), "endpoint"), services)
        yield from self._places(_is_in_vpc)

    def _zone(self, zone: str) -> Iterator[Node]:
        for subnet in self.view.of_type(SUBNET):
            if text(at(subnet, "availabilityZone")) == zone:
                kind = "public" if self.view.routing.is_public(subnet) else "private"
                yield self._node(subnet.urn, f"{kind} {text(at(subnet, 'cidrBlock'))}")
                for gateway in self._gateways(subnet):
                    yield self._node(gateway.urn, "NAT gateway")

    def _gateways(self, subnet: Resource | None) -> Iterator[Resource]:
        """Give the NAT gateways in a subnet, or those that are in none."""
        for gateway in self.view.of_type(NAT_GATEWAY):
            if self.view.references.of(gateway, "subnetId", SUBNET).one == subnet:
                yield gateway

    def _cluster(self, cluster: Resource) -> Iterator[Node]:
        yield self._node(("about", cluster.urn), "control plane", labels.control_plane(cluster))
        yield from self._together(ADDON, "add-on")
        yield from self._places(lambda name: name != WORLD and not _is_in_vpc(name))
        for namespace in self._namespaces:
            yield self._box(("namespace", namespace.name), f"namespace {namespace.name}", self._inside(namespace))
        rest = len(namespaces(self.view)) - len(self._namespaces)
        if rest:
            yield self._node("rest", f"and {counted(rest, 'more namespace')}")

    def _inside(self, namespace: Namespace) -> Iterator[Node]:
        yield self._node(("about", namespace.name), "rules", labels.namespace(namespace))
        for end in self._pods(namespace.name):
            yield self._node(end, f"pods with {end.pods}" if end.pods else "any pod")
        if namespace.charts:
            yield self._node(("charts", namespace.name), counted(len(namespace.charts), "chart"), namespace.charts)
        for account in namespace.accounts:
            if account.roles:
                yield self._node(("account", namespace.name, account.name), account.name, ("service account",))
        others = [account.name for account in namespace.accounts if not account.roles]
        if others:
            yield self._node(("accounts", namespace.name), "service accounts without a role", others)

    def _pods(self, namespace: str) -> Sequence[End]:
        ends = (end for flow in self._flows for end in (flow.source, flow.target))
        return sorted({end for end in ends if end.is_namespace and end.name == namespace})

    def _together(self, type_: str, noun: str) -> Iterator[Node]:
        found = self.view.of_type(type_)
        if found:
            yield self._node(type_, counted(len(found), noun), [labels.named(each) for each in found])

    def _places(self, is_wanted: Callable[[str], bool]) -> Iterator[Node]:
        for name in filter(is_wanted, self._outside):
            yield self._node(name, name)

    def _node(self, key: object, name: str, lines: Sequence[str] = ()) -> Node:
        return Node(self._id(key), name, tuple(lines))

    def _box(self, key: object, name: str, children: Iterable[Node]) -> Node:
        return Node(self._id(key), name, children=tuple(children), is_box=True)

    def _faint(self, source: object, target: object, label: str = "") -> Arrow:
        return Arrow(self._id(source), self._id(target), label, is_faint=True)

    def _end(self, end: End) -> str:
        return self._id(end if end.is_namespace else end.name)

    def _id(self, key: object) -> str:
        return self._ids.setdefault(key, f"n{len(self._ids)}")


def _is_in_vpc(place: str) -> bool:
    return "subnets" in place or "VPC" in place
