"""Reading a NetworkPolicy from the fields of an object."""

import ipaddress
from collections.abc import Iterator

from seatrial.semantics.fields import Fields
from seatrial.semantics.network_policy import labels, ports
from seatrial.semantics.network_policy.addresses import Network
from seatrial.semantics.network_policy.intervals import Interval
from seatrial.semantics.network_policy.labels import Selector
from seatrial.semantics.network_policy.policy import EVERYTHING, Block, Direction, NamedPort, Peer, Policy, Rule
from seatrial.semantics.network_policy.ports import Protocol

DEFAULT_NAMESPACE = "default"
"""Where an object is put that names no namespace."""


def policy(value: Fields) -> Policy | None:
    """Read a policy; None when it has no spec (a fault)."""
    metadata, spec = value.fields("metadata"), value.fields("spec")
    if metadata is None or spec is None:
        return value.refuse("metadata" if metadata is None else "spec", "a mapping")
    egress = tuple(_rule(item, "to") for item in spec.items("egress"))
    return Policy(
        namespace=metadata.text("namespace") or DEFAULT_NAMESPACE,
        name=metadata.text("name") or "",
        pods=_selector(spec, "podSelector") or EVERYTHING,
        isolates=_isolates(spec, has_egress=bool(egress)),
        ingress=tuple(_rule(item, "from") for item in spec.items("ingress")),
        egress=egress,
    )


def _isolates(spec: Fields, *, has_egress: bool) -> frozenset[Direction]:
    named = spec.texts("policyTypes")
    if unknown := {*named} - {*Direction}:
        spec.refuse("policyTypes", f"{' or '.join(Direction)}, not {', '.join(sorted(unknown))}")
    if named:
        return frozenset(Direction) & {*named}
    return frozenset(Direction) if has_egress else frozenset({Direction.INGRESS})


def _selector(fields: Fields, key: str) -> Selector | None:
    selector = fields.fields(key)
    return None if selector is None else labels.read(selector)


def _rule(fields: Fields, key: str) -> Rule:
    peers = [item for field in fields.items(key) if (item := _peer(field)) is not None]
    given = [item for field in fields.items("ports") if (item := _port(field)) is not None]
    return Rule(
        everyone=not fields.value.get(key),
        peers=tuple(item for item in peers if isinstance(item, Peer)),
        blocks=tuple(item for item in peers if isinstance(item, Block)),
        every_port=not fields.value.get("ports"),
        ranges=tuple(item for item in given if not isinstance(item, NamedPort)),
        named=tuple(item for item in given if isinstance(item, NamedPort)),
    )


def _peer(fields: Fields) -> Peer | Block | None:
    block = fields.fields("ipBlock")
    pods, namespaces = _selector(fields, "podSelector"), _selector(fields, "namespaceSelector")
    if block is not None and pods is None and namespaces is None:
        return _block(block)
    if block is not None or (pods is None and namespaces is None):
        return fields.refuse("ipBlock", "an ipBlock alone, or selectors of pods, namespaces or both")
    return Peer(pods or EVERYTHING, namespaces)


def _block(fields: Fields) -> Block | None:
    network = _network(fields, "cidr", fields.text("cidr"))
    excepted = [_network(fields, "except", item) for item in fields.texts("except")]
    if network is None:
        return None
    return Block(network, tuple(item for item in excepted if item is not None and _is_within(fields, item, network)))


def _network(fields: Fields, key: str, text: str | None) -> Network | None:
    try:
        return ipaddress.ip_network(text or "", strict=False)
    except ValueError:
        return fields.refuse(key, "CIDR blocks such as 10.0.0.0/8")


def _is_within(fields: Fields, part: Network, whole: Network) -> bool:
    # An exception as large as the block itself is refused by the API too.
    if (
        part.version == whole.version
        and part != whole
        and part.network_address in whole
        and part.broadcast_address in whole
    ):
        return True
    fields.refuse("except", f"blocks within {whole}")
    return False


def _port(fields: Fields) -> tuple[Protocol, Interval] | NamedPort | None:
    protocol = fields.text("protocol") or Protocol.TCP
    if protocol not in tuple(Protocol):
        return fields.refuse("protocol", ", ".join(Protocol))
    port, end = fields.number_or_text("port"), fields.number("endPort")
    if isinstance(port, str) and end is None:
        return NamedPort(Protocol(protocol), port)
    interval = _interval(fields, None if isinstance(port, str) else port, end)
    return None if interval is None else (Protocol(protocol), interval)


def _interval(fields: Fields, port: int | None, end: int | None) -> Interval | None:
    lowest, highest = ports.EVERY
    if port is None:
        return ports.EVERY if end is None else fields.refuse("endPort", "nothing, unless the port is a number")
    if not lowest <= port <= highest:
        return fields.refuse("port", f"{lowest} to {highest}")
    if end is not None and not port <= end <= highest:
        return fields.refuse("endPort", f"{port} to {highest}")
    return (port, port if end is None else end)


def container_ports(spec: Fields) -> Iterator[tuple[NamedPort, int]]:
    """Read the named ports of a pod: those of its containers, and of init containers that keep running."""
    sidecars = (item for item in spec.items("initContainers") if item.text("restartPolicy") == "Always")
    for container in (*spec.items("containers"), *sidecars):
        for port in container.items("ports"):
            name, number = port.text("name"), port.number("containerPort")
            protocol = port.text("protocol") or Protocol.TCP
            if name and number and protocol in tuple(Protocol):
                yield NamedPort(Protocol(protocol), name), number
