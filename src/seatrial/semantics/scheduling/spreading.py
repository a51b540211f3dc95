"""Topology spread constraints: a pod may not make the pods of one domain outnumber those of another by too many.

See https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from seatrial.semantics.scheduling.node_filters import tolerates, wants
from seatrial.semantics.scheduling.nodes import Node
from seatrial.semantics.scheduling.occupancy import Occupancy
from seatrial.semantics.scheduling.pods import Pod, PodTerm, Spread, Template
from seatrial.semantics.scheduling.selection import selects

SKEWED: Final = "node(s) didn't match pod topology spread constraints"
WITHOUT_LABEL: Final = f"{SKEWED} (missing required label)"


@dataclass(frozen=True, slots=True)
class _Domains:
    """One constraint, with the number of pods in each domain."""

    spread: Spread
    counts: Counter[str]
    itself: int
    """1 when the new pod counts, else 0."""

    def reason(self, node: Node) -> str:
        value = node.labels.get(self.spread.topology_key)
        if value is None:
            return WITHOUT_LABEL
        skew = self.counts[value] + self.itself - self._least
        return SKEWED if skew > self.spread.max_skew else ""

    @property
    def _least(self) -> int:
        # With fewer domains than asked for, those that are missing count as empty.
        return 0 if len(self.counts) < self.spread.min_domains else min(self.counts.values())


class Spreading:
    """The constraints of one pod, at one moment."""

    def __init__(self, pod: Pod, occupancy: Occupancy) -> None:
        """Count the pods that the constraints mean."""
        template = pod.template
        keys = {spread.topology_key for spread in template.spreads}
        nodes = [node for node in occupancy.nodes() if keys <= node.labels.keys()] if keys else []
        self._domains = [_domains(template, spread, nodes, occupancy) for spread in template.spreads]

    def reason(self, node: Node) -> str:
        """Return why the constraints forbid a node; empty when they don't."""
        return next((reason for domains in self._domains if (reason := domains.reason(node))), "")


def _domains(template: Template, spread: Spread, nodes: list[Node], occupancy: Occupancy) -> _Domains:
    counted = _counted(template, spread, occupancy)
    counts: Counter[str] = Counter()
    for node in nodes:
        if _is_included(template, spread, node):
            # Adding nothing too: a domain without pods is a domain.
            counts[node.labels[spread.topology_key]] += counted.get(node.name, 0)
    return _Domains(spread, counts, int(selects(spread.selector, template.labels)))


def _counted(template: Template, spread: Spread, occupancy: Occupancy) -> dict[str, int]:
    # The scheduler counts nothing for a selector without requirements, though the pod itself meets it.
    if spread.selector is None or not spread.selector.expressions:
        return {}
    term = PodTerm(
        topology_key=spread.topology_key, selector=spread.selector, namespaces=frozenset({template.namespace})
    )
    return dict(occupancy.matching([term]))


def _is_included(template: Template, spread: Spread, node: Node) -> bool:
    if spread.honor_affinity and not wants(template, node):
        return False
    return not spread.honor_taints or tolerates(template, node)
