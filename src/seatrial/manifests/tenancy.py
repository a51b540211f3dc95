"""A team's place in the cluster: what its pods may do, what they may take, what its people may do."""

from seatrial.config import Limits, Quota, Tenant
from seatrial.manifests import team_role
from seatrial.manifests.manifest import Manifest, manifest
from seatrial.manifests.service_accounts import service_account

TENANT = "seatrial.io/tenant"
"""Label of a tenant's namespace."""

WORKLOAD = "workload"
"""Service account for the team's own workloads, of which none has to be ``default``."""

_ALL = "tenant"
"""Name of each object of which a namespace has one."""


def objects(namespace: str, tenant: Tenant, version: str) -> list[Manifest]:
    """Make all of a tenant but its network policies: the namespace first, then what is in it, in any order.

    Args:
        namespace: What the namespace is called.
        tenant: As described.
        version: Kubernetes minor of the cluster, ``1.36``: by it the Pod Security Standards are read.

    """
    return [
        place(namespace, tenant, version),
        quota(namespace, tenant.quota),
        limit_range(namespace, tenant.limits),
        *team_role.objects(namespace, tenant.access, tenant.group_of(namespace)),
        *service_accounts(namespace),
    ]


def place(namespace: str, tenant: Tenant, version: str) -> Manifest:
    """Make the namespace; pods that break its level are refused, warned of and audited."""
    level, pinned = tenant.pod_security.value, f"v{version}"
    modes = {f"pod-security.kubernetes.io/{mode}": level for mode in ("audit", "enforce", "warn")}
    # Pinned: an upgrade of the cluster doesn't change what is refused.
    versions = {f"{mode}-version": pinned for mode in modes}
    return manifest("v1", "Namespace", namespace, labelled={**modes, **versions, TENANT: namespace})


def quota(namespace: str, chosen: Quota) -> Manifest:
    """Make the sum of what all pods may take. No sum of CPU limits: a limit would only slow pods down."""
    hard = {
        "limits.memory": chosen.memory_limit,
        "persistentvolumeclaims": str(chosen.volume_claims),
        "pods": str(chosen.pods),
        "requests.cpu": chosen.cpu,
        "requests.memory": chosen.memory,
        "requests.storage": chosen.storage,
        "services.loadbalancers": str(chosen.load_balancers),
    }
    return manifest("v1", "ResourceQuota", _ALL, namespace=namespace, spec={"hard": hard})


def limit_range(namespace: str, chosen: Limits) -> Manifest:
    """Make what a container takes that doesn't say: with a quota, a pod that says nothing would be refused."""
    container = {
        "default": {"memory": chosen.memory_limit},
        "defaultRequest": {"cpu": chosen.cpu_request, "memory": chosen.memory_request},
        "max": {"memory": chosen.memory_most},
        "type": "Container",
    }
    return manifest("v1", "LimitRange", _ALL, namespace=namespace, spec={"limits": [container]})


def service_accounts(namespace: str) -> list[Manifest]:
    """Make who the team's pods may be: neither has a token, and ``default``, which Kubernetes makes, loses its."""
    return [service_account(namespace, name, token=False) for name in ("default", WORKLOAD)]
