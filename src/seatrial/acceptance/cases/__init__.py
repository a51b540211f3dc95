"""Every case of the suite, in the order of the report."""

from typing import Final

from seatrial.acceptance.cases import (
    addons,
    cluster,
    controllers,
    dns,
    encryption,
    irsa_demo,
    kubeconfig,
    kubernetes,
    network,
    network_policies,
    node_groups,
    roles,
    stack,
    storage,
    tenancy,
)
from seatrial.acceptance.model import Case

CASES: Final[tuple[Case, ...]] = (
    *network.CASES,
    *cluster.CASES,
    *kubeconfig.CASES,
    *encryption.CASES,
    *node_groups.CASES,
    *addons.CASES,
    *storage.CASES,
    *controllers.CASES,
    *tenancy.CASES,
    *network_policies.CASES,
    *dns.CASES,
    *irsa_demo.CASES,
    *stack.CASES,
    *kubernetes.CASES,
    *roles.CASES,
)
"""Every case of the suite."""
