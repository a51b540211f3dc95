"""What the policies leave each pod in each direction."""

from collections.abc import Iterable
from dataclasses import dataclass

from seatrial.semantics.network_policy import ports
from seatrial.semantics.network_policy.addresses import NOWHERE, Addresses, Range
from seatrial.semantics.network_policy.cluster import Cluster
from seatrial.semantics.network_policy.pods import Pod
from seatrial.semantics.network_policy.policy import Direction, NamedPort, Policy, Rule
from seatrial.semantics.network_policy.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One rule of a policy, its selectors answered."""

    policy: str
    """``namespace/name`` of the policy."""
    everyone: bool
    """Whether it means everything, in the cluster and outside."""
    pods: frozenset[int]
    """The pods that it means."""
    addresses: Addresses
    """The addresses that it means."""
    ports: Ports
    """The ports that it gives by number."""
    named: tuple[NamedPort, ...]
    """The ports that it gives by name."""

    def means(self, peer: int | Range) -> bool:
        """Tell whether the rule means a pod or all of a range of addresses."""
        return self.everyone or (peer in self.pods if isinstance(peer, int) else self.addresses.covers(peer))

    def ports_at(self, destination: Pod | None) -> Ports:
        """Return the ports that it means at a pod; None stands for what is outside, where ports have no names."""
        if destination is None or not self.named:
            return self.ports
        known = ((name.protocol, destination.ports.get(name, frozenset())) for name in self.named)
        return self.ports | ports.of((protocol, (port, port)) for protocol, found in known for port in found)


@dataclass(frozen=True, slots=True)
class Isolation:
    """One direction of one pod."""

    policies: tuple[str, ...] = ()
    """The policies that isolate it, as ``namespace/name``; without any, everything may pass."""
    grants: tuple[Grant, ...] = ()
    """The rules of these policies."""

    @property
    def is_open(self) -> bool:
        """Whether no policy isolates the pod."""
        return not self.policies

    def ports(self, peer: int | Range, destination: Pod | None) -> Ports:
        """Return what may pass between the pod and a peer; the ports are those of the destination."""
        found = ports.ALL if self.is_open else ports.NONE
        for grant in self.grants:
            if found != ports.ALL and grant.means(peer):
                found |= grant.ports_at(destination)
        return found


OPEN = Isolation()
"""No policy isolates the pod."""


def isolations(cluster: Cluster, direction: Direction) -> tuple[Isolation, ...]:
    """Return what the policies leave each pod of the cluster, in the order of its pods."""
    isolating: dict[int, list[_Answered]] = {}
    for policy in cluster.policies:
        if direction in policy.isolates:
            answered = _answered(cluster, policy, direction)
            for index in cluster.isolated(policy):
                isolating.setdefault(index, []).append(answered)
    return tuple(_isolation(isolating.get(index, ())) for index in range(len(cluster.pods)))


def of_pod(cluster: Cluster, direction: Direction, index: int) -> Isolation:
    """Return what the policies leave one pod; to ask about few pods of a large cluster."""
    namespace = cluster.pods[index].workload.namespace
    isolating = (
        policy
        for policy in cluster.policies
        if policy.namespace == namespace and direction in policy.isolates and index in cluster.isolated(policy)
    )
    return _isolation([_answered(cluster, policy, direction) for policy in isolating])


_Answered = tuple[str, tuple[Grant, ...]]
"""A policy's name, and its rules."""


def _isolation(policies: Iterable[_Answered]) -> Isolation:
    ordered = sorted(policies, key=lambda answered: answered[0])
    return Isolation(tuple(name for name, _ in ordered), tuple(grant for _, grants in ordered for grant in grants))


def _answered(cluster: Cluster, policy: Policy, direction: Direction) -> _Answered:
    return str(policy), tuple(_grant(cluster, policy, rule) for rule in policy.rules(direction))


def _grant(cluster: Cluster, policy: Policy, rule: Rule) -> Grant:
    addresses = NOWHERE
    for block in rule.blocks:
        addresses |= block.addresses
    return Grant(
        policy=str(policy),
        everyone=rule.everyone,
        pods=cluster.on_nodes(addresses).union(*(cluster.selected(peer, policy) for peer in rule.peers)),
        addresses=addresses,
        ports=rule.numbered,
        named=rule.named,
    )
