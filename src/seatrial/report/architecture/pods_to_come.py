"""Pods that a namespace may get: what network policies tell apart, before anybody has deployed it."""

from collections.abc import Iterable, Iterator

from seatrial.rules.facts.isolation import ANY_POD, Isolation
from seatrial.semantics.network_policy.labels import Operator, Selector
from seatrial.semantics.network_policy.policy import Direction, Peer, Policy

ANOTHER_POD = "another pod"
"""Name of a second pod without labels: what passes within a namespace is told by two."""

_NAME = "kubernetes.io/metadata.name"

Labels = frozenset[tuple[str, str]]
"""Labels that a pod has, and no others."""


def manifests(isolation: Isolation, planned: Iterable[str]) -> list[dict[str, object]]:
    """Return one workload for each set of labels that a policy names, and one without labels in each namespace.

    A set of labels is what a selector wants to be equal; what it says besides (``matchExpressions`` other than of one
    value) makes no pod of its own.
    """
    names = tuple(planned)
    wanted = [(name, frozenset[tuple[str, str]]()) for name in names]
    wanted += [each for written in isolation.written if written.policy for each in _of_policy(written.policy, names)]
    return [_workload(namespace, labels) for namespace, labels in dict.fromkeys(wanted)]


def _of_policy(policy: Policy, planned: tuple[str, ...]) -> Iterator[tuple[str, Labels]]:
    yield policy.namespace, _labels(policy.pods)
    for direction in Direction:
        for rule in policy.rules(direction):
            for peer in rule.peers:
                yield from ((name, _labels(peer.pods)) for name in _where(policy, peer, planned))


def _where(policy: Policy, peer: Peer, planned: tuple[str, ...]) -> tuple[str, ...]:
    if peer.namespaces is None:
        return (policy.namespace,)
    named = dict(_labels(peer.namespaces)).get(_NAME)
    return (named,) if named else planned


def _labels(selector: Selector) -> Labels:
    single = (each for each in selector.expressions if each.operator is Operator.IN and len(each.values) == 1)
    return frozenset((each.key, value) for each in single for value in each.values)


def _workload(namespace: str, labels: Labels) -> dict[str, object]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"namespace": namespace, "name": _name(labels)},
        "spec": {"template": {"metadata": {"labels": dict(labels)}, "spec": {"containers": []}}},
    }


def _name(labels: Labels) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(labels)) or ANOTHER_POD


def told(workload: str) -> str:
    """Say which pods a workload stands for; nothing for those without labels."""
    return "" if workload in {ANY_POD, ANOTHER_POD} else workload
