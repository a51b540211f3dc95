"""The network policies: every namespace is closed, and open only where it must be."""

from typing import Final

from seatrial.acceptance.applicability import lacks_tenants, nothing_in_cluster
from seatrial.acceptance.expectations import distinct, equal, joined
from seatrial.acceptance.model import Case, Finding
from seatrial.acceptance.outputs import Outputs

_PURPOSES: Final = {
    "default-deny": "every namespace is closed by default",
    "allow-own-namespace": "every namespace may talk to itself",
    "allow-dns": "every namespace may look up names",
    "allow-https": "every namespace may use AWS and the internet, but not the instance metadata",
    "allow-pod-identity": "every namespace may get credentials from the Pod Identity agent",
    "allow-api-server": "pods of every namespace can ask for a way to the Kubernetes API",
    "allow-load-balancers": "pods of every namespace can ask for a way in from load balancers",
}
"""A policy's name to what it is there for."""


def _everywhere(policy: str) -> Finding:
    def check(outputs: Outputs) -> str | None:
        policies = outputs.lists_of("networkPolicyNames")
        without = [tenant for tenant in outputs.items_of("namespaces") if policy not in policies.get(tenant, ())]
        return f"networkPolicyNames has no {policy} in {', '.join(without)}" if without else None

    return check


def _every_namespace(outputs: Outputs) -> str | None:
    found, expected = sorted(outputs.lists_of("networkPolicyNames")), sorted(outputs.items_of("namespaces"))
    return equal("networkPolicyNames' namespaces", found, expected)


def _once(outputs: Outputs) -> str | None:
    policies = outputs.lists_of("networkPolicyNames")
    return joined(distinct(f"the policies of {tenant}", names) for tenant, names in policies.items())


def _enforced(outputs: Outputs) -> str | None:
    there = "vpc-cni" in outputs.map_of("addonVersions")
    return None if there else "addonVersions does not name vpc-cni; expected it to enforce the network policies"


CASES: Final = (
    Case(
        row=8,
        name="every namespace has network policies, and no other has",
        check=_every_namespace,
        not_applicable=nothing_in_cluster,
    ),
    *(
        Case(row=8, name=purpose, check=_everywhere(policy), not_applicable=lacks_tenants)
        for policy, purpose in _PURPOSES.items()
    ),
    Case(row=8, name="no network policy is made twice", check=_once, not_applicable=lacks_tenants),
    Case(
        row=8, name="network policies have the add-on that enforces them", check=_enforced, not_applicable=lacks_tenants
    ),
)
