"""The objects of a cluster that decide who may talk to whom, indexed so that a selector is answered once."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from seatrial.semantics import workloads
from seatrial.semantics.fields import Fields
from seatrial.semantics.network_policy import pods, reading
from seatrial.semantics.network_policy.addresses import Addresses, Range, of_network
from seatrial.semantics.network_policy.labels import LabelIndex, Selector, joined
from seatrial.semantics.network_policy.pods import Pod
from seatrial.semantics.network_policy.policy import Peer, Policy

_NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that the API gives every namespace."""


class HostNetwork(StrEnum):
    """What policies mean to pods in their node's network: Kubernetes leaves it to the network plugin.

    See https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
    """

    AS_PODS = "as-pods"
    """They are pods like any other."""
    AS_NODES = "as-nodes"
    """They are addresses of nodes: no policy isolates or selects them, an ipBlock may. Amazon's plugin does this."""


ANY_NODE = of_network(ipaddress.ip_network("0.0.0.0/0"))
"""Where nodes may be when nobody says."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Pods, by their index, and what selects them."""

    pods: tuple[Pod, ...]
    policies: tuple[Policy, ...]
    host_network: HostNetwork
    nodes: Range
    """Where the node of a pod in the host's network may be, when the pod doesn't say."""
    _namespaces: LabelIndex[str]
    _pods: Mapping[str, LabelIndex[int]]
    """Of each namespace, the pods that policies can select."""
    _on_nodes: Mapping[Range, frozenset[int]]
    """The pods that only addresses mean, by theirs."""
    _selected: dict[tuple[Selector | str, Selector], frozenset[int]] = field(
        default_factory=dict[tuple[Selector | str, Selector], frozenset[int]]
    )
    _covered: dict[Addresses, frozenset[int]] = field(default_factory=dict[Addresses, frozenset[int]])

    def isolated(self, policy: Policy) -> frozenset[int]:
        """Return the pods that a policy isolates."""
        return self._select(policy.namespace, policy.pods)

    def selected(self, peer: Peer, policy: Policy) -> frozenset[int]:
        """Return the pods that a peer in a policy's rule means."""
        return self.named(peer, policy.namespace)

    def named(self, peer: Peer, namespace: str) -> frozenset[int]:
        """Return the pods that a peer means to somebody in a namespace."""
        return self._select(namespace if peer.namespaces is None else peer.namespaces, peer.pods)

    def on_nodes(self, addresses: Addresses) -> frozenset[int]:
        """Return the pods that addresses mean, by those of their nodes."""
        if addresses not in self._covered:
            self._covered[addresses] = joined(found for node, found in self._on_nodes.items() if addresses.covers(node))
        return self._covered[addresses]

    def _select(self, where: Selector | str, wanted: Selector) -> frozenset[int]:
        if (where, wanted) not in self._selected:
            names = self._namespaces.select(where) if isinstance(where, Selector) else [where]
            found = (self._pods[name].select(wanted) for name in names if name in self._pods)
            self._selected[where, wanted] = joined(found)
        return self._selected[where, wanted]


def of_objects(
    objects: Iterable[Fields], host_network: HostNetwork = HostNetwork.AS_PODS, nodes: Range = ANY_NODE
) -> Cluster:
    """Read namespaces, policies and pods; all other objects are passed over."""
    known = [*objects]
    found = pods.read(known)
    return Cluster(
        found,
        tuple(policy for value in known if _is_policy(value) and (policy := reading.policy(value)) is not None),
        host_network,
        nodes,
        LabelIndex(_namespaces(known, found).items()),
        _by_namespace(found, host_network),
        _by_node(found, host_network, nodes),
    )


def as_nodes(found: Cluster) -> Cluster:
    """Return the same objects under :attr:`HostNetwork.AS_NODES`."""
    mode = HostNetwork.AS_NODES
    return replace(
        found,
        host_network=mode,
        _pods=_by_namespace(found.pods, mode),
        _on_nodes=_by_node(found.pods, mode, found.nodes),
        _selected={},
        _covered={},
    )


def _is_policy(value: Fields) -> bool:
    return workloads.group(value) == "networking.k8s.io" and value.text("kind") == "NetworkPolicy"


def _namespaces(objects: Iterable[Fields], found: Iterable[Pod]) -> Mapping[str, Mapping[str, str]]:
    labels: dict[str, Mapping[str, str]] = {pod.workload.namespace: {} for pod in found}
    for value in objects:
        metadata = value.fields("metadata")
        if metadata and value.text("kind") == "Namespace" and not workloads.group(value):
            labels[metadata.text("name") or ""] = metadata.labels("labels")
    return {name: {**own, _NAME_LABEL: name} for name, own in labels.items()}


def _by_namespace(found: Iterable[Pod], host_network: HostNetwork) -> Mapping[str, LabelIndex[int]]:
    members: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    for index, pod in enumerate(found):
        if host_network is HostNetwork.AS_PODS or not pod.host_network:
            members.setdefault(pod.workload.namespace, []).append((index, pod.labels))
    return {name: LabelIndex(labelled) for name, labelled in members.items()}


def _by_node(found: Iterable[Pod], host_network: HostNetwork, nodes: Range) -> Mapping[Range, frozenset[int]]:
    members: dict[Range, set[int]] = {}
    for index, pod in enumerate(found):
        if host_network is HostNetwork.AS_NODES and pod.host_network:
            members.setdefault(pod.node or nodes, set()).add(index)
    return {node: frozenset(indices) for node, indices in members.items()}
