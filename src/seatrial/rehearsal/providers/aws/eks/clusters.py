"""Clusters."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.eks.resource import call, status, tag_api, update, wanted
from seatrial.rehearsal.providers.aws.readiness import Readiness, Status
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits, Update
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values, listed, within

_LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_MEMBERS = {"vpcConfig": "resourcesVpcConfig"}
_REQUEST = Request(service="eks", operation="CreateCluster", members=_MEMBERS)


def _create(cloud: Cloud, inputs: Values) -> str:
    call(cloud, "CreateCluster", **wanted(_REQUEST, cloud, inputs), **_logging(inputs))
    return inputs["name"]


def _logging(inputs: Values) -> dict[str, Any]:
    enabled = [it for it in _LOGS if it in listed(inputs, "enabledClusterLogTypes")]
    disabled = [it for it in _LOGS if it not in enabled]
    setup = [{"types": types, "enabled": on} for types, on in ((enabled, True), (disabled, False)) if types]
    return {"logging": {"clusterLogging": setup}}


def _cluster(cloud: Cloud, identity: str) -> Mapping[str, Any]:
    return call(cloud, "DescribeCluster", name=identity)["cluster"]


def _read(cloud: Cloud, identity: str, known: Values) -> Values:
    cluster = _cluster(cloud, identity)
    told = properties(_CLUSTER.schema.outputs, cluster, {**_MEMBERS, "identities": "identity", "clusterId": "id"})
    setup = cluster.get("logging", {}).get("clusterLogging", ())
    logged = sorted(kind for it in setup if it.get("enabled") for kind in it["types"])
    return told | _access(told, known) | {"enabledClusterLogTypes": logged, "tagsAll": cluster.get("tags", {})}


def _access(told: Values, known: Values) -> Values:
    """Repeat who was made an administrator at the beginning: EKS doesn't tell it."""
    asked = within(known, "accessConfig").get("bootstrapClusterCreatorAdminPermissions")
    repeated = {} if asked is None else {"bootstrapClusterCreatorAdminPermissions": asked}
    return {"accessConfig": {**told["accessConfig"], **repeated}} if "accessConfig" in told else {}


def _update_config(cloud: Cloud, identity: str, wanted: Mapping[str, Any]) -> None:
    update(cloud, "UpdateClusterConfig", {"name": identity}, name=identity, **wanted)


def _config(name: str, *, without: tuple[str, ...] = ()) -> Update:
    """Return the update of one setting, all of it at once."""

    def change(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
        setting = {key: value for key, value in within(inputs, name).items() if key not in without}
        _update_config(cloud, identity, parameters(_REQUEST, {name: setting}))

    return change


def _set_auto_mode(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    """Compute, storage and load balancing have to be switched together."""
    network = within(inputs, "kubernetesNetworkConfig").get("elasticLoadBalancing", {"enabled": False})
    setting = {
        "computeConfig": inputs.get("computeConfig") or {"enabled": False},
        "storageConfig": inputs.get("storageConfig") or {"blockStorage": {"enabled": False}},
        "kubernetesNetworkConfig": {"elasticLoadBalancing": network},
    }
    _update_config(cloud, identity, parameters(_REQUEST, setting))


def _set_protection(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    _update_config(cloud, identity, {"deletionProtection": bool(inputs.get("deletionProtection"))})


def _set_logging(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    _update_config(cloud, identity, _logging(inputs))


def _encrypt(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    setting = parameters(_REQUEST, {"encryptionConfig": inputs["encryptionConfig"]})
    update(cloud, "AssociateEncryptionConfig", {"name": identity}, clusterName=identity, **setting)


def _upgrade(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    force = {"force": True} if inputs.get("forceUpdateVersion") else {}
    version = str(inputs["version"])
    update(cloud, "UpdateClusterVersion", {"name": identity}, name=identity, version=version, **force)


_ACCESS = ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs")
_PLACEMENT = ("subnetIds", "securityGroupIds")
_SETS = frozenset({"publicAccessCidrs", *_PLACEMENT})


def _set_network(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    """EKS takes either a change of who may reach the endpoint or of where it is."""
    old, new = within(state, "vpcConfig"), inputs["vpcConfig"]
    defaults = {"endpointPrivateAccess": False, "endpointPublicAccess": True}
    for names in (_ACCESS, _PLACEMENT, ("controlPlaneEgressMode",)):
        wanted = {name: new.get(name, defaults.get(name)) for name in names}
        asked = {name: value for name, value in wanted.items() if value is not None}
        if any(_comparable(old, name) != _comparable(asked, name) for name in asked):
            _update_config(cloud, identity, parameters(_REQUEST, {"vpcConfig": asked}))


def _comparable(values: Values, name: str) -> Any:
    return sorted(values.get(name) or ()) if name in _SETS else values.get(name)


def _delete(cloud: Cloud, identity: str, _: Values) -> None:
    call(cloud, "DeleteCluster", name=identity)


def _status(cloud: Cloud, identity: str, _: Values) -> Status:
    return status(_cluster(cloud, identity))


def _is_removed(_: Any, new: Any) -> bool:
    return not new


def _was_there(old: Any, _: Any) -> bool:
    return bool(old)


_CONTROL_PLANE = (
    "controlPlaneScalingConfig",
    "kubeApiServerConfig",
    "kubeControllerManagerConfig",
    "kubeSchedulerConfig",
    "remoteNetworkConfig",
    "upgradePolicy",
    "zonalShiftConfig",
)

_CLUSTER = ResourceType(
    type_name="aws:eks/cluster:Cluster",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=_delete,
    updates=(
        Part(
            properties=("accessConfig",),
            update=_config("accessConfig", without=("bootstrapClusterCreatorAdminPermissions",)),
        ),
        Part(properties=("computeConfig", "kubernetesNetworkConfig", "storageConfig"), update=_set_auto_mode),
        *(Part(properties=(name,), update=_config(name)) for name in _CONTROL_PLANE),
        Part(properties=("deletionProtection",), update=_set_protection),
        Part(properties=("encryptionConfig",), update=_encrypt),
        Part(properties=("version",), update=_upgrade),
        Part(properties=("enabledClusterLogTypes",), update=_set_logging),
        Part(properties=("vpcConfig",), update=_set_network),
    ),
    traits=Traits(
        replaces=frozenset(
            {"accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"}
            | {"kubernetesNetworkConfig.ipFamily", "name", "outpostConfig", "roleArn"}
            | {"kubernetesNetworkConfig.serviceIpv4Cidr", "kubernetesNetworkConfig.serviceIpv6Cidr"}
        ),
        replaces_when={
            # Encryption can be added, and never taken away again.
            "encryptionConfig.provider.keyArn": _is_removed,
            "encryptionConfig.resources": _is_removed,
            # A role for Auto Mode's nodes can be added.
            "computeConfig.nodeRoleArn": _was_there,
        },
        computed=frozenset(
            {"accessConfig", "accessConfig.authenticationMode", "name", "upgradePolicy", "upgradePolicy.supportType"}
            | {"controlPlaneScalingConfig", "controlPlaneScalingConfig.tier", "kubernetesNetworkConfig", "version"}
            | {"kubeApiServerConfig", "kubeControllerManagerConfig", "kubeSchedulerConfig"}
            | {f"kubernetesNetworkConfig.{it}" for it in ("elasticLoadBalancing", "ipFamily", "serviceIpv4Cidr")}
            | {"kubernetesNetworkConfig.serviceIpv6Cidr", "kubernetesNetworkConfig.elasticLoadBalancing.enabled"}
            | {f"vpcConfig.{it}" for it in ("clusterSecurityGroupId", "controlPlaneEgressMode", "vpcId")}
            | {"vpcConfig.publicAccessCidrs", "remoteNetworkConfig.remotePodNetworks"}
        ),
        defaults={
            "accessConfig.bootstrapClusterCreatorAdminPermissions": True,
            "bootstrapSelfManagedAddons": True,
            "vpcConfig.endpointPublicAccess": True,
        },
        unread=frozenset({"bootstrapSelfManagedAddons", "defaultAddonsToRemoves", "forceUpdateVersion"}),
        fixed_names=("name",),
        generated_name="name",
    ),
    tags=tag_api(),
    readiness=Readiness(
        probe=_status,
        ready=frozenset({"ACTIVE"}),
        failed=frozenset({"FAILED", "DELETING"}),
        seconds=1800.0,
        output="status",
        broken=frozenset({"FAILED"}),
    ),
)

TYPES = (_CLUSTER,)
