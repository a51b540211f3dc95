"""The agent keeps 24 combinations of protocol and ports for each peer."""

from collections.abc import Iterator, Mapping

from seatrial.semantics.eks_enforcement.finding import USER_GUIDE, Finding
from seatrial.semantics.eks_enforcement.situation import Situation
from seatrial.semantics.network_policy.policy import Block, Direction, NamedPort, Peer, Policy, Rule

LIMIT = 24
"""Combinations for one peer in one direction of a policy; a range of ports is one."""


def find(situation: Situation) -> Iterator[Finding]:
    """Find the peers that have more."""
    for policy in situation.enforced.policies:
        for direction in Direction:
            for count in sorted(len(ports) for ports in _by_peer(policy, direction).values() if len(ports) > LIMIT):
                yield Finding(
                    id="port-combinations",
                    subject=f"NetworkPolicy {policy}",
                    message=f"its {direction.lower()} rules give one peer {count} combinations of protocol and ports;"
                    f" {LIMIT} are enforced: join neighbouring ports with endPort",
                    source=USER_GUIDE,
                )


def _by_peer(policy: Policy, direction: Direction) -> Mapping[Peer | Block | None, set[object]]:
    found: dict[Peer | Block | None, set[object]] = {}
    for rule in policy.rules(direction):
        for peer in _peers(rule):
            found.setdefault(peer, set()).update(_combinations(rule))
    return found


def _peers(rule: Rule) -> tuple[Peer | Block | None, ...]:
    return (None,) if rule.everyone else (*rule.peers, *rule.blocks)


def _combinations(rule: Rule) -> tuple[tuple[object, ...] | NamedPort, ...]:
    return (*rule.ranges, *rule.named)
