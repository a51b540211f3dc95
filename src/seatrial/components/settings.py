"""From the description to the settings of each component: plain values in, plain values out."""

import json
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from seatrial import cidr, names
from seatrial.components import in_cluster_settings
from seatrial.components.addon_roles import EBS_CSI, VPC_CNI
from seatrial.components.addons import AddonArgs
from seatrial.components.cluster import ClusterSettings
from seatrial.components.encryption import EncryptionSettings
from seatrial.components.environment import AccountArgs
from seatrial.components.in_cluster import InClusterSettings
from seatrial.components.network import NetworkSettings
from seatrial.components.node_groups import NodeGroupArgs
from seatrial.components.platform import PlatformArgs
from seatrial.config import Addon, Addons, Cluster, CoreDns, Encryption, Nat, Network, NodeGroup, Platform, VpcCni

_SNAPSHOTS = "snapshot-controller"


def platform(chosen: Platform, account: AccountArgs, zones: Sequence[str]) -> PlatformArgs:
    """Give the platform component all that the description, the account and its zones decide."""
    tags = shared_tags(chosen)
    return {
        "environment_suffix": chosen.environment_suffix,
        "account": account,
        "tags": tags,
        "encryption": encryption(chosen.encryption),
        "network": network(chosen.network, zones),
        "cluster": cluster(chosen.cluster),
        "addons_before_nodes": addons_before_nodes(chosen.addons),
        "node_groups": {key: node_group(group) for key, group in chosen.node_groups.items()},
        "addons_after_nodes": addons_after_nodes(chosen.addons, tags),
        **_in_cluster(chosen),
    }


class _InCluster(TypedDict):
    """Inputs of a platform that puts something into its cluster."""

    deploy_as: NotRequired[str]
    in_cluster: NotRequired[InClusterSettings]


def _in_cluster(chosen: Platform) -> _InCluster:
    if not chosen.kubernetes.enabled:
        return {}
    return {"deploy_as": chosen.deploys_as, "in_cluster": in_cluster_settings.in_cluster(chosen)}


def shared_tags(chosen: Platform) -> dict[str, str]:
    """Return the tags of every taggable resource."""
    return names.tags(
        environment=chosen.environment,
        suffix=chosen.environment_suffix,
        project=chosen.project,
        owner=chosen.owner,
        cost_center=chosen.cost_center,
        user=chosen.tags,
    )


def network(chosen: Network, zones: Sequence[str]) -> NetworkSettings:
    """Lay the subnets over the zones; without NAT the endpoints are the only way to AWS."""
    subnets = dict(zip(zones, cidr.zone_subnets(chosen.cidr_block, len(zones)), strict=True))
    settings: NetworkSettings = {
        "cidr_block": chosen.cidr_block,
        "public_subnets": {zone: pair.public for zone, pair in subnets.items()},
        "private_subnets": {zone: pair.private for zone, pair in subnets.items()},
        "nat": chosen.nat,
        "interface_endpoints": chosen.interface_endpoints or chosen.nat is Nat.NONE,
    }
    if chosen.flow_logs.enabled:
        settings["flow_log_retention_days"] = chosen.flow_logs.retention_days
    return settings


def encryption(chosen: Encryption) -> EncryptionSettings:
    """Take over the keys' rotation and deletion window."""
    return {"rotation_days": chosen.rotation_days, "deletion_window_days": chosen.deletion_window_days}


def cluster(chosen: Cluster) -> ClusterSettings:
    """Take over the control plane; who may reach a public endpoint is only said when there is one."""
    settings: ClusterSettings = {
        "kubernetes_version": chosen.version,
        "service_cidr": chosen.service_cidr,
        "log_retention_days": chosen.log_retention_days,
        "deletion_protection": chosen.deletion_protection,
        "support_type": chosen.support_type.value,
        "zonal_shift": chosen.zonal_shift,
        "admins": dict(chosen.admins),
    }
    if chosen.endpoint.public:
        settings["public_access_cidrs"] = list(chosen.endpoint.public_access_cidrs)
    return settings


def node_group(chosen: NodeGroup) -> NodeGroupArgs:
    """Take over a group; every node says by label what it is bought as and what it is for."""
    bought = chosen.capacity_type.value.lower().replace("_", "-")
    return {
        "capacity_type": chosen.capacity_type.value,
        "instance_types": list(chosen.instance_types),
        "ami_type": chosen.ami_type.value,
        "min_size": chosen.min_size,
        "desired_size": chosen.desired_size,
        "max_size": chosen.max_size,
        "disk_size_gib": chosen.disk_size_gib,
        "labels": {"node-type": bought, "workload": "general", **chosen.labels},
        "taints": [{"key": taint.key, "value": taint.value, "effect": taint.effect.value} for taint in chosen.taints],
        "max_unavailable_percentage": chosen.max_unavailable_percentage,
        "node_repair": chosen.node_repair,
    }


def addons_before_nodes(chosen: Addons) -> dict[str, AddonArgs]:
    """Give what a node needs to become ready: DaemonSets, which are active with no node at all."""
    return _enabled(
        {
            "eks-pod-identity-agent": (chosen.pod_identity_agent, None),
            "kube-proxy": (chosen.kube_proxy, None),
            VPC_CNI: (chosen.vpc_cni, _vpc_cni(chosen.vpc_cni)),
        }
    )


def addons_after_nodes(chosen: Addons, tags: Mapping[str, str]) -> dict[str, AddonArgs]:
    """Give what needs nodes to run on: Deployments, which stay degraded without."""
    addons = _enabled(
        {
            _SNAPSHOTS: (chosen.snapshot_controller, None),
            EBS_CSI: (chosen.ebs_csi, _ebs_csi(tags)),
            "coredns": (chosen.coredns, _coredns(chosen.coredns)),
            "metrics-server": (chosen.metrics_server, None),
        }
    )
    # The driver only starts its snapshotter where it finds the snapshot controller's resource definitions.
    if _SNAPSHOTS in addons and EBS_CSI in addons:
        addons[EBS_CSI]["after"] = [_SNAPSHOTS]
    return addons


def _enabled(addons: Mapping[str, tuple[Addon, Mapping[str, object] | None]]) -> dict[str, AddonArgs]:
    return {name: _addon(addon, values) for name, (addon, values) in addons.items() if addon.enabled}


def _addon(chosen: Addon, values: Mapping[str, object] | None) -> AddonArgs:
    args: AddonArgs = {}
    if chosen.version:
        args["version"] = chosen.version
    if values:
        args["configuration"] = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return args


def _vpc_cni(chosen: VpcCni) -> dict[str, object]:
    """Its schema takes text only, ``"true"`` for true."""
    values: dict[str, object] = {"enableNetworkPolicy": "true" if chosen.network_policy else "false"}
    if chosen.prefix_delegation:
        values["env"] = {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"}
    return values


def _ebs_csi(tags: Mapping[str, str]) -> dict[str, object]:
    """Tag volumes like everything else; its own default StorageClass would not use the platform's key."""
    return {"controller": {"extraVolumeTags": dict(tags)}, "defaultStorageClass": {"enabled": False}}


def _coredns(chosen: CoreDns) -> dict[str, object]:
    """Spread over zones and never drained away: every lookup in the cluster depends on one replica."""
    spread = {
        "labelSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
    }
    return {
        **_coredns_size(chosen),
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
        "topologySpreadConstraints": [spread],
    }


def _coredns_size(chosen: CoreDns) -> dict[str, object]:
    if chosen.max_replicas is None:
        return {"replicaCount": chosen.replicas}
    bounds = {"enabled": True, "minReplicas": chosen.replicas, "maxReplicas": chosen.max_replicas}
    return {"autoScaling": bounds}
