"""How each kind of leftover is found and deleted."""

from collections.abc import Collection, Mapping

from seatrial.ownership import Kind
from seatrial.sweep import instances, load_balancers, log_groups, network_interfaces, security_groups, volumes
from seatrial.sweep.model import Clients, Leftover, Search

SEARCHES: Mapping[Kind, Search] = {
    Kind.INSTANCE: Search(instances.find, instances.delete),
    Kind.LOAD_BALANCER: Search(load_balancers.find_balancers, load_balancers.delete_balancer),
    Kind.CLASSIC_LOAD_BALANCER: Search(load_balancers.find_classic, load_balancers.delete_classic),
    Kind.TARGET_GROUP: Search(load_balancers.find_target_groups, load_balancers.delete_target_group),
    Kind.NETWORK_INTERFACE: Search(network_interfaces.find, network_interfaces.delete),
    Kind.VOLUME: Search(volumes.find_volumes, volumes.delete_volume),
    Kind.SNAPSHOT: Search(volumes.find_snapshots, volumes.delete_snapshot),
    Kind.SECURITY_GROUP: Search(security_groups.find, security_groups.delete),
    Kind.LOG_GROUP: Search(log_groups.find, log_groups.delete),
}


def find(clients: Clients, cluster: str, kinds: Collection[Kind]) -> list[Leftover]:
    """Give what a cluster has in the account of some kinds, once each, in the order in which it can be deleted.

    Raises:
        botocore.exceptions.ClientError: AWS refuses a list.

    """
    found: dict[tuple[Kind, str], Leftover] = {}
    for kind in Kind:
        if kind in kinds:
            for leftover in SEARCHES[kind].find(clients, cluster):
                found.setdefault((kind, leftover.id), leftover)
    return list(found.values())


def delete(clients: Clients, leftover: Leftover) -> None:
    """Delete one; see :class:`Search`."""
    SEARCHES[leftover.kind].delete(clients, leftover)
