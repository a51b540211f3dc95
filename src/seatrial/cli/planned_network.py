"""The pods and the policies of a plan, as the network would find them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from seatrial.cli.planned_doubts import Doubts, pod
from seatrial.errors import UsageError, listed
from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.objects import Objects
from seatrial.semantics import eks_enforcement, network_policy
from seatrial.semantics.eks_enforcement import Finding, situation
from seatrial.semantics.network_policy import Explanation, HostNetwork

if TYPE_CHECKING:
    from seatrial.plan import Plan

_ANY: Final = "*"
"""Stands for a pod of a namespace that nothing but the namespace tells apart."""

_STARTUP: Final = "startup-window"
"""The fact about connections that are stopped, in the end."""

_NAMES: Final = "dns"
"""The finding that a workload can't ask for names, which says nothing about other connections."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the policies say to a connection, and what Amazon's plugin makes of them."""

    explanation: Explanation
    remarks: tuple[str, ...]
    unknown: tuple[str, ...]
    """What only a deployment can tell, without which the connection may pass or not."""


class Network:
    """What a plan says of who may talk to whom."""

    def __init__(self, plan: "Plan") -> None:
        objects = Objects(plan)
        self._doubts = Doubts(objects)
        told = (manifest(each) for each in objects.every if each not in self._doubts)
        self._manifests = [*told, *self._doubts.stand_ins()]
        named = {each.name if each.full_kind == NAMESPACE else each.namespace for each in objects.every}
        self._namespaces = sorted(named - {""} | {situation.DNS_NAMESPACE})

    def answer(self, source: str, destination: str, port: int, protocol: str) -> Answer:
        """Explain a connection between two ends.

        An end is ``namespace/workload``, an address or CIDR block; ``namespace/key=value,…`` for any pod with such
        labels, or ``namespace/*`` for any pod at all.
        """
        objects = [*self._manifests, *self._stand_ins(source, destination)]
        cluster = network_policy.read(objects, HostNetwork.AS_NODES)
        found = self._explained(cluster, source, destination, port, protocol)
        remarks = _remarks(found, cluster, eks_enforcement.findings(objects))
        return Answer(found, tuple(remarks), self._doubts.about(found))

    def _explained(
        self, cluster: network_policy.Cluster, source: str, destination: str, port: int, protocol: str
    ) -> Explanation:
        try:
            return network_policy.explain(cluster, source, destination, port, protocol)
        except UsageError as error:
            if not str(error).startswith("no workload"):
                raise
            more = "namespace/* is any pod of a namespace, namespace/key=value one with that label"
            raise UsageError(str(error), tip=f"{error.tip}; {more}") from error

    def _stand_ins(self, *ends: str) -> Iterator[Mapping[str, object]]:
        """Give pods that a plan hasn't: CoreDNS, which is an add-on, and those that the ends describe by labels."""
        yield situation.DNS_PODS
        for end in sorted(set(ends)):
            namespace, _, name = end.partition("/")
            if name == _ANY or "=" in name:
                if namespace not in self._namespaces:
                    raise UsageError(f"no namespace {namespace!r}", tip=f"the plan has: {listed(self._namespaces)}")
                yield pod(namespace, name, "any pod", {} if name == _ANY else _labels(end, name))


def _labels(end: str, text: str) -> Mapping[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(key and separator for key, separator, _ in pairs):
        raise UsageError(f"no labels {text!r} in {end!r}", tip="write namespace/key=value,key=value")
    return {key: value for key, _, value in pairs}


def _remarks(found: Explanation, cluster: network_policy.Cluster, findings: Iterable[Finding]) -> Iterator[str]:
    """Give what Amazon's plugin does otherwise about the ends and the policies of a connection."""
    ends = {found.source, found.destination}
    policies = {f"NetworkPolicy {policy}" for policy in (*found.egress.isolated_by, *found.ingress.isolated_by)}
    others = {str(pod.workload) for pod in cluster.pods} - ends
    for finding in findings:
        is_elsewhere = any(name in finding.message for name in others)
        if finding.id != _NAMES and finding.subject in ends | policies and not is_elsewhere:
            yield str(finding)
    for fact in eks_enforcement.FACTS:
        if fact.id == _STARTUP and not found.allowed:
            yield f"{fact.id}: {fact.statement}"
