"""Pods in their node's network are neither isolated nor selected, and share the exemption of their node's address."""

from collections.abc import Iterator

from seatrial.semantics.eks_enforcement.finding import AGENT, CONTROLLER, USER_GUIDE, Finding
from seatrial.semantics.eks_enforcement.situation import Situation
from seatrial.semantics.network_policy.policy import Direction, Peer, Policy


def find(situation: Situation) -> Iterator[Finding]:
    """Find policies that mean such pods in vain, and such pods that other pods reach in spite of their policies."""
    for policy in situation.as_pods.policies:
        yield from _isolated(situation, policy)
        yield from _selected(situation, policy)
    if any(not isolation.is_open for isolation in (*situation.ingress, *situation.egress)):
        yield from _exempt(situation)


def _isolated(situation: Situation, policy: Policy) -> Iterator[Finding]:
    pods = situation.as_pods.pods
    names = {str(pods[i].workload) for i in situation.as_pods.isolated(policy) if pods[i].host_network}
    for name in sorted(names):
        yield Finding(
            id="host-network",
            subject=f"NetworkPolicy {policy}",
            message=f"it selects {name}, which is in its node's network and isn't isolated",
            source=USER_GUIDE,
        )


def _selected(situation: Situation, policy: Policy) -> Iterator[Finding]:
    for direction in Direction:
        for rule in policy.rules(direction):
            if any(_is_in_vain(situation, policy, peer) for peer in rule.peers):
                yield Finding(
                    id="host-network",
                    subject=f"NetworkPolicy {policy}",
                    message=f"a peer of its {direction.lower()} rules means only pods in their node's network, which"
                    " selectors don't find; name the nodes' subnets in an ipBlock",
                    source=CONTROLLER,
                )


def _is_in_vain(situation: Situation, policy: Policy, peer: Peer) -> bool:
    return bool(situation.as_pods.selected(peer, policy)) and not situation.enforced.selected(peer, policy)


def _exempt(situation: Situation) -> Iterator[Finding]:
    for name in sorted({str(pod.workload) for pod in situation.enforced.pods if pod.host_network}):
        yield Finding(
            id="node-address",
            subject=name,
            message="it has its node's address: pods of the same node reach it, and it them, whatever policies say",
            source=AGENT,
        )
