"""Who may reach whom: what the network policies of a plan come to, namespace by namespace."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.errors import Fault
from seatrial.report.architecture import pods_to_come
from seatrial.report.architecture.places import DNS, WORLD, Place, name, places
from seatrial.rules.facts.isolation import Isolation
from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.facts.objects import SYSTEM
from seatrial.rules.view import View
from seatrial.semantics import fields
from seatrial.semantics.network_policy import Connection, HostNetwork, Ports, Range, Workload, cluster, reachability
from seatrial.semantics.network_policy.ports import ALL


@dataclass(frozen=True, slots=True, order=True)
class End:
    """One end of what may pass."""

    name: str
    """Of a namespace, or of a place outside."""

    is_namespace: bool = False
    pods: str = ""
    """Which pods of a namespace; empty where any pod is meant."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What may pass, by the policies of both ends."""

    source: End
    target: End
    ports: str
    """``TCP 443``; ``every port``."""


def flows(view: View) -> tuple[Flow, ...]:
    """Return what may pass to and from the pods of the plan's namespaces.

    What only pods with certain labels may do is told of these, unless any pod may. Namespaces that the plan doesn't
    make have no flows among themselves here: the plan knows neither their pods nor all of their policies.
    """
    planned = tuple(each.name for each in view.objects.of_kind(NAMESPACE))
    found = _united(_connections(view.isolation, planned), places(view), frozenset(planned))
    return tuple(
        Flow(source, target, _written(ports))
        for (source, target), ports in sorted(_told(found), key=lambda item: item[0])
    )


_Ends = tuple[End, End]
_Found = Mapping[_Ends, Ports]


def _connections(isolation: Isolation, planned: Iterable[str]) -> tuple[Connection, ...]:
    faults: list[Fault] = []
    manifests = (*isolation.manifests(), *pods_to_come.manifests(isolation, planned))
    values = [fields.of_object(value, faults) for value in manifests]
    # What has the wrong form is left out: the rules tell of it.
    return reachability.of_cluster(cluster.of_objects(values, HostNetwork.AS_NODES))


def _united(connections: Iterable[Connection], known: tuple[Place, ...], planned: frozenset[str]) -> _Found:
    """Take together what people have one name for."""
    found: dict[_Ends, Ports] = defaultdict(Ports)
    for each in connections:
        source, target = _end(each.source, known), _end(each.destination, known)
        if any(end.is_namespace and end.name in planned for end in (source, target)):
            found[source, target] |= each.ports
    return found


def _end(side: Workload | Range, known: tuple[Place, ...]) -> End:
    if isinstance(side, Range):
        return End(name(side, known))
    if side.namespace == SYSTEM and "k8s-app=kube-dns" in side.name:
        return End(DNS)
    return End(side.namespace, is_namespace=True, pods=pods_to_come.told(side.name))


def _told(found: _Found) -> Iterator[tuple[_Ends, Ports]]:
    """Leave out what follows: of certain pods what any may, of a few addresses what the whole world may."""
    for (source, target), ports in found.items():
        wider = (pair for pair in _wider(source, target) if pair != (source, target))
        if not any(ports & found.get(pair, Ports()) == ports for pair in wider):
            yield (source, target), ports


def _wider(source: End, target: End) -> Iterator[_Ends]:
    for near in _any(source):
        for far in _any(target):
            yield near, far


def _any(end: End) -> Iterator[End]:
    yield end
    if end.pods:
        yield End(end.name, is_namespace=True)
    elif end.name[:1].isdigit() and not end.is_namespace:
        yield End(WORLD)


def _written(ports: Ports) -> str:
    return "every port" if ports == ALL else str(ports).replace(" 1-65535", "").replace(",", ", ")
