"""What there is of a cluster's in an account, and how the cluster stands: what a person wants to see first."""

from collections.abc import Collection
from dataclasses import dataclass

from seatrial.ownership import Kind
from seatrial.sweep import searches
from seatrial.sweep.account import Account, cluster_status, reported
from seatrial.sweep.model import Leftover

_CONTROLLERS = frozenset(
    {Kind.LOAD_BALANCER, Kind.CLASSIC_LOAD_BALANCER, Kind.TARGET_GROUP, Kind.VOLUME, Kind.SNAPSHOT}
)
"""What controllers made, and can delete as long as they run; everything else ends with the cluster by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found."""

    account: Account
    cluster: str

    status: str
    """What EKS says of the cluster: ``ACTIVE``; empty when it is gone, and only then is something left over."""

    leftovers: tuple[Leftover, ...]
    """In the order in which they can be deleted."""


def look(account: Account, cluster: str, kinds: Collection[Kind]) -> Found:
    """Find what a cluster left of some kinds or, as long as it is there, what its controllers have in the account.

    Raises:
        EnvironmentFault: AWS refuses, or can't be reached.

    """
    status = cluster_status(account, cluster)
    wanted = _CONTROLLERS.intersection(kinds) if status else kinds
    with reported():
        leftovers = searches.find(account.clients, cluster, wanted)
    return Found(account=account, cluster=cluster, status=status, leftovers=tuple(leftovers))
