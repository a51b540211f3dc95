"""Every connection that policies allow, between workloads and with the world outside."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seatrial.semantics.network_policy import ports
from seatrial.semantics.network_policy.addresses import Range, world
from seatrial.semantics.network_policy.cluster import Cluster
from seatrial.semantics.network_policy.isolation import Isolation, isolations
from seatrial.semantics.network_policy.labels import joined
from seatrial.semantics.network_policy.pods import Workload
from seatrial.semantics.network_policy.policy import Direction
from seatrial.semantics.network_policy.ports import Ports


@dataclass(frozen=True, slots=True)
class Connection:
    """What may pass from one to another."""

    source: Workload | Range
    destination: Workload | Range
    ports: Ports

    def __str__(self) -> str:
        return f"{self.source} => {self.destination} : {self.ports}"


def of_cluster(cluster: Cluster) -> tuple[Connection, ...]:
    """Return what may pass, in the order of its text.

    Pods of one workload that policies tell apart are taken together: a connection is there when one of them has it.
    What passes within a workload is left out.
    """
    ingress, egress = isolations(cluster, Direction.INGRESS), isolations(cluster, Direction.EGRESS)
    found: dict[tuple[Workload | Range, Workload | Range], Ports] = defaultdict(lambda: ports.NONE)
    for source, destination, allowed in (
        *_inside(cluster, ingress, egress),
        *_from_outside(cluster, ingress),
        *_to_outside(cluster, egress),
    ):
        if source != destination:
            found[source, destination] |= allowed
    return tuple(sorted((Connection(*pair, allowed) for pair, allowed in found.items() if allowed), key=str))


_Found = tuple[Workload | Range, Workload | Range, Ports]


def _inside(cluster: Cluster, ingress: Sequence[Isolation], egress: Sequence[Isolation]) -> Iterator[_Found]:
    for source, destination in candidates(ingress, egress):
        target = cluster.pods[destination]
        allowed = egress[source].ports(destination, target) & ingress[destination].ports(source, target)
        yield cluster.pods[source].workload, target.workload, allowed


def candidates(ingress: Sequence[Isolation], egress: Sequence[Isolation]) -> Iterator[tuple[int, int]]:
    """Return the pairs that may have a connection.

    Pairs are found from the side that names few peers; only where both sides mean a large part of the cluster are
    all of their pairs looked at. Time then grows with the connections found rather than with the square of the pods.
    """
    far_reaching = {source for source, isolation in enumerate(egress) if _is_wide(isolation, len(egress))}
    reaching: dict[int, set[int]] = defaultdict(set)
    for source, isolation in enumerate(egress):
        for destination in () if source in far_reaching else _named(isolation):
            reaching[destination].add(source)
    for destination, isolation in enumerate(ingress):
        sources = far_reaching | reaching[destination]
        wanted = sources if _is_wide(isolation, len(ingress)) else _named(isolation) & sources
        yield from ((source, destination) for source in wanted)


def _is_wide(isolation: Isolation, count: int) -> bool:
    return isolation.is_open or any(grant.everyone or 2 * len(grant.pods) > count for grant in isolation.grants)


def _named(isolation: Isolation) -> frozenset[int]:
    return joined(grant.pods for grant in isolation.grants)


def _from_outside(cluster: Cluster, ingress: Sequence[Isolation]) -> Iterator[_Found]:
    ranges = _ranges(cluster, Direction.INGRESS)
    for pod, isolation in zip(cluster.pods, ingress, strict=True):
        for part in ranges if _meets_outside(isolation) else ():
            yield part, pod.workload, isolation.ports(part, pod)


def _to_outside(cluster: Cluster, egress: Sequence[Isolation]) -> Iterator[_Found]:
    ranges = _ranges(cluster, Direction.EGRESS)
    for pod, isolation in zip(cluster.pods, egress, strict=True):
        for part in ranges if _meets_outside(isolation) else ():
            yield pod.workload, part, isolation.ports(part, None)


def _ranges(cluster: Cluster, direction: Direction) -> tuple[Range, ...]:
    blocks = {block for policy in cluster.policies for block in policy.blocks(direction)}
    return world(block.addresses for block in blocks)


def _meets_outside(isolation: Isolation) -> bool:
    return isolation.is_open or any(grant.everyone or grant.addresses for grant in isolation.grants)
