"""A pod that may send anything at all needs names: DNS over UDP and TCP, to CoreDNS or to where it answers."""

from collections.abc import Iterator

from seatrial.semantics.eks_enforcement.finding import CONTROLLER, Finding
from seatrial.semantics.eks_enforcement.situation import Situation
from seatrial.semantics.network_policy import intervals
from seatrial.semantics.network_policy.isolation import Isolation
from seatrial.semantics.network_policy.ports import Ports, Protocol

_PORT = (53, 53)


def find(situation: Situation) -> Iterator[Finding]:
    """Find workloads that may send, but not to DNS."""
    for index, (pod, isolation) in enumerate(zip(situation.enforced.pods, situation.egress, strict=True)):
        missing = [] if index in situation.dns_pods or not isolation.grants else _missing(situation, isolation)
        if missing:
            yield Finding(
                id="dns",
                subject=str(pod.workload),
                message=f"its policies let it send, but not to port 53 over {' and '.join(missing)} of CoreDNS; allow"
                " the pods k8s-app=kube-dns of kube-system, which lets their ClusterIP through too",
                source=CONTROLLER,
            )


def _missing(situation: Situation, isolation: Isolation) -> list[Protocol]:
    known = [isolation.ports(index, situation.enforced.pods[index]) for index in sorted(situation.dns_pods)]
    known += [isolation.ports(address, None) for address in situation.dns_addresses]
    return [protocol for protocol in (Protocol.UDP, Protocol.TCP) if not any(_has(item, protocol) for item in known)]


def _has(ports: Ports, protocol: Protocol) -> bool:
    return intervals.covers(ports.of(protocol), _PORT)
