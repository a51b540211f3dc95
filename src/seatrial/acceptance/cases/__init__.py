"""Every case of the suite, in the order of the report."""

from typing import Final

from seatrial.acceptance.cases import addons, cluster, encryption, kubeconfig, network, node_groups, roles, stack
from seatrial.acceptance.model import Case

CASES: Final[tuple[Case, ...]] = (
    *network.CASES,
    *cluster.CASES,
    *kubeconfig.CASES,
    *encryption.CASES,
    *node_groups.CASES,
    *addons.CASES,
    *stack.CASES,
    *roles.CASES,
)
"""Every case of the suite."""
