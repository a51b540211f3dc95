"""A rule with ports lets a Service's ClusterIP through only where the Service keeps the container's port number."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from seatrial.semantics.eks_enforcement.finding import CONTROLLER, Finding
from seatrial.semantics.eks_enforcement.services import Service, ServicePort
from seatrial.semantics.eks_enforcement.situation import Situation
from seatrial.semantics.network_policy import intervals
from seatrial.semantics.network_policy.policy import Peer
from seatrial.semantics.network_policy.ports import ALL, Ports


def find(situation: Situation) -> Iterator[Finding]:
    """Find Services with another number than their pods, where rules of other pods give ports of these."""
    translated = [*_translated(situation)]
    given = _given(situation, {pod for *_, numbers in translated for pod in numbers})
    for service, port, numbers in translated:
        found = {
            number
            for pod, number in numbers.items()
            if any(intervals.covers(item.of(port.protocol), (number, number)) for item in given[pod])
        }
        if found:
            yield _finding(service, port, found)


_Translated = tuple[Service, ServicePort, Mapping[int, int]]
"""A port of a Service, and the number that it has at each pod where that is another."""


def _translated(situation: Situation) -> Iterator[_Translated]:
    pods = situation.enforced.pods
    for service in situation.services:
        selected = sorted(situation.enforced.named(Peer(service.pods), service.namespace))
        for port in service.ports:
            numbers = ((pod, number) for pod in selected for number in port.numbers_at(pods[pod]))
            yield service, port, {pod: number for pod, number in numbers if number != port.number}


def _given(situation: Situation, pods: AbstractSet[int]) -> Mapping[int, set[Ports]]:
    found: Mapping[int, set[Ports]] = {pod: set() for pod in pods}
    for grant in {id(grant): grant for isolation in situation.egress for grant in isolation.grants}.values():
        # A rule without peers or without ports lets every address through.
        for pod in () if grant.everyone or grant.ports == ALL else grant.pods & pods:
            found[pod].add(grant.ports_at(situation.enforced.pods[pod]))
    return found


def _finding(service: Service, port: ServicePort, numbers: set[int]) -> Finding:
    listed = ", ".join(map(str, sorted(numbers)))
    return Finding(
        id="service-port",
        subject=f"Service {service.namespace}/{service.name}",
        message=f"its port {port.number} leads to {listed} of its pods: rules that give these ports don't let its"
        " ClusterIP through; use one number for both",
        source=CONTROLLER,
    )
