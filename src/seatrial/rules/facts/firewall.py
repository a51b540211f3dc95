"""Which traffic security groups and network ACLs let through."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_network
from typing import Final

from seatrial.plan import Properties, Resource, Unknown, Value
from seatrial.rules.facts.references import References
from seatrial.rules.facts.types import (
    DEFAULT_SECURITY_GROUP,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS,
    SECURITY_GROUP_INGRESS,
    SECURITY_GROUP_RULE,
    VPC,
)
from seatrial.rules.facts.values import at, items, number, properties, text, texts, within

ANY: Final = "-1"
"""All protocols."""

_LAST: Final = 65535
"""The highest port."""

_WORLD: Final = 8
"""A range of IPv4 with a shorter prefix is the world for all that matters: no organisation holds so much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One rule of a security group."""

    resource: Resource
    """The resource that holds it: the group or a rule of its own."""

    path: str
    """Property path to it; empty where the resource is the rule."""

    group: str
    """The group: its URN, or its id when it isn't in the plan; empty when only a deployment can tell."""

    is_ingress: bool
    protocol: str
    """``tcp``, ``udp``, ``icmp``; ANY for all."""

    first: int
    """Lowest port."""

    last: int
    """Highest port."""

    ranges: tuple[str, ...]
    """Ranges of addresses of the other side."""

    groups: tuple[str, ...]
    """Security groups of the other side, named likewise."""

    description: str
    is_unknown: bool
    """Whether only a deployment can tell a part of it that decides."""

    @property
    def is_of_all_ports(self) -> bool:
        """Whether it leaves no port out."""
        return self.protocol == ANY or (self.first <= 1 and self.last == _LAST)

    def is_for(self, protocol: str, port: int) -> bool:
        """Tell whether it is for a port."""
        return self.protocol == ANY or (self.protocol == protocol and self.first <= port <= self.last)

    @property
    def world(self) -> str:
        """The first range that is the world; empty without one."""
        return next(filter(is_world, self.ranges), "")

    def __str__(self) -> str:
        ports = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        what = "all traffic" if self.protocol == ANY else f"{self.protocol} {ports}"
        way = "from" if self.is_ingress else "to"
        return f"{what} {way} {', '.join((*self.ranges, *self.groups)) or 'nobody'}"


class Firewall:
    """The security groups of a plan and their rules."""

    def __init__(self, by_type: Mapping[str, tuple[Resource, ...]], references: References) -> None:
        """Read a plan, its resources by type."""
        self._by_type = by_type
        self._references = references

    @property
    def groups(self) -> tuple[Resource, ...]:
        """Every security group of the plan, the emptied default ones included."""
        return (*self._by_type.get(SECURITY_GROUP, ()), *self._by_type.get(DEFAULT_SECURITY_GROUP, ()))

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Every rule, wherever it is written."""
        return tuple(self._openings())

    def of_group(self, group: str, *, is_ingress: bool) -> tuple[Opening, ...]:
        """Return the rules of one group, by its URN or id, in one direction."""
        return tuple(each for each in self.openings if each.group == group and each.is_ingress is is_ingress)

    def keys(self, resource: Resource, path: str) -> frozenset[str]:
        """Return the groups that a property names: URNs, or ids of groups that aren't in the plan."""
        referred = self._references.of(resource, path, SECURITY_GROUP, DEFAULT_SECURITY_GROUP)
        others = (self._defaults.get(each, each) for each in referred.strangers)
        return frozenset((*(each.urn for each in referred.resources), *others))

    def named(self, word: str) -> str:
        """Return the group that an annotation names, by id or name: its URN, or that when it isn't in the plan."""
        found = self._references.find(word, SECURITY_GROUP)
        return found.urn if found else word

    @cached_property
    def _defaults(self) -> Mapping[str, str]:
        """The id that a VPC gives its default group, to the group of the plan that is the same."""
        found: dict[str, str] = {}
        for group in self._by_type.get(DEFAULT_SECURITY_GROUP, ()):
            for vpc in self._references.of(group, "vpcId", VPC).resources:
                found[text(vpc.outputs.get("defaultSecurityGroupId"))] = group.urn
        return found

    def _openings(self) -> Iterator[Opening]:
        for group in self.groups:
            yield from self._inline(group, is_ingress=True)
            yield from self._inline(group, is_ingress=False)
        for rule in self._by_type.get(SECURITY_GROUP_RULE, ()):
            yield self._classic(rule)
        for rule in self._by_type.get(SECURITY_GROUP_INGRESS, ()):
            yield self._single(rule, is_ingress=True)
        for rule in self._by_type.get(SECURITY_GROUP_EGRESS, ()):
            yield self._single(rule, is_ingress=False)

    def _inline(self, group: Resource, *, is_ingress: bool) -> Iterator[Opening]:
        key = "ingress" if is_ingress else "egress"
        for index, each in enumerate(items(at(group, key))):
            path = f"{key}[{index}]"
            rule = properties(each)
            own = (group.urn,) if within(rule, "self") is True else ()
            others = (*own, *sorted(self.keys(group, f"{path}.securityGroups")))
            read = {key: rule.get(key) for key in (*_DECIDING, "description")}
            yield _opening(group, path, {**read, "group": group.urn, "isIngress": is_ingress, "others": others})

    def _classic(self, rule: Resource) -> Opening:
        key = "securityGroupId"
        own = self.keys(rule, key) if at(rule, "self") is True else frozenset[str]()
        others = (*own, *sorted(self.keys(rule, "sourceSecurityGroupId")))
        given = {"group": _one(self.keys(rule, key)), "isIngress": at(rule, "type") == "ingress", "others": others}
        return _opening(rule, "", {**rule.inputs, **given})

    def _single(self, rule: Resource, *, is_ingress: bool) -> Opening:
        inputs = rule.inputs
        given: Properties = {
            "group": _one(self.keys(rule, "securityGroupId")),
            "isIngress": is_ingress,
            "others": tuple(sorted(self.keys(rule, "referencedSecurityGroupId"))),
            "protocol": inputs.get("ipProtocol"),
            "cidrBlocks": inputs.get("cidrIpv4"),
            "ipv6CidrBlocks": inputs.get("cidrIpv6"),
        }
        return _opening(rule, "", {**inputs, **given})


def _one(keys: frozenset[str]) -> str:
    return next(iter(keys), "")


def is_world(range_: str) -> bool:
    """Tell whether a range of addresses is everybody, or so many that it makes no difference."""
    try:
        network = ip_network(range_, strict=False)
    except ValueError:
        return False
    return network.prefixlen < _WORLD


def holds(range_: str, network: str) -> bool:
    """Tell whether a range of addresses holds a whole network of the same family."""
    try:
        outer, inner = ip_network(range_, strict=False), ip_network(network, strict=False)
    except ValueError:
        return False
    return (
        outer.version == inner.version
        and int(outer.network_address) <= int(inner.network_address)
        and int(inner.broadcast_address) <= int(outer.broadcast_address)
    )


def _opening(resource: Resource, path: str, rule: Properties) -> Opening:
    """Read a rule that is spelled as one inside a group is, with its group, direction and other groups added."""
    protocol = _protocol(rule.get("protocol"))
    return Opening(
        resource=resource,
        path=path,
        group=text(rule.get("group")),
        is_ingress=rule.get("isIngress") is True,
        protocol=protocol,
        first=_port(rule.get("fromPort"), 0, protocol),
        last=_port(rule.get("toPort"), _LAST, protocol),
        ranges=(*texts(rule.get("cidrBlocks")), *texts(rule.get("ipv6CidrBlocks"))),
        groups=texts(rule.get("others")),
        description=text(rule.get("description")),
        is_unknown=any(_is_unknown(rule.get(key)) for key in _DECIDING),
    )


def _is_unknown(value: Value) -> bool:
    return any(isinstance(each, Unknown) for each in items(value))


_DECIDING: Final = frozenset({"protocol", "fromPort", "toPort", "cidrBlocks", "ipv6CidrBlocks"})


def _protocol(value: Value) -> str:
    return {"all": ANY, "6": "tcp", "17": "udp"}.get(str(value).lower(), str(value).lower())


def _port(value: Value, default: int, protocol: str) -> int:
    found = number(value)
    return default if found is None or protocol == ANY else found
