"""What is to run: pods, DaemonSets that make one for every node, budgets that protect pods."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from seatrial.semantics.scheduling import node_filters
from seatrial.semantics.scheduling.budgets import Budget
from seatrial.semantics.scheduling.nodes import Node
from seatrial.semantics.scheduling.pods import NodeRequirement, NodeTerm, Pod, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """A DaemonSet."""

    name: str
    template: Template

    def pod(self, node: Node) -> Pod:
        """Return its pod for a node: affinity binds it to the node by name."""
        named = NodeRequirement(node_filters.NAME_FIELD, "In", (node.name,))
        terms = self.template.node_terms or (NodeTerm(),)
        bound = tuple(replace(term, names=(*term.names, named)) for term in terms)
        return Pod(f"{self.name}-{node.name}", replace(self.template, node_terms=bound))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workloads:
    """Everything that is to run in a cluster."""

    pods: tuple[Pod, ...] = ()
    daemons: tuple[Daemon, ...] = ()
    budgets: tuple[Budget, ...] = ()
    namespaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Labels of namespaces, for the selectors of affinity."""


def daemon_pods(workloads: Workloads, nodes: Iterable[Node]) -> Iterator[Pod]:
    """Give the pods that the DaemonSets' controller makes: none for a node that they don't want or tolerate."""
    wanted = [*nodes]
    for daemon in workloads.daemons:
        for node in wanted:
            if node_filters.tolerates(daemon.template, node) and node_filters.wants(daemon.template, node):
                yield daemon.pod(node)
