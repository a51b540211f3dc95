"""Where the traffic of a subnet goes: its route table, and what the routes in it lead to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from seatrial.plan import Properties, Resource
from seatrial.rules.facts.references import References
from seatrial.rules.facts.types import (
    INTERNET_GATEWAY,
    MAIN_TABLE,
    NAT_GATEWAY,
    ROUTE,
    ROUTE_TABLE,
    SUBNET,
    TABLE_ASSOCIATION,
    VPC,
)
from seatrial.rules.facts.values import at, entries, is_unknown, text


class Exit(StrEnum):
    """What a default route leads to."""

    INTERNET = "an internet gateway"
    NAT = "a NAT gateway"
    OTHER = "something else"
    UNKNOWN = "what only a deployment can tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """A route to everywhere, or one to an internet gateway wherever it leads."""

    route: Resource
    """The resource that holds it: a route, or a table with routes of its own."""

    path: str
    """Property path to what it leads to."""

    exit: Exit
    """What it leads to."""

    gateway: Resource | None
    """That, when the plan has it."""

    is_everywhere: bool
    """Whether it leads everywhere."""


class Routing:
    """The subnets of a plan and their ways out."""

    def __init__(self, by_type: Mapping[str, tuple[Resource, ...]], references: References) -> None:
        """Read a plan, its resources by type."""
        self._by_type = by_type
        self._references = references

    @property
    def subnets(self) -> tuple[Resource, ...]:
        """Every subnet of the plan."""
        return self._by_type.get(SUBNET, ())

    def table(self, subnet: Resource) -> Resource | None:
        """Return the route table of a subnet.

        None means the one that AWS makes for the VPC, which leads nowhere unless somebody adds a route to it.
        """
        return self._tables.get(subnet.urn) or self._main.get(text(at(subnet, "vpcId")))

    def defaults(self, subnet: Resource) -> tuple[Default, ...]:
        """Return the routes of a subnet that lead everywhere."""
        return tuple(way for way in self._ways_of(subnet) if way.is_everywhere)

    def internet(self, subnet: Resource) -> tuple[Default, ...]:
        """Return the routes of a subnet that lead to an internet gateway, half of the internet at a time too."""
        return tuple(way for way in self._ways_of(subnet) if way.exit is Exit.INTERNET)

    def is_public(self, subnet: Resource) -> bool:
        """Tell whether a subnet is reached from the internet: a route of it leads to an internet gateway."""
        return bool(self.internet(subnet))

    def _ways_of(self, subnet: Resource) -> tuple[Default, ...]:
        table = self.table(subnet)
        return self._ways.get(table.urn if table else self._made_with(subnet), ())

    def _made_with(self, subnet: Resource) -> str:
        """Return the id of the table that AWS made with the subnet's VPC."""
        vpc = self._references.of(subnet, "vpcId", VPC).one
        return text(vpc.outputs.get("mainRouteTableId")) if vpc else ""

    def is_unknown(self, subnet: Resource) -> bool:
        """Tell whether only a deployment can tell where a subnet leads."""
        loose = self._has_loose_links and subnet.urn not in self._tables
        defaults = self.defaults(subnet)
        return loose or self._has_loose_routes or any(default.exit is Exit.UNKNOWN for default in defaults)

    @cached_property
    def _has_loose_links(self) -> bool:
        """Whether there is an association of which only a deployment can tell the subnet or the table."""
        links = self._by_type.get(TABLE_ASSOCIATION, ())
        return any(
            self._is_loose(link, "subnetId", SUBNET) or self._is_loose(link, "routeTableId", ROUTE_TABLE)
            for link in links
        )

    @cached_property
    def _has_loose_routes(self) -> bool:
        """Whether there is a route of which only a deployment can tell the table."""
        return any(self._is_loose(route, "routeTableId", ROUTE_TABLE) for route in self._by_type.get(ROUTE, ()))

    def _is_loose(self, resource: Resource, path: str, type_: str) -> bool:
        return self._references.of(resource, path, type_).is_unknown

    @cached_property
    def _tables(self) -> Mapping[str, Resource]:
        found: dict[str, Resource] = {}
        for link in self._by_type.get(TABLE_ASSOCIATION, ()):
            subnet, table = self._subnet(link), self._references.of(link, "routeTableId", ROUTE_TABLE).one
            if subnet and table:
                found[subnet.urn] = table
        return found

    def _subnet(self, link: Resource) -> Resource | None:
        return self._references.of(link, "subnetId", SUBNET).one

    @cached_property
    def _main(self) -> Mapping[str, Resource]:
        links = self._by_type.get(MAIN_TABLE, ())
        tables = ((link, self._references.of(link, "routeTableId", ROUTE_TABLE).one) for link in links)
        return {text(at(link, "vpcId")): table for link, table in tables if table}

    @cached_property
    def _ways(self) -> Mapping[str, tuple[Default, ...]]:
        """The routes that matter, by the URN of their table, or its id when it isn't in the plan."""
        found: dict[str, tuple[Default, ...]] = {}
        for table, way in self._every_way():
            if way.is_everywhere or way.exit is Exit.INTERNET:
                found[table] = (*found.get(table, ()), way)
        return found

    def _every_way(self) -> Iterator[tuple[str, Default]]:
        for route in self._by_type.get(ROUTE, ()):
            table = self._references.of(route, "routeTableId", ROUTE_TABLE)
            everywhere = _is_default(route.inputs, "destinationCidrBlock", "destinationIpv6CidrBlock")
            for key in (*(each.urn for each in table.resources), *table.strangers):
                yield key, self._default(route, "", everywhere=everywhere)
        for table in self._by_type.get(ROUTE_TABLE, ()):
            for path, route in entries(table, "routes"):
                everywhere = _is_default(route, "cidrBlock", "ipv6CidrBlock")
                yield table.urn, self._default(table, f"{path}.", everywhere=everywhere)

    def _default(self, holder: Resource, prefix: str, *, everywhere: bool) -> Default:
        for key in ("gatewayId", "natGatewayId"):
            path = f"{prefix}{key}"
            value = at(holder, path)
            if not value:
                continue
            gateway = self._references.of(holder, path, INTERNET_GATEWAY, NAT_GATEWAY).one
            exit_ = _exit(gateway, text(value), is_unknown(value))
            return Default(route=holder, path=path, exit=exit_, gateway=gateway, is_everywhere=everywhere)
        path = prefix.removesuffix(".")
        return Default(route=holder, path=path, exit=Exit.OTHER, gateway=None, is_everywhere=everywhere)


def _is_default(route: Properties, *keys: str) -> bool:
    return any(is_unknown(route.get(key)) or text(route.get(key)).endswith("/0") for key in keys)


def _exit(gateway: Resource | None, value: str, unknown: bool) -> Exit:
    if gateway:
        return Exit.INTERNET if gateway.type == INTERNET_GATEWAY else Exit.NAT
    if unknown:
        return Exit.UNKNOWN
    return {"igw": Exit.INTERNET, "nat": Exit.NAT}.get(value.partition("-")[0], Exit.OTHER)
