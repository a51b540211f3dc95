"""NetworkPolicies: who may talk to whom, and why.

Reads ``networking.k8s.io/v1`` as Kubernetes defines it: policies add up, each isolates the pods that it selects in the
directions that it names, and a connection needs both ends.
See https://kubernetes.io/docs/concepts/services-networking/network-policies/. What Amazon's own plugin does differently
is in :mod:`seatrial.semantics.eks_enforcement`.
"""

from collections.abc import Iterable, Mapping

from seatrial.errors import ConfigError, Fault
from seatrial.semantics import fields
from seatrial.semantics.network_policy import cluster, explanation, reachability
from seatrial.semantics.network_policy.addresses import Range
from seatrial.semantics.network_policy.cluster import Cluster, HostNetwork
from seatrial.semantics.network_policy.explanation import Decision, Explanation
from seatrial.semantics.network_policy.pods import Workload
from seatrial.semantics.network_policy.ports import Ports, Protocol
from seatrial.semantics.network_policy.reachability import Connection

__all__ = [
    "Cluster",
    "Connection",
    "Decision",
    "Explanation",
    "HostNetwork",
    "Ports",
    "Protocol",
    "Range",
    "Workload",
    "connections",
    "explain",
    "read",
]

Object = Mapping[str, object]
"""A Kubernetes object, untyped."""


def read(objects: Iterable[Object], host_network: HostNetwork = HostNetwork.AS_PODS) -> Cluster:
    """Read a cluster's objects once, to ask about it often.

    Raises:
        ConfigError: A field that matters has the wrong form; every fault at once.

    """
    faults: list[Fault] = []
    found = cluster.of_objects([fields.of_object(value, faults) for value in objects], host_network)
    if faults:
        raise ConfigError(faults, "the objects")
    return found


def connections(objects: Iterable[Object], host_network: HostNetwork = HostNetwork.AS_PODS) -> tuple[Connection, ...]:
    """Return every connection that the policies allow between workloads and with the outside; see :func:`read`."""
    return reachability.of_cluster(read(objects, host_network))


def explain(cluster: Cluster, source: str, destination: str, port: int, protocol: str = "TCP") -> Explanation:
    """Return which policies allow a connection, or isolate its ends.

    An end is a workload (``namespace/name``, or ``namespace/name[Kind]`` where several share the name), or an address
    or CIDR block outside. Where policies tell pods of a workload apart, the pods that have the connection speak for it.

    Raises:
        UsageError: There is no such workload, port or protocol, or both ends are outside.

    """
    return explanation.in_cluster(cluster, source, destination, port, protocol)
