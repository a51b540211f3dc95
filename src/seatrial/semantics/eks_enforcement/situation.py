"""What the findings are made from."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from seatrial.semantics import fields
from seatrial.semantics.eks_enforcement import services
from seatrial.semantics.eks_enforcement.services import Service
from seatrial.semantics.fields import Fields
from seatrial.semantics.network_policy import cluster
from seatrial.semantics.network_policy.addresses import Range, of_network
from seatrial.semantics.network_policy.cluster import Cluster
from seatrial.semantics.network_policy.isolation import Isolation, isolations
from seatrial.semantics.network_policy.labels import Expression, Operator, Selector
from seatrial.semantics.network_policy.policy import Direction, Peer, Policy

DNS_NAMESPACE = "kube-system"
"""Where EKS runs CoreDNS."""
_DNS_LABELS = {"eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns"}
_DNS_PEER = Peer(Selector(frozenset({Expression("k8s-app", Operator.IN, frozenset({"kube-dns"}))})))
_DNS_ADDRESSES = tuple(of_network(ipaddress.ip_network(address)) for address in ("10.100.0.10", "172.20.0.10"))
"""The tenth address of the range that EKS gives to Services, one of two unless the cluster says otherwise."""
DNS_PODS: Mapping[str, object] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"namespace": DNS_NAMESPACE, "name": "coredns"},
    "spec": {
        "template": {
            "metadata": {"labels": _DNS_LABELS},
            "spec": {
                "containers": [
                    {
                        "name": "coredns",
                        "ports": [
                            {"name": "dns", "containerPort": 53, "protocol": "UDP"},
                            {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
                        ],
                    }
                ]
            },
        }
    },
}
"""CoreDNS as the EKS add-on runs it."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A cluster as its policies read, and as Amazon's plugin reads them."""

    as_pods: Cluster
    """Pods in the host's network are selected like any other."""
    enforced: Cluster
    """They are not."""
    ingress: tuple[Isolation, ...]
    """Of the enforced cluster's pods."""
    egress: tuple[Isolation, ...]
    """Of the enforced cluster's pods."""
    services: tuple[Service, ...]
    dns_pods: frozenset[int]
    """The pods that answer for the cluster's names."""
    dns_addresses: tuple[Range, ...]
    """The addresses where they do, as far as they are known."""

    def isolating(self) -> Mapping[tuple[Policy, ...], Sequence[int]]:
        """Group the pods by the policies that select them, in the enforced cluster."""
        policies: dict[int, list[Policy]] = {}
        for policy in self.enforced.policies:
            for index in self.enforced.isolated(policy):
                policies.setdefault(index, []).append(policy)
        grouped: dict[tuple[Policy, ...], list[int]] = {}
        for index, found in policies.items():
            grouped.setdefault(tuple(found), []).append(index)
        return grouped


def of_objects(objects: Iterable[Fields], dns_addresses: Iterable[Range]) -> Situation:
    """Read the objects, with CoreDNS as the add-on runs it: the objects needn't include it."""
    known = [*objects, fields.of_object(DNS_PODS, [])]
    as_pods = cluster.of_objects(known)
    enforced = cluster.as_nodes(as_pods)
    found = tuple(service for value in known if (service := services.read(value)) is not None)
    addresses = [service.address for service in found if service.address and _is_dns(service)]
    return Situation(
        as_pods,
        enforced,
        isolations(enforced, Direction.INGRESS),
        isolations(enforced, Direction.EGRESS),
        found,
        enforced.named(_DNS_PEER, DNS_NAMESPACE),
        (*dns_addresses, *(addresses or _DNS_ADDRESSES)),
    )


def _is_dns(service: Service) -> bool:
    return service.namespace == DNS_NAMESPACE and service.name == "kube-dns"
