"""Which pods are where, indexed so that a question about other pods looks at kinds of pods, not at each of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from seatrial.semantics.scheduling.nodes import Node
from seatrial.semantics.scheduling.pods import Pod, PodTerm
from seatrial.semantics.scheduling.room import Room
from seatrial.semantics.scheduling.selection import selects

_NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that the API gives every namespace."""

Kind: TypeAlias = tuple[str, frozenset[tuple[str, str]]]
"""All that selectors tell pods apart by: namespace and labels."""


class Occupancy:
    """Nodes, and the pods on them."""

    def __init__(self, nodes: Iterable[Node], namespaces: Mapping[str, Mapping[str, str]]) -> None:
        """Begin with empty nodes; ``namespaces`` holds the labels of those that have some."""
        self.rooms: dict[str, Room] = {}
        self.placed: dict[Pod, str] = {}
        self.guards: Counter[tuple[PodTerm, str]] = Counter()
        """The anti-affinity terms of the placed pods, each with the value of its topology that it guards."""

        self._namespaces = namespaces
        self._kinds: dict[Kind, Counter[str]] = defaultdict(Counter)
        self._owners: dict[str, Counter[str]] = defaultdict(Counter)
        for node in nodes:
            self.add(node)

    def add(self, node: Node) -> None:
        """Let an empty node join; or, with the name of one that there is, change that one."""
        if node.name in self.rooms:
            self.rooms[node.name].node = node
        else:
            self.rooms[node.name] = Room(node)

    def remove(self, name: str) -> tuple[Pod, ...]:
        """Take a node away; return the pods that were on it."""
        pods = tuple(self.rooms[name].pods)
        for pod in pods:
            self.unbind(pod)
        del self.rooms[name]
        return pods

    def bind(self, pod: Pod, name: str) -> None:
        """Put a pod on a node, whatever the filters say."""
        self.placed[pod] = name
        self.rooms[name].take(pod)
        self._count(pod, name, 1)

    def unbind(self, pod: Pod) -> None:
        """Take a pod off its node."""
        name = self.placed.pop(pod)
        self.rooms[name].release(pod)
        self._count(pod, name, -1)

    def nodes(self) -> Iterator[Node]:
        """Give every node."""
        return (room.node for room in self.rooms.values())

    def of_owner(self, owner: str) -> Mapping[str, int]:
        """Return how many pods of a workload are on each node; none for the empty owner."""
        return self._owners[owner] if owner else {}

    def matching(self, terms: Iterable[PodTerm]) -> Mapping[str, int]:
        """Return how many pods on each node every one of the terms means."""
        wanted = tuple(terms)
        return self._added(kind for kind in self._kinds if all(self.means(term, kind) for term in wanted))

    def means(self, term: PodTerm, kind: Kind) -> bool:
        """Tell whether a term means pods of a kind."""
        namespace, labels = kind
        return (namespace in term.namespaces or self._has(term, namespace)) and selects(term.selector, dict(labels))

    def _has(self, term: PodTerm, namespace: str) -> bool:
        labels = {**self._namespaces.get(namespace, {}), _NAME_LABEL: namespace}
        return selects(term.namespace_selector, labels)

    def _added(self, kinds: Iterable[Kind]) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for kind in kinds:
            found.update(self._kinds[kind])
        return found

    def _count(self, pod: Pod, name: str, change: int) -> None:
        labels = self.rooms[name].node.labels
        self._kinds[kind_of(pod)][name] += change
        self._owners[pod.template.owner][name] += change
        for term in pod.template.apart:
            if term.topology_key in labels:
                self.guards[term, labels[term.topology_key]] += change


def kind_of(pod: Pod) -> Kind:
    """Return a pod's kind."""
    return pod.template.namespace, frozenset(pod.template.labels.items())
