"""The Services of a cluster, as far as enforcement depends on them."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.semantics import workloads
from seatrial.semantics.fields import Fields
from seatrial.semantics.network_policy.addresses import Range, of_network
from seatrial.semantics.network_policy.labels import Expression, Operator, Selector
from seatrial.semantics.network_policy.pods import Pod
from seatrial.semantics.network_policy.policy import NamedPort
from seatrial.semantics.network_policy.ports import Protocol
from seatrial.semantics.network_policy.reading import DEFAULT_NAMESPACE


@dataclass(frozen=True, slots=True)
class ServicePort:
    """One port of a Service."""

    number: int
    target: int | str
    """The container's port, by number or by name."""
    protocol: Protocol

    def numbers_at(self, pod: Pod) -> frozenset[int]:
        """Return the ports of a pod that the traffic arrives at."""
        if isinstance(self.target, int):
            return frozenset({self.target})
        return pod.ports.get(NamedPort(self.protocol, self.target), frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A Service that has an address of its own and selects pods."""

    namespace: str
    name: str
    pods: Selector
    address: Range | None
    """Its ClusterIP, when the object says."""
    ports: tuple[ServicePort, ...]


def read(value: Fields) -> Service | None:
    """Read a Service; None for any other object, and for Services without a ClusterIP or a selector."""
    metadata, spec = value.fields("metadata"), value.fields("spec")
    if value.text("kind") != "Service" or workloads.group(value) or metadata is None or spec is None:
        return None
    selector = spec.labels("selector")
    if not selector or spec.text("clusterIP") == "None" or spec.text("type") == "ExternalName":
        return None
    return Service(
        namespace=metadata.text("namespace") or DEFAULT_NAMESPACE,
        name=metadata.text("name") or "",
        pods=Selector(frozenset(Expression(key, Operator.IN, frozenset({text})) for key, text in selector.items())),
        address=_address(spec),
        ports=tuple(_ports(spec)),
    )


def _address(spec: Fields) -> Range | None:
    text = spec.text("clusterIP")
    try:
        return of_network(ipaddress.ip_network(text)) if text else None
    except ValueError:
        return spec.refuse("clusterIP", "an IP address, or None")


def _ports(spec: Fields) -> Iterator[ServicePort]:
    for port in spec.items("ports"):
        number, protocol = port.number("port"), port.text("protocol") or Protocol.TCP
        if number and protocol in tuple(Protocol):
            yield ServicePort(number, port.number_or_text("targetPort") or number, Protocol(protocol))
