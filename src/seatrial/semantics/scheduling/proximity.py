"""Required affinity and anti-affinity between pods.

See https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from seatrial.semantics.scheduling.nodes import Node
from seatrial.semantics.scheduling.occupancy import Occupancy, kind_of
from seatrial.semantics.scheduling.pods import Pod, PodTerm

NOT_NEAR: Final = "node(s) didn't match pod affinity rules"
TOO_NEAR: Final = "node(s) didn't match pod anti-affinity rules"
GUARDED: Final = "node(s) didn't satisfy existing pods anti-affinity rules"

_Topology = Counter[tuple[str, str]]
"""Number of pods by the label, and its value, of the nodes that they are on."""


class Proximity:
    """What one pod wants of the pods around it, and they of it, at one moment."""

    def __init__(self, pod: Pod, occupancy: Occupancy) -> None:
        """Count the pods that the terms mean."""
        self._near, self._apart = pod.template.near, pod.template.apart
        kind = kind_of(pod)
        self._wanted: _Topology = Counter()
        self._unwanted: _Topology = Counter()
        if self._near:
            self._wanted.update(_counted(self._near, occupancy.matching(self._near), occupancy))
        for term in self._apart:
            self._unwanted.update(_counted([term], occupancy.matching([term]), occupancy))
        self._guarded = {
            (term.topology_key, value)
            for (term, value), number in occupancy.guards.items()
            if number and occupancy.means(term, kind)
        }
        # The first of pods that want one another has nobody to go to.
        self._is_first = not self._wanted and all(occupancy.means(term, kind) for term in self._near)

    def reason(self, node: Node) -> str:
        """Return why the pods around forbid a node; empty when they don't."""
        if not self._is_near(node):
            return NOT_NEAR
        if any(self._unwanted[each] for each in _places(self._apart, node)):
            return TOO_NEAR
        return GUARDED if not self._guarded.isdisjoint(node.labels.items()) else ""

    def _is_near(self, node: Node) -> bool:
        places = _places(self._near, node)
        if len(places) < len(self._near):
            return False
        return self._is_first or all(self._wanted[each] for each in places)


def _counted(terms: Iterable[PodTerm], pods: Mapping[str, int], occupancy: Occupancy) -> _Topology:
    wanted = tuple(terms)
    found: _Topology = Counter()
    for name, number in pods.items():
        for place in _places(wanted, occupancy.rooms[name].node) if number else ():
            found[place] += number
    return found


def _places(terms: Iterable[PodTerm], node: Node) -> list[tuple[str, str]]:
    """Return where a node is in the topologies of the terms; nothing for those that it has no label of."""
    return [(term.topology_key, node.labels[term.topology_key]) for term in terms if term.topology_key in node.labels]
