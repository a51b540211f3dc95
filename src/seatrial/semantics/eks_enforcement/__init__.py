"""What Amazon's VPC CNI makes of NetworkPolicies, where that differs from how they read.

:mod:`seatrial.semantics.network_policy` decides as Kubernetes defines it; the differences are data here, each with its
source.
"""

import ipaddress
from collections.abc import Iterable, Mapping

from seatrial.errors import ConfigError, Fault
from seatrial.semantics import fields
from seatrial.semantics.eks_enforcement import (
    bare_pods,
    dns,
    exceptions,
    host_network,
    port_combinations,
    service_ports,
    situation,
)
from seatrial.semantics.eks_enforcement.finding import FACTS, Fact, Finding
from seatrial.semantics.network_policy.addresses import of_network

__all__ = ["FACTS", "Fact", "Finding", "findings"]

_FINDERS = (bare_pods, dns, exceptions, host_network, port_combinations, service_ports)


def findings(objects: Iterable[Mapping[str, object]], dns_addresses: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return what is enforced otherwise than it reads, in the order of its text.

    Args:
        objects: Namespaces, workloads, policies and Services; all others are passed over.
        dns_addresses: Where DNS answers beside the CoreDNS pods, such as NodeLocal DNSCache's 169.254.20.10. The
            ClusterIP is that of the ``kube-dns`` Service among the objects, or one of those that EKS chooses from.

    Raises:
        ConfigError: A field that matters has the wrong form; every fault at once.

    """
    faults: list[Fault] = []
    known = [fields.of_object(value, faults) for value in objects]
    found = situation.of_objects(known, [of_network(ipaddress.ip_network(item)) for item in dns_addresses])
    if faults:
        raise ConfigError(tuple(dict.fromkeys(faults)), "the objects")
    return tuple(sorted((item for finder in _FINDERS for item in finder.find(found)), key=str))
