"""Every operation of EKS that is answered, and what happens as time goes by."""

from collections.abc import Callable, Iterator, Mapping

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import (
    access,
    addons,
    catalogue,
    cluster_updates,
    clusters,
    fleet,
    logging,
    node_group_updates,
    node_groups,
    pod_identity,
    tags,
    updates,
    versions,
)
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import Records, key
from seatrial.rehearsal.account.emulator import Record

Operation = Callable[[Service, Record], Record]

OPERATIONS: Mapping[str, Operation] = {
    "AssociateAccessPolicy": access.associate,
    "AssociateEncryptionConfig": cluster_updates.associate_encryption,
    "CreateAccessEntry": access.create,
    "CreateAddon": addons.create,
    "CreateCluster": clusters.create,
    "CreateNodegroup": node_groups.create,
    "CreatePodIdentityAssociation": pod_identity.create,
    "DeleteAccessEntry": access.delete,
    "DeleteAddon": addons.delete,
    "DeleteCluster": clusters.delete,
    "DeleteNodegroup": node_groups.delete,
    "DeletePodIdentityAssociation": pod_identity.delete,
    "DescribeAccessEntry": access.describe,
    "DescribeAddon": addons.describe,
    "DescribeAddonConfiguration": lambda _, parameters: catalogue.configuration(parameters),
    "DescribeAddonVersions": lambda _, parameters: catalogue.describe(parameters),
    "DescribeCluster": clusters.describe,
    "DescribeClusterVersions": lambda _, parameters: versions.describe(parameters),
    "DescribeNodegroup": node_groups.describe,
    "DescribePodIdentityAssociation": pod_identity.describe,
    "DescribeUpdate": updates.describe,
    "DisassociateAccessPolicy": access.disassociate,
    "ListAccessEntries": access.listed,
    "ListAccessPolicies": lambda _service, _parameters: access.policies(),
    "ListAddons": addons.listed,
    "ListAssociatedAccessPolicies": access.associated,
    "ListClusters": clusters.listed,
    "ListFargateProfiles": lambda _service, _parameters: {"fargateProfileNames": []},
    "ListIdentityProviderConfigs": lambda _service, _parameters: {"identityProviderConfigs": []},
    "ListNodegroups": node_groups.listed,
    "ListPodIdentityAssociations": pod_identity.listed,
    "ListTagsForResource": tags.listed,
    "ListUpdates": updates.listed,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
    "UpdateAccessEntry": access.update,
    "UpdateAddon": addons.update,
    "UpdateClusterConfig": cluster_updates.update_config,
    "UpdateClusterVersion": cluster_updates.update_version,
    "UpdateNodegroupConfig": node_group_updates.update_config,
    "UpdateNodegroupVersion": node_group_updates.update_version,
    "UpdatePodIdentityAssociation": pod_identity.update,
}
"""AWS's name of an operation to what answers it."""


_MOVING = {"CREATING", "DELETING", "DEGRADED"}
"""Statuses that may end by themselves."""


def settle(service: Service) -> bool:
    """Let happen what has become due; say whether anything may have changed."""
    state = service.state
    moved = _end_updates(service)
    moved |= _each(service, _moving(state.addons), addons.settle)
    moved |= _each(service, _moving(state.nodegroups), node_groups.settle)
    moved |= _each(service, _resized(state.nodegroups), fleet.follow)
    if moved | service.observations.news():
        # Pods of add-ons start when nodes come, and end when nodes go.
        _each(service, state.addons, addons.settle)
    moved |= _each(service, _moving(state.clusters), clusters.settle)
    moved |= _each(service, _silent(state.clusters), lambda _, cluster: logging.write(cluster))
    moved |= _each(service, _undelivered(service), logging.deliver)
    return moved


def _moving(records: Records) -> Records:
    return {kept: record for kept, record in records.items() if record["status"] in _MOVING}


def _resized(records: Records) -> Records:
    """Give the groups whose instances are others than before."""
    return {kept: group for kept, group in _scoped(records) if fleet.is_resized(group)}


def _scoped(records: Records) -> Iterator[tuple[str, Record]]:
    """Give records one by one, each in its region."""
    for kept, record in list(records.items()):
        with emulator.scope(emulator.home(), kept.partition("\n")[0]):
            yield kept, record


def _silent(records: Records) -> Records:
    """Give the clusters whose log group is missing: they bring it back."""
    return {kept: cluster for kept, cluster in records.items() if logging.misses(cluster, kept.partition("\n")[0])}


def _undelivered(service: Service) -> Records:
    late = service.state.late_logs
    return {kept: it for kept, it in late.items() if logging.undelivered(service, kept.partition("\n")[0], it)}


def _each(service: Service, records: Records, act: Callable[[Service, Record], None]) -> bool:
    """Act on what is due; say whether anything was."""
    due = [kept for kept, record in records.items() if record["_due"] <= service.clock()]
    for kept in due:
        with emulator.scope(emulator.home(), kept.partition("\n")[0]):
            act(service, records[kept])
    return bool(due)


def _end_updates(service: Service) -> bool:
    running = {kept: update for kept, update in service.state.updates.items() if update["status"] == "InProgress"}
    return _each(service, running, _end_update)


def _end_update(service: Service, update: Record) -> None:
    cluster, *rest = update["_target"]
    kind, name = rest or ("cluster", "")
    kinds = {"cluster": service.state.clusters, "nodegroup": service.state.nodegroups, "addon": service.state.addons}
    target = kinds[kind][key(cluster, name) if name else key(cluster)]
    updates.settle(update, target)
    if kind == "nodegroup":
        node_group_updates.settle(service, target, update)
