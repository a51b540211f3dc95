"""Why one connection may pass, or which policies stop it."""

import difflib
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.errors import UsageError
from seatrial.semantics.network_policy import intervals
from seatrial.semantics.network_policy.addresses import Range, of_network
from seatrial.semantics.network_policy.cluster import Cluster
from seatrial.semantics.network_policy.isolation import OPEN, Isolation, of_pod
from seatrial.semantics.network_policy.pods import Pod
from seatrial.semantics.network_policy.policy import Direction
from seatrial.semantics.network_policy.ports import EVERY, Ports, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the policies say to one end of a connection."""

    isolated_by: tuple[str, ...]
    """Policies that isolate that end, as ``namespace/name``; without any, everything may pass."""
    allowed_by: tuple[str, ...]
    """Those of them that allow the connection."""

    @property
    def allowed(self) -> bool:
        """Whether the connection may pass here."""
        return not self.isolated_by or bool(self.allowed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the policies say to a connection."""

    source: str
    destination: str
    protocol: Protocol
    port: int
    egress: Decision
    """At the source."""
    ingress: Decision
    """At the destination."""

    @property
    def allowed(self) -> bool:
        """Whether the connection may pass: both ends have to allow it."""
        return self.egress.allowed and self.ingress.allowed


def in_cluster(cluster: Cluster, source: str, destination: str, port: int, protocol: str = "TCP") -> Explanation:
    """Explain a connection to a port of the destination; UsageError for ends that there are not."""
    asked = _protocol(protocol)
    if not EVERY[0] <= port <= EVERY[1]:
        raise UsageError(f"no port {port}; ports are {EVERY[0]} to {EVERY[1]}")
    sources, destinations = _ends(cluster, source), _ends(cluster, destination)
    if all(isinstance(end, Range) for end in sources + destinations):
        raise UsageError("both ends are outside the cluster, where no policy decides")
    found = [*_explanations(cluster, (sources, destinations), asked, port)]
    return next((item for item in found if item.allowed), found[0])


_Ends = tuple[int | Range, ...]


def _explanations(cluster: Cluster, ends: tuple[_Ends, _Ends], protocol: Protocol, port: int) -> Iterator[Explanation]:
    for source in ends[0]:
        for destination in ends[1]:
            target = None if isinstance(destination, Range) else cluster.pods[destination]
            yield Explanation(
                source=_name(cluster, source),
                destination=_name(cluster, destination),
                protocol=protocol,
                port=port,
                egress=_decision(_at(cluster, Direction.EGRESS, source), destination, target, (protocol, port)),
                ingress=_decision(_at(cluster, Direction.INGRESS, destination), source, target, (protocol, port)),
            )


def _at(cluster: Cluster, direction: Direction, end: int | Range) -> Isolation:
    return OPEN if isinstance(end, Range) else of_pod(cluster, direction, end)


def _decision(isolation: Isolation, peer: int | Range, target: Pod | None, port: tuple[Protocol, int]) -> Decision:
    allowing = {grant.policy for grant in isolation.grants if grant.means(peer) and _has(grant.ports_at(target), *port)}
    return Decision(isolated_by=isolation.policies, allowed_by=tuple(sorted(allowing)))


def _has(ports: Ports, protocol: Protocol, port: int) -> bool:
    return intervals.covers(ports.of(protocol), (port, port))


def _protocol(name: str) -> Protocol:
    if name.upper() not in tuple(Protocol):
        raise UsageError(f"no protocol {name!r}; policies know {', '.join(Protocol)}")
    return Protocol(name.upper())


def _ends(cluster: Cluster, name: str) -> _Ends:
    try:
        return (of_network(ipaddress.ip_network(name, strict=False)),)
    except ValueError:
        pass
    found = {pod.workload for pod in cluster.pods if name in (str(pod.workload), _short(pod))}
    if len(found) > 1:
        raise UsageError(f"several workloads are called {name}: {', '.join(sorted(map(str, found)))}")
    if not found:
        near = difflib.get_close_matches(name, sorted({_short(pod) for pod in cluster.pods}))
        raise UsageError(
            f"no workload {name!r}", tip=f"near it: {', '.join(near)}" if near else "name it namespace/name"
        )
    return tuple(index for index, pod in enumerate(cluster.pods) if pod.workload in found)


def _short(pod: Pod) -> str:
    return f"{pod.workload.namespace}/{pod.workload.name}"


def _name(cluster: Cluster, end: int | Range) -> str:
    return str(end) if isinstance(end, Range) else str(cluster.pods[end].workload)
