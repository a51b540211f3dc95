"""All that can go into a cluster, made at once."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import pytest

from seatrial.config import Access, PodSecurity, Tenant
from seatrial.manifests import (
    Manifest,
    irsa_demo,
    network_policies,
    node_local_dns,
    spot_demo,
    storage,
    tenancy,
)
from seatrial.manifests.charts import cluster_autoscaler, load_balancer_controller, node_termination_handler
from seatrial.manifests.network_policies import Surroundings

Make: TypeAlias = Callable[..., list[Manifest]]

NETWORK, SERVICES = "10.0.0.0/16", "172.20.0.0/16"
KEY = "arn:aws:kms:us-east-2:123456789012:key/1"
ROLE = "arn:aws:iam::123456789012:role/one"
TENANTS = {
    "dev": Tenant(pod_security=PodSecurity.BASELINE, access=Access.READ_WRITE),
    "prod": Tenant(pod_security=PodSecurity.RESTRICTED, access=Access.READ_ONLY, group="payers"),
}
TAINTS = [
    {"key": "seatrial.io/spot", "value": "true", "effect": "NO_SCHEDULE"},
    {"key": "a", "value": "b", "effect": "NO_EXECUTE"},
    {"key": "a", "value": "b", "effect": "PREFER_NO_SCHEDULE"},
    {"key": "a", "value": "b", "effect": "NO_EXECUTE"},
]


@pytest.fixture
def around() -> Callable[..., Surroundings]:
    """Lay out what is around a namespace: of the default network, with what is said otherwise."""

    def make(**other: Any) -> Surroundings:
        usual: dict[str, Any] = {"network": NETWORK, "services": SERVICES, "zone_count": 2, "node_local_dns": True}
        usual["interface_endpoints"] = False
        usual.update(other)
        return network_policies.surroundings(**usual)

    return make


@pytest.fixture
def make(around: Callable[..., Surroundings]) -> Make:
    """Make every object that the platform itself puts into a cluster of a version."""

    def objects(version: str = "1.36") -> list[Manifest]:
        return [*_cluster_wide(), *_of_tenants(version, around()), *_demonstrations()]

    return objects


def _cluster_wide() -> Sequence[Manifest]:
    return (
        storage.storage_class(KEY, default=True),
        *node_local_dns.objects(SERVICES),
        load_balancer_controller.account(ROLE),
        cluster_autoscaler.account(ROLE),
        node_termination_handler.account(),
    )


def _of_tenants(version: str, around: Surroundings) -> Sequence[Manifest]:
    return [
        each
        for namespace, tenant in TENANTS.items()
        for each in (
            *tenancy.objects(namespace, tenant, version),
            *network_policies.policies(namespace, around),
        )
    ]


def _demonstrations() -> Sequence[Manifest]:
    return (
        irsa_demo.account("dev", ROLE),
        irsa_demo.test_pod("dev", "bucket", "us-east-2"),
        *spot_demo.objects("dev", 2, TAINTS),
    )
