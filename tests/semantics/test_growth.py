"""What evaluators do grows with what they are given, not with its square."""

import cProfile
import pstats
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, cast

import pytest

from seatrial.semantics import eks_enforcement, network_policy, pod_security, rbac
from seatrial.semantics.network_policy import HostNetwork, isolation
from seatrial.semantics.network_policy.pods import Pod
from seatrial.semantics.network_policy.policy import Direction

FEW, SOME, MANY = 10, 20, 30
"""Namespaces, at equal distances."""

Object = Mapping[str, Any]


def namespace(number: int) -> list[Object]:
    """Describe a tenant: a workload, what it may be reached by and reach, who reads it."""
    name = f"team-{number}"
    metadata = {"name": "one", "namespace": name}
    template = {"metadata": {"labels": {"app": "one"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    kubernetes = {"ipBlock": {"cidr": "10.0.0.1/32"}}
    everything: Object = {}
    policy: Object = {
        "podSelector": everything,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": everything}]}],
        "egress": [{"to": [{"podSelector": everything}, kubernetes]}],
    }
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    subjects = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": name}]
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": template}},
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": policy},
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": role,
            "subjects": subjects,
        },
    ]


def objects(number: int) -> list[Object]:
    return [each for index in range(number) for each in namespace(index)]


def calls(asked: Callable[[Sequence[Object]], object], given: Sequence[Object]) -> int:
    profile = cProfile.Profile()
    profile.runcall(asked, given)
    return cast("int", vars(pstats.Stats(profile))["total_calls"])


def connections(given: Sequence[Object]) -> object:
    return network_policy.connections(given, HostNetwork.AS_NODES)


def refused_pods(given: Sequence[Object]) -> object:
    return [pod_security.violations(each, "restricted", "latest") for each in given]


def who_reads(given: Sequence[Object]) -> object:
    known = rbac.read(given)
    names = [each["metadata"]["name"] for each in given if each["kind"] == "Namespace"]
    return [known.who_can(rbac.Request(verb="get", resource="pods", namespace=name, name="any")) for name in names]


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(connections, id="connections"),
        pytest.param(eks_enforcement.findings, id="what EKS enforces"),
        pytest.param(refused_pods, id="Pod Security"),
        pytest.param(who_reads, id="who can"),
    ],
)
def test_as_many_namespaces_again_cost_as_much_again(asked: Callable[[Sequence[Object]], object]) -> None:
    # Once for what is read when it is first asked for.
    calls(asked, objects(FEW))
    few, some, many = (calls(asked, objects(number)) for number in (FEW, SOME, MANY))

    # 2 for what is linear, 2.67 for the square.
    assert (many - few) / (some - few) < 2.2


class Counted(tuple[Pod, ...]):
    """Pods that count how often one is looked at in passing."""

    __slots__ = ()
    looks: ClassVar[list[Pod]] = []

    def __iter__(self) -> Iterator[Pod]:
        for each in super().__iter__():
            self.looks.append(each)
            yield each


def test_a_rule_that_means_addresses_does_not_look_at_every_pod() -> None:
    found = network_policy.read(objects(MANY), HostNetwork.AS_NODES)
    Counted.looks.clear()

    isolation.isolations(replace(found, pods=Counted(found.pods)), Direction.EGRESS)

    assert len(found.pods) == MANY
    assert len(Counted.looks) <= MANY
