"""The architecture of a plan, drawn: zones, subnets, node groups, control plane, ways out, namespaces."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from seatrial.plan import Resource
from seatrial.report.architecture import labels
from seatrial.report.html.bands import Bands
from seatrial.report.html.shapes import Box, arrow, canvas
from seatrial.report.wording import counted
from seatrial.rules.facts.routing import Default, Exit
from seatrial.rules.facts.types import (
    ADDON,
    CLUSTER,
    ENDPOINT,
    INTERNET_GATEWAY,
    KEY,
    LOG_GROUP,
    NODE_GROUP,
    SUBNET,
    VPC,
)
from seatrial.rules.facts.values import at, text
from seatrial.rules.view import View

_COLUMN = 250
"""Width of a zone."""

_GAP = 20
_SIDE = 290
"""Least width of what stands beside the network."""

_LEAST = 1100
"""Width of the picture that the words on arrows need."""

_TOP = 70
_PUBLIC = 96
_GROUP = 64
_ENDPOINT = 190
"""Width of the name of an endpoint."""


def draw(view: View, bad: frozenset[str]) -> str:
    """Draw a plan; what the URNs in ``bad`` name is marked."""
    return _Drawing(view, bad).picture()


@dataclass(frozen=True)
class _Drawing:
    """One picture: what it shows, and where."""

    view: View
    bad: frozenset[str]

    def picture(self) -> str:
        label = f"Architecture of {self.view.plan.project}/{self.view.plan.stack}"
        side = tuple(self._side())
        shapes = [*map(str, self._network()), *self._ways(), *map(str, (*self._groups(), *side)), *self._reach(side)]
        width = self._right + self._beside + 3 * _GAP
        floor = max(self._floor, *(box.bottom for box in side), _TOP) + _GAP
        bands = Bands(self.view, self.bad, floor, width - 2 * _GAP)
        return canvas(width, bands.bottom + _GAP, label, *shapes, *bands.shapes())

    @cached_property
    def _zones(self) -> Sequence[str]:
        return sorted({text(at(subnet, "availabilityZone")) for subnet in self.view.of_type(SUBNET)})

    @cached_property
    def _right(self) -> float:
        """Right edge of the network."""
        return 2 * _GAP + max(len(self._zones), 1) * (_COLUMN + _GAP)

    @cached_property
    def _beside(self) -> float:
        """Width of what stands beside the network."""
        return max(_SIDE, _LEAST - self._right - 3 * _GAP)

    @cached_property
    def _private_top(self) -> float:
        return _TOP + 60 + _PUBLIC + 40

    @cached_property
    def _private_height(self) -> float:
        return 50 + len(self.view.of_type(NODE_GROUP)) * (_GROUP + 10) + 6

    @cached_property
    def _floor(self) -> float:
        """Lower edge of the network."""
        return self._private_top + self._private_height + 30 + 15 * len(self._endpoint_lines) + 40

    def _left(self, zone: str) -> float:
        return 2 * _GAP + self._zones.index(zone) * (_COLUMN + _GAP)

    def _network(self) -> Iterator[Box]:
        for vpc in self.view.of_type(VPC):
            height = self._floor - _TOP
            yield self._box(vpc, (_GAP, _TOP, self._right - _GAP, height), "vpc", f"VPC {text(at(vpc, 'cidrBlock'))}")
        for zone in self._zones:
            area = (self._left(zone), _TOP + 32, _COLUMN, self._private_top + self._private_height - _TOP - 22)
            yield Box(x=area[0], y=area[1], width=area[2], height=area[3], kind="zone", title=zone)
        for subnet in self.view.of_type(SUBNET):
            yield self._subnets[subnet.urn]
        yield from self._gateways.values()
        for gateway in self.view.of_type(INTERNET_GATEWAY)[:1]:
            yield self._box(gateway, (self._right / 2 - 90, 10, 180, 36), "gateway", "internet gateway")
        yield from self._endpoints()

    @cached_property
    def _subnets(self) -> Mapping[str, Box]:
        return {subnet.urn: self._subnet(subnet) for subnet in self.view.of_type(SUBNET)}

    def _subnet(self, subnet: Resource) -> Box:
        left, is_public = self._left(text(at(subnet, "availabilityZone"))) + 8, self.view.routing.is_public(subnet)
        top, height = (_TOP + 60, _PUBLIC) if is_public else (self._private_top, self._private_height)
        kind = "public" if is_public else "private"
        title = f"{kind} {text(at(subnet, 'cidrBlock'))}"
        return self._box(subnet, (left, top, _COLUMN - 16, height), kind, title)

    @cached_property
    def _gateways(self) -> Mapping[str, Box]:
        """NAT gateways by URN; a regional one, which is in no subnet, over all zones."""
        found: dict[str, Box] = {}
        for default in self._defaults.values():
            gateway = default.gateway
            if gateway and default.exit is Exit.NAT:
                home = self.view.references.of(gateway, "subnetId", SUBNET).one
                box = self._subnets[home.urn] if home else None
                left, width = (box.x + 10, box.width - 20) if box else (2 * _GAP + 18, self._right - 3 * _GAP - 36)
                found[gateway.urn] = self._box(gateway, (left, _TOP + 92, width, 54), "nat", "NAT gateway")
        return found

    @cached_property
    def _defaults(self) -> Mapping[str, Default]:
        """The way out of each subnet that has one."""
        ways = {subnet.urn: self.view.routing.defaults(subnet) for subnet in self.view.of_type(SUBNET)}
        return {urn: found[0] for urn, found in ways.items() if found}

    def _ways(self) -> Iterator[str]:
        for urn, default in self._defaults.items():
            box, middle = self._subnets[urn], self._right / 2
            gateway = self._gateways.get(default.gateway.urn) if default.gateway else None
            tip = f"{box.tip.partition(chr(10))[0]} leaves by {default.exit.value}"
            if gateway:
                yield arrow([(box.center + 60, box.y), (gateway.center + 60, gateway.bottom)], "nat", tip)
            elif default.exit is Exit.INTERNET:
                points = [(box.center, box.y), (box.center, 60), (middle, 60), (middle, 46)]
                yield arrow(points, "internet", tip)

    def _reach(self, side: Sequence[Box]) -> Iterator[str]:
        """Lead from the control plane to the network that holds its interfaces."""
        for box in side:
            if box.kind == "cluster":
                yield arrow([(box.x, box.y + 50), (self._right, box.y + 50)], "api", f"{box.title} reaches its subnets")

    def _groups(self) -> Iterator[Box]:
        for row, group in enumerate(self.view.of_type(NODE_GROUP)):
            boxes = [self._subnets[each.urn] for each in self.view.references.of(group, "subnetIds", SUBNET).resources]
            top = self._private_top + 34 + row * (_GROUP + 10)
            left = min((box.x for box in boxes), default=_GAP) + 8
            right = max((box.x + box.width for box in boxes), default=self._right) - 8
            where = "public: " if any(box.kind == "public" for box in boxes) else ""
            lines = (f"{where}{labels.size(group)}", labels.machines(group))
            yield self._box(group, (left, top, right - left, _GROUP), "nodes", group.name, lines)

    @cached_property
    def _endpoint_lines(self) -> Sequence[str]:
        services = sorted(map(labels.service, self.view.of_type(ENDPOINT)))
        in_a_line = max(int(self._right - 3 * _GAP) // _ENDPOINT, 1)
        chunks = range(0, len(services), in_a_line)
        return [", ".join(services[start : start + in_a_line]) for start in chunks]

    def _endpoints(self) -> Iterator[Box]:
        found = self.view.of_type(ENDPOINT)
        if found:
            top = self._private_top + self._private_height + 30
            area = (2 * _GAP, top, self._right - 3 * _GAP, 30 + 15 * len(self._endpoint_lines))
            is_bad = any(each.urn in self.bad for each in found)
            yield Box(
                x=area[0],
                y=area[1],
                width=area[2],
                height=area[3],
                kind="endpoints",
                title=counted(len(found), "endpoint"),
                lines=self._endpoint_lines,
                is_bad=is_bad,
                tip="\n".join(each.name for each in found),
            )

    def _side(self) -> Iterator[Box]:
        left, top = self._right + 2 * _GAP, float(_TOP)
        for cluster in self.view.of_type(CLUSTER):
            yield self._box(
                cluster, (left, top, self._beside, 110), "cluster", cluster.name, labels.control_plane(cluster)
            )
            top += 130
        for type_, noun in ((ADDON, "add-on"), (KEY, "key"), (LOG_GROUP, "log group")):
            found = self.view.of_type(type_)
            if found:
                lines = [labels.named(each) for each in found]
                height = 34 + 15 * len(found)
                is_bad = any(each.urn in self.bad for each in found)
                tip = "\n".join(each.name for each in found)
                title = counted(len(found), noun)
                yield Box(
                    x=left,
                    y=top,
                    width=self._beside,
                    height=height,
                    kind="side",
                    title=title,
                    lines=lines,
                    is_bad=is_bad,
                    tip=tip,
                )
                top += height + 20

    def _box(
        self,
        resource: Resource,
        area: tuple[float, float, float, float],
        kind: str,
        title: str,
        lines: Sequence[str] = (),
    ) -> Box:
        x, y, width, height = area
        return Box(
            x=x,
            y=y,
            width=width,
            height=height,
            kind=kind,
            title=title,
            lines=lines,
            is_bad=resource.urn in self.bad,
            tip=f"{resource.name}\n{resource.type}",
        )
