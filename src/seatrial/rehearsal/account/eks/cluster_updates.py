"""Changes of a cluster: one kind at a time, as on AWS."""

from typing import Any

from seatrial.rehearsal.account.eks import clusters, logging, network, refusal, updates, versions
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record

_KINDS = {
    "accessConfig": ("AccessConfigUpdate", "AuthenticationMode"),
    "upgradePolicy": ("UpgradePolicyUpdate", "UpgradePolicy"),
    "zonalShiftConfig": ("ZonalShiftConfigUpdate", "ZonalShiftConfig"),
    "deletionProtection": ("DeletionProtectionUpdate", "DeletionProtection"),
    "remoteNetworkConfig": ("RemoteNetworkConfigUpdate", "RemoteNetworkConfig"),
    "controlPlaneScalingConfig": ("ControlPlaneScalingConfigUpdate", "UpdatedTier"),
    "kubeApiServerConfig": ("ControlPlaneComponentConfigUpdate", "KubeApiServerConfig"),
    "kubeSchedulerConfig": ("ControlPlaneComponentConfigUpdate", "KubeSchedulerConfig"),
    "kubeControllerManagerConfig": ("ControlPlaneComponentConfigUpdate", "KubeControllerManagerConfig"),
    "computeConfig": ("AutoModeUpdate", "ComputeConfig"),
    "kubernetesNetworkConfig": ("AutoModeUpdate", "KubernetesNetworkConfig"),
    "storageConfig": ("AutoModeUpdate", "StorageConfig"),
}
"""Member of the request to the type of its update and the name of its parameter."""

_AUTO_MODE = {"computeConfig", "kubernetesNetworkConfig", "storageConfig"}

_MODES = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
"""Authentication modes in the only direction in which they may change."""


def update_config(service: Service, parameters: Record) -> Record:
    """UpdateClusterConfig."""
    cluster = _changeable(service, parameters["name"])
    given = {name: value for name, value in parameters.items() if name in _KINDS or name in _OWN}
    if not given:
        refusal.invalid("No changes needed for the cluster: nothing to update was given")
    if len(given) > 1 and not given.keys() <= _AUTO_MODE:
        refusal.invalid("Only one type of update can be allowed.")
    name, value = next(iter(given.items()))
    if name in _OWN:
        return _OWN[name](service, cluster, value)
    return _simple(service, cluster, given)


def _changeable(service: Service, name: str) -> Record:
    cluster = service.cluster(name)
    if cluster["status"] == "UPDATING":
        refusal.in_use(f"Cannot update because cluster {name} currently has an update in progress")
    if cluster["status"] != "ACTIVE":
        refusal.request(f"Cluster '{name}' is not in ACTIVE status")
    return cluster


def _begin(service: Service, cluster: Record, kind: str, params: Record, changes: Record) -> Record:
    cluster["status"] = "UPDATING"
    return updates.begin(service, kind, params, (cluster["name"],), changes)


def _simple(service: Service, cluster: Record, given: Record) -> Record:
    if all(_same(cluster.get(name), value) for name, value in given.items()):
        refusal.invalid(f"No changes needed for the {', '.join(given)} provided")
    if "accessConfig" in given:
        _check_mode(cluster, given["accessConfig"])
    params = {_KINDS[name][1]: value for name, value in given.items()}
    return _begin(service, cluster, _KINDS[next(iter(given))][0], params, given)


def _same(current: Any, wanted: Any) -> bool:
    """Whether a change changes nothing: members that it leaves out stay."""
    if isinstance(current, dict) and isinstance(wanted, dict):
        return {**current, **wanted} == current
    return bool(current == wanted)


def _check_mode(cluster: Record, config: Record) -> None:
    current, wanted = cluster["accessConfig"]["authenticationMode"], config.get("authenticationMode", "")
    if wanted in _MODES and _MODES.index(wanted) != _MODES.index(current) + 1:
        refusal.request(f"Unsupported authentication mode update from {current} to {wanted}")


def _update_logging(service: Service, cluster: Record, requested: Record) -> Record:
    wanted = logging.merged(cluster["logging"], requested)
    if wanted == cluster["logging"]:
        refusal.invalid("No changes needed for the logging config provided")
    return _begin(service, cluster, "LoggingUpdate", {"ClusterLogging": wanted}, {"logging": wanted})


def _update_vpc(service: Service, cluster: Record, requested: Record) -> Record:
    current = cluster["resourcesVpcConfig"]
    if _same(current, requested):
        refusal.invalid("Cluster is already at the desired configuration")
    clusters.check_access({**current, **requested})
    # Where a control plane is and how it is reached are two kinds of change.
    placed = {name for name in ("subnetIds", "securityGroupIds") if name in requested}
    if placed and len(placed) < len(requested):
        refusal.invalid("Only one type of update can be allowed.")
    if "subnetIds" in requested:
        _check_move(current, requested["subnetIds"])
    network.groups_of(current["vpcId"], requested.get("securityGroupIds", []))
    kind = "VpcConfigUpdate" if placed else "EndpointAccessUpdate"
    params = {_VPC_PARAMS[name]: value for name, value in requested.items()}
    return _begin(service, cluster, kind, params, {"resourcesVpcConfig": requested})


_VPC_PARAMS = {
    "subnetIds": "Subnets",
    "securityGroupIds": "SecurityGroups",
    "endpointPublicAccess": "EndpointPublicAccess",
    "endpointPrivateAccess": "EndpointPrivateAccess",
    "publicAccessCidrs": "PublicAccessCidrs",
    "controlPlaneEgressMode": "ControlPlaneEgressMode",
}


def _check_move(current: Record, ids: list[str]) -> None:
    wanted = clusters.check_subnets(ids)
    before = {subnet["AvailabilityZone"] for subnet in network.subnets(current["subnetIds"])}
    after = {subnet["AvailabilityZone"] for subnet in wanted}
    if wanted[0]["VpcId"] != current["vpcId"] or before != after:
        refusal.invalid("Provided subnets must belong to the same VPC and the same set of AZs as the cluster's own")


_OWN = {"logging": _update_logging, "resourcesVpcConfig": _update_vpc}
"""Members whose change is looked at more closely."""


def update_version(service: Service, parameters: Record) -> Record:
    """UpdateClusterVersion."""
    cluster, wanted = _changeable(service, parameters["name"]), parameters["version"]
    versions.check(wanted)
    step = versions.minor(wanted) - versions.minor(cluster["version"])
    if step == 0:
        refusal.invalid(f"Cluster is already at version {wanted}")
    if step < 0:
        refusal.invalid(f"Downgrading a cluster from {cluster['version']} to {wanted} is not supported")
    if step > 1:
        refusal.invalid(f"Unsupported Kubernetes minor version update from {cluster['version']} to {wanted}")
    _check_nodes(service, cluster, wanted)
    params = {"Version": wanted, "PlatformVersion": "eks.1"}
    return _begin(service, cluster, "VersionUpdate", params, {"version": wanted})


_SKEW = 3
"""Minor versions that a kubelet may be behind the control plane (Kubernetes version skew policy)."""


def _check_nodes(service: Service, cluster: Record, wanted: str) -> None:
    for group in service.state.nodegroups.values():
        behind = versions.minor(wanted) - versions.minor(group["version"])
        if group["clusterName"] == cluster["name"] and behind > _SKEW:
            refusal.request(
                f"Nodegroup {group['nodegroupName']} is at {group['version']}: update it before the cluster"
            )


def associate_encryption(service: Service, parameters: Record) -> Record:
    """AssociateEncryptionConfig."""
    cluster = _changeable(service, parameters["clusterName"])
    if cluster.get("encryptionConfig"):
        refusal.request("Encryption is already enabled on the cluster and can't be changed")
    clusters.keys(parameters["encryptionConfig"])
    changes = {"encryptionConfig": parameters["encryptionConfig"]}
    return _begin(
        service, cluster, "AssociateEncryptionConfig", {"EncryptionConfig": changes["encryptionConfig"]}, changes
    )
