"""Who may talk to whom: nobody, but for what each policy here adds.

Written for the plugin that enforces them, Amazon's, as well as for Kubernetes' own reading of them:

- of several blocks of addresses the most specific one decides, so what one rule excepts no wider rule gives back. Every
  rule names its peers; none gives ports alone;
- the plugin judges a connection to a Service by the Service's address, and knows that of a selector's pods only where
  the Service has a selector. The Kubernetes API's has none, so it is a block of addresses;
- pods in their node's network can't be selected, so neither can NodeLocal DNSCache or the Pod Identity agent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from seatrial import cidr
from seatrial.manifests import addresses
from seatrial.manifests.manifest import SYSTEM, Manifest, manifest

API_ACCESS = "seatrial.io/api-access"
"""Label of pods that ask the Kubernetes API; its value is ``true``."""

LOAD_BALANCED = "seatrial.io/load-balanced"
"""Label of pods that load balancers in the public subnets reach, internal ones there too; its value is ``true``."""

_EVERYWHERE = "0.0.0.0/0"
_HTTPS = 443
_DNS = 53
_POD_IDENTITY_PORT = 80

_Rule = Mapping[str, object]
_Rules = list[_Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What lies around a namespace, known before the first resource is made."""

    network: str
    """Range of the VPC."""
    services: str
    """Range of Kubernetes services."""
    private_subnets: tuple[str, ...]
    """Ranges with nodes, pods, the control plane's interfaces and the AWS APIs' endpoints."""
    public_subnets: tuple[str, ...]
    """Ranges with load balancers and NAT gateways, but no pod."""
    interface_endpoints: bool
    """Whether AWS APIs are reached inside the network."""
    node_local_dns: bool
    """Whether every node has a cache of names."""


def surroundings(
    *, network: str, services: str, zone_count: int, interface_endpoints: bool, node_local_dns: bool
) -> Surroundings:
    """Lay them out as the network is laid out."""
    subnets = cidr.zone_subnets(network, zone_count)
    return Surroundings(
        network=network,
        services=services,
        private_subnets=tuple(pair.private for pair in subnets),
        public_subnets=tuple(pair.public for pair in subnets),
        interface_endpoints=interface_endpoints,
        node_local_dns=node_local_dns,
    )


def policies(namespace: str, around: Surroundings) -> list[Manifest]:
    """Make the policies of a tenant's namespace, by name."""
    return [
        _policy(namespace, "allow-api-server", selected={API_ACCESS: "true"}, egress=_api_server(around)),
        _policy(namespace, "allow-dns", egress=_dns(around)),
        _policy(namespace, "allow-https", egress=_https(around)),
        _policy(namespace, "allow-load-balancers", selected={LOAD_BALANCED: "true"}, ingress=_public(around)),
        _policy(namespace, "allow-own-namespace", ingress=[{"from": [_ALL_PODS]}], egress=[{"to": [_ALL_PODS]}]),
        _policy(namespace, "allow-pod-identity", egress=_pod_identity()),
        _policy(namespace, "default-deny", ingress=[], egress=[]),
    ]


_ALL_PODS: _Rule = {"podSelector": {}}
"""Every pod of the policy's own namespace."""


def _policy(
    namespace: str,
    name: str,
    *,
    selected: Mapping[str, str] | None = None,
    ingress: _Rules | None = None,
    egress: _Rules | None = None,
) -> Manifest:
    """Make a policy; a direction without rules is left out, and one with an empty list of them is closed."""
    rules = {"Egress": egress, "Ingress": ingress}
    given = {direction: found for direction, found in rules.items() if found is not None}
    spec: dict[str, object] = {"podSelector": {"matchLabels": selected} if selected else {}, "policyTypes": list(given)}
    spec |= {direction.lower(): found for direction, found in given.items() if found}
    return manifest("networking.k8s.io/v1", "NetworkPolicy", name, namespace=namespace, spec=spec)


def _dns(around: Surroundings) -> _Rules:
    """Allow CoreDNS by its pods, by its Service, and the node's cache: which of them is asked depends on the node."""
    pods: _Rule = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": SYSTEM}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    cache = [_host(addresses.NODE_LOCAL_DNS)] if around.node_local_dns else []
    return [
        {"to": [pods, _host(cidr.dns_service(around.services)), *cache], "ports": [_port(_DNS, "UDP"), _port(_DNS)]}
    ]


def _https(around: Surroundings) -> _Rules:
    """Allow the internet and AWS, but not the nodes' own credentials, nor Services, nor, where it can be, the network.

    With endpoints for AWS inside it the network can't be excepted: they have no addresses of their own to tell them by.
    """
    inside = [] if around.interface_endpoints else [around.network]
    excepted = sorted([*inside, around.services, f"{addresses.INSTANCE_METADATA}/32"])
    return [{"to": [{"ipBlock": {"cidr": _EVERYWHERE, "except": excepted}}], "ports": [_port(_HTTPS)]}]


def _api_server(around: Surroundings) -> _Rules:
    """Allow the Kubernetes API, by its Service, and by the subnets in which the control plane has its interfaces."""
    peers = [_host(cidr.api_service(around.services)), *(_block(each) for each in around.private_subnets)]
    return [{"to": peers, "ports": [_port(_HTTPS)]}]


def _pod_identity() -> _Rules:
    return [{"to": [_host(addresses.POD_IDENTITY)], "ports": [_port(_POD_IDENTITY_PORT)]}]


def _public(around: Surroundings) -> _Rules:
    """Allow load balancers with targets by address. No private subnet: other tenants' pods are in them."""
    return [{"from": [_block(each) for each in around.public_subnets]}]


def _block(ranged: str) -> _Rule:
    return {"ipBlock": {"cidr": ranged}}


def _host(address: str) -> _Rule:
    return _block(f"{address}/32")


def _port(number: int, protocol: str = "TCP") -> _Rule:
    return {"port": number, "protocol": protocol}
