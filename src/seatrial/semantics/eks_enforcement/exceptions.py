"""The most specific CIDR block decides: what one rule excepts, a wider rule doesn't give back."""

from collections.abc import Iterator
from itertools import permutations

from seatrial.semantics.eks_enforcement.finding import AGENT, Finding
from seatrial.semantics.eks_enforcement.situation import Situation
from seatrial.semantics.network_policy.addresses import Network, of_network
from seatrial.semantics.network_policy.policy import Block, Direction, Policy, Rule


def find(situation: Situation) -> Iterator[Finding]:
    """Find rules that mean, in a wider block or none at all, what another rule of the same pods excepts."""
    found: dict[Finding, None] = {}
    for policies in situation.isolating():
        for direction in Direction:
            found |= dict.fromkeys(_hidden(policies, direction))
    yield from found


def _hidden(policies: tuple[Policy, ...], direction: Direction) -> Iterator[Finding]:
    rules = [(item, rule) for item in policies if direction in item.isolates for rule in item.rules(direction)]
    for (policy, rule), (excepting, other) in permutations(rules, 2):
        for block in other.blocks:
            for network in block.excepted:
                if _means_around(rule, network):
                    yield _finding(policy, excepting, direction, network)


def _means_around(rule: Rule, network: Network) -> bool:
    return rule.everyone or any(_is_around(block, network) for block in rule.blocks)


def _is_around(block: Block, network: Network) -> bool:
    return (
        block.network.version == network.version
        and block.network.prefixlen < network.prefixlen
        and block.addresses.covers(of_network(network))
    )


def _finding(policy: Policy, excepting: Policy, direction: Direction, network: Network) -> Finding:
    return Finding(
        id="excepted-block",
        subject=f"NetworkPolicy {policy}",
        message=f"its {direction.lower()} rules don't reach {network}, which {excepting} excepts for the same pods: the"
        " most specific block decides; name the peer itself",
        source=f"{AGENT}/issues/146",
    )
