"""The policies that the API server keeps are those of the plan, and mean what the platform promises."""

from collections.abc import Iterator
from typing import Any

import pytest

from seatrial.semantics import network_policy

pytestmark = pytest.mark.rehearsal

_POLICY = ("networking.k8s.io/v1", "NetworkPolicy")


def _workload(name: str, namespace: str, labels: dict[str, str], *numbers: tuple[str, int]) -> dict[str, Any]:
    ports = [{"protocol": protocol, "containerPort": number} for protocol, number in numbers]
    container = {"name": "app", "image": "app", "ports": ports}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


def _workloads(tenants: list[str]) -> Iterator[dict[str, Any]]:
    for tenant in tenants:
        for name in ("web", "db"):
            yield _workload(name, tenant, {"app": name}, ("TCP", 8080))
    yield _workload("coredns", "kube-system", {"k8s-app": "kube-dns"}, ("TCP", 53), ("UDP", 53))
    yield _workload("other", "kube-system", {"app": "other"}, ("TCP", 8080))


def _cluster(running: Any) -> network_policy.Cluster:
    kept = running.cluster()
    objects = [*kept.list("v1", "Namespace"), *kept.list(*_POLICY), *_workloads(list(running.platform.tenants))]
    return network_policy.read(objects)


def _passes(cluster: network_policy.Cluster, source: str, destination: str, port: int, protocol: str = "TCP") -> bool:
    return network_policy.explain(cluster, source, destination, port, protocol).allowed


def test_tenants_are_isolated_from_one_another_and_from_the_system(running: Any) -> None:
    cluster, tenants = _cluster(running), list(running.platform.tenants)
    ends = [f"{tenant}/{name}" for tenant in tenants for name in ("web", "db")]

    allowed = {
        (source, destination)
        for source in [*ends, "kube-system/other"]
        for destination in [*ends, "kube-system/other"]
        if source != destination and _passes(cluster, source, destination, 8080)
    }

    within = {(f"{tenant}/{a}", f"{tenant}/{b}") for tenant in tenants for a, b in (("web", "db"), ("db", "web"))}
    assert allowed == within


@pytest.mark.parametrize("protocol", ["TCP", "UDP"])
def test_everybody_may_ask_for_names(running: Any, protocol: str) -> None:
    cluster = _cluster(running)

    for tenant in running.platform.tenants:
        assert _passes(cluster, f"{tenant}/web", "kube-system/coredns", 53, protocol)
        assert _passes(cluster, f"{tenant}/web", running.outputs["dnsServiceIp"], 53, protocol)


def test_what_the_world_may_and_may_not_be_asked(running: Any) -> None:
    cluster = _cluster(running)

    for tenant in running.platform.tenants:
        source = f"{tenant}/web"
        assert _passes(cluster, source, "52.95.110.1", 443), "AWS's own APIs"
        assert _passes(cluster, source, "169.254.170.23", 80), "the Pod Identity agent"
        for port in (80, 443):
            assert not _passes(cluster, source, "169.254.169.254", port), "the instance metadata service"
        assert not _passes(cluster, source, "52.95.110.1", 25)
        assert not _passes(cluster, source, "52.95.110.1", 22)


def test_nobody_outside_reaches_a_tenant(running: Any) -> None:
    cluster = _cluster(running)

    for tenant in running.platform.tenants:
        assert not _passes(cluster, "203.0.113.9", f"{tenant}/web", 8080)


_EVERYTHING_DENIED: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]}


def test_every_namespace_of_a_tenant_denies_by_default(running: Any) -> None:
    for tenant in running.platform.tenants:
        policies = running.cluster().list(*_POLICY, tenant)
        assert [each["spec"] for each in policies].count(_EVERYTHING_DENIED) == 1


def test_no_rule_names_ports_without_a_peer(running: Any) -> None:
    """The plugin takes the most specific range: what one rule excepts, a rule of ports alone doesn't give back."""
    for tenant in running.platform.tenants:
        for policy in running.cluster().list(*_POLICY, tenant):
            for rule in policy["spec"].get("egress", []):
                assert rule.get("to"), f"{policy['metadata']['name']} names ports without a peer"
