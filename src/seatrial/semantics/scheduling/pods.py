"""Pods as the scheduler sees them: what they ask of a node, and of the pods around them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from seatrial.semantics.network_policy.labels import Selector
from seatrial.semantics.scheduling.nodes import no_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Toleration:
    """What lets a pod onto a node in spite of taints."""

    key: str = ""
    """Empty for every key."""

    operator: str = "Equal"
    """``Equal`` or ``Exists``."""

    value: str = ""
    effect: str = ""
    """Empty for every effect."""


@dataclass(frozen=True, slots=True, order=True)
class HostPort:
    """A port of the node that a pod takes."""

    port: int
    protocol: str = "TCP"
    address: str = "0.0.0.0"  # noqa: S104 (the API's word for every address of the node, nothing listens here)


@dataclass(frozen=True, slots=True)
class NodeRequirement:
    """One requirement on a label, or on the name, of a node."""

    key: str
    operator: str
    """``In``, ``NotIn``, ``Exists``, ``DoesNotExist``, ``Gt`` or ``Lt``."""

    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeTerm:
    """Requirements that a node has to meet all of."""

    labels: tuple[NodeRequirement, ...] = ()
    names: tuple[NodeRequirement, ...] = ()
    """On the node's name, as a DaemonSet's controller writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodTerm:
    """Which pods a pod wants near, or not near."""

    topology_key: str
    """The label of nodes whose value tells what is near."""

    selector: Selector | None
    """None means no pod at all."""

    namespaces: frozenset[str]
    namespace_selector: Selector | None = None
    """Means pods of the namespaces that it selects too; None for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A topology spread constraint that forbids placements, ``DoNotSchedule``."""

    topology_key: str
    selector: Selector | None
    """Which pods of the namespace are counted; None means none."""

    max_skew: int = 1
    min_domains: int = 1
    honor_affinity: bool = True
    """Whether only nodes that the pod's node selector and affinity allow count."""

    honor_taints: bool = False
    """Whether only nodes whose taints the pod tolerates count."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Template:
    """What pods of one workload have in common; two templates are the same only when they are one object."""

    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    owner: str = ""
    """``Kind/namespace/name`` of the workload that makes another pod when one goes; empty for a pod by itself."""

    priority: int = 0
    requests: Mapping[str, int] = field(default_factory=no_amounts)
    """By resource: thousandths of a processor for ``cpu``, bytes for memory and storage, a number for the others."""

    tolerations: tuple[Toleration, ...] = ()
    node_selector: Mapping[str, str] = field(default_factory=dict[str, str])
    node_terms: tuple[NodeTerm, ...] | None = None
    """Required node affinity: a node has to meet one of them; None when the pod has none."""

    near: tuple[PodTerm, ...] = ()
    """Required pod affinity."""

    apart: tuple[PodTerm, ...] = ()
    """Required pod anti-affinity."""

    spreads: tuple[Spread, ...] = ()
    host_ports: tuple[HostPort, ...] = ()
    is_daemon: bool = False
    """Whether a DaemonSet's controller made it, so that draining leaves it where it is."""


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod."""

    name: str
    template: Template
    is_ready: bool = True
    """Whether it is healthy once it runs."""

    @property
    def title(self) -> str:
        """``namespace/name``."""
        return f"{self.template.namespace}/{self.name}"

    def __str__(self) -> str:
        return self.title
