"""Clusters: create, describe, list, delete."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from seatrial import versions as lifecycle
from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import access, hosts, logging, network, oidc, refusal, roles, versions
from seatrial.rehearsal.account.eks.control_planes import Phase
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import arn, key, now, shown, within
from seatrial.rehearsal.account.emulator import Record

ZONES = 2
"""Availability zones that the subnets of a control plane must be in (EKS user guide, network requirements)."""

ADDRESSES = 6
"""Free addresses that each of them must have (as above)."""

_WHILE_CREATING = ("endpoint", "certificateAuthority", "identity")
"""What EKS doesn't show before a cluster is active."""


def create(service: Service, parameters: Record) -> Record:
    """CreateCluster."""
    name = parameters["name"]
    if key(name) in service.state.clusters:
        refusal.in_use(f"Cluster already exists with name: {name}")
    version = parameters.get("version", lifecycle.DEFAULT)
    versions.check(version)
    _check_role(parameters["roleArn"])
    keys(parameters.get("encryptionConfig", []))
    subnets = check_subnets(parameters["resourcesVpcConfig"].get("subnetIds", []))
    check_access(parameters["resourcesVpcConfig"])
    network.groups_of(subnets[0]["VpcId"], parameters["resourcesVpcConfig"].get("securityGroupIds", []))
    cluster = _record(service, parameters, version, subnets)
    service.state.clusters[key(name)] = cluster
    # Now, not when the issuer is first asked: a question is not written down.
    oidc.signing_key(service.state)
    logging.write(cluster)
    if cluster["accessConfig"]["bootstrapClusterCreatorAdminPermissions"]:
        access.admit_creator(service, cluster)
    hosts.begin(service, emulator.region(), cluster)
    return {"cluster": _seen(cluster)}


def _check_role(role_arn: str) -> None:
    role = roles.find(role_arn)
    if role is None or not roles.admits(role, "eks.amazonaws.com"):
        refusal.invalid(
            f"Role with arn: {role_arn}, could not be assumed because it does not exist or the trusted "
            "entity is not correct"
        )
    lacking = roles.permits(role, ["ec2:DescribeSubnets"])
    if lacking:
        refusal.invalid(
            f"Role with arn: {role_arn} is not authorized to perform {lacking[0]}: attach AmazonEKSClusterPolicy"
        )


def keys(configs: list[Record]) -> None:
    """Refuse encryption with a key that can't be used."""
    for config in configs:
        given = config.get("provider", {}).get("keyArn", "")
        known = emulator.store("kms", "_keys").get(given.rpartition("/")[2])
        if known is None or known.get("KeyState") != "Enabled":
            refusal.invalid(
                f"The keyArn in encryptionConfig provider is invalid: {given} does not exist or is not enabled"
            )
        if config.get("resources") != ["secrets"]:
            refusal.invalid("encryptionConfig resources must be [secrets]")


def check_subnets(ids: list[str]) -> list[Record]:
    """Refuse subnets that a control plane can't be in."""
    subnets = network.subnets(ids)
    zones = {subnet["AvailabilityZone"] for subnet in subnets}
    if len(zones) < ZONES:
        refusal.invalid("Subnets specified must be in at least two different AZs")
    if len({subnet["VpcId"] for subnet in subnets}) > 1:
        refusal.invalid("Subnets specified must be in the same VPC")
    if any(network.free(subnet) < ADDRESSES for subnet in subnets):
        refusal.invalid(f"Subnets specified must have at least {ADDRESSES} free addresses each")
    return subnets


def check_access(config: Mapping[str, Any]) -> None:
    """Refuse an endpoint that nothing could reach."""
    if not config.get("endpointPublicAccess", True) and not config.get("endpointPrivateAccess", False):
        refusal.invalid("Private and public endpoint access cannot be false")


def _record(service: Service, parameters: Record, version: str, subnets: list[Record]) -> Record:
    name, vpc = parameters["name"], subnets[0]["VpcId"]
    group = network.make_group(name, vpc)
    groups = [*parameters["resourcesVpcConfig"].get("securityGroupIds", []), group]
    account = secrets.token_hex(16).upper()
    kept = {member: parameters[member] for member in _KEPT if member in parameters}
    return {
        **kept,
        "arn": arn("cluster", name),
        "createdAt": now(),
        "version": version,
        "endpoint": f"https://{account}.gr7.{emulator.region()}.eks.amazonaws.com",
        "resourcesVpcConfig": _vpc_config(parameters["resourcesVpcConfig"], vpc, group),
        "kubernetesNetworkConfig": _addresses(parameters.get("kubernetesNetworkConfig", {})),
        "logging": logging.complete(parameters.get("logging")),
        "identity": {"oidc": {"issuer": f"{service.issuer}/oidc/id/{account}"}},
        "status": "CREATING",
        "certificateAuthority": {"data": base64.b64encode(service.authority).decode()},
        "platformVersion": "eks.1",
        "tags": parameters.get("tags", {}),
        "health": {"issues": []},
        "accessConfig": _access_config(parameters.get("accessConfig", {})),
        "upgradePolicy": parameters.get("upgradePolicy", {"supportType": "EXTENDED"}),
        "zonalShiftConfig": parameters.get("zonalShiftConfig", {"enabled": False}),
        "deletionProtection": parameters.get("deletionProtection", False),
        "_bootstrap": parameters.get("bootstrapSelfManagedAddons", True),
        "_interfaces": _interfaces(name, subnets, groups),
        "_token": secrets.token_urlsafe(32),
        "_due": service.due(),
        "_failure": service.failure(),
    }


_KEPT = (
    "name",
    "roleArn",
    "encryptionConfig",
    "remoteNetworkConfig",
    "computeConfig",
    "storageConfig",
    "controlPlaneScalingConfig",
    "kubeApiServerConfig",
    "kubeSchedulerConfig",
    "kubeControllerManagerConfig",
)


def _vpc_config(config: Record, vpc: str, group: str) -> Record:
    return {
        "subnetIds": config["subnetIds"],
        "securityGroupIds": config.get("securityGroupIds", []),
        "clusterSecurityGroupId": group,
        "vpcId": vpc,
        "endpointPublicAccess": config.get("endpointPublicAccess", True),
        "endpointPrivateAccess": config.get("endpointPrivateAccess", False),
        "publicAccessCidrs": config.get("publicAccessCidrs") or ["0.0.0.0/0"],
        "controlPlaneEgressMode": config.get("controlPlaneEgressMode", "AWS_MANAGED"),
    }


def _addresses(config: Record) -> Record:
    return {
        "serviceIpv4Cidr": "172.20.0.0/16",
        "ipFamily": "ipv4",
        "elasticLoadBalancing": {"enabled": False},
        **config,
    }


def _access_config(config: Record) -> Record:
    return {"bootstrapClusterCreatorAdminPermissions": True, "authenticationMode": "CONFIG_MAP", **config}


def _interfaces(name: str, subnets: list[Record], groups: list[str]) -> list[str]:
    """Put the control plane's interfaces into two zones."""
    by_zone = {subnet["AvailabilityZone"]: subnet for subnet in subnets}
    return [network.attach(subnet, groups, f"Amazon EKS {name}", "", {}) for subnet in list(by_zone.values())[:ZONES]]


def _seen(cluster: Record) -> Record:
    hidden = _WHILE_CREATING if cluster["status"] == "CREATING" else ()
    return {name: value for name, value in shown(cluster).items() if name not in hidden}


def describe(service: Service, parameters: Record) -> Record:
    """DescribeCluster."""
    return {"cluster": _seen(service.cluster(parameters["name"]))}


def listed(service: Service, parameters: Record) -> Record:
    """ListClusters."""
    del parameters
    return {"clusters": [cluster["name"] for cluster in within(service.state.clusters)]}


def delete(service: Service, parameters: Record) -> Record:
    """DeleteCluster."""
    cluster, name = service.cluster(parameters["name"]), parameters["name"]
    if cluster["deletionProtection"]:
        refusal.request(
            f"Cluster {name} has deletion protection enabled. Disable deletion protection before deleting it."
        )
    if within(service.state.nodegroups, name):
        refusal.in_use("Cluster has nodegroups attached")
    if cluster["status"] in {"CREATING", "UPDATING"}:
        refusal.in_use(f"Cannot delete because cluster {name} currently has an update in progress")
    cluster |= {"status": "DELETING", "_due": service.due(), "_leaks": service.leaks()}
    hosts.end(service, cluster)
    return {"cluster": _seen(cluster)}


def settle(service: Service, cluster: Record) -> None:
    """Let a cluster become active, fail, or go."""
    if cluster["status"] == "CREATING":
        _end_creation(service, cluster)
    elif hosts.end(service, cluster):
        _remove(service, cluster)


def _end_creation(service: Service, cluster: Record) -> None:
    failure = cluster["_failure"]
    view = hosts.view(service, cluster)
    if failure:
        _fail(cluster, failure["code"] or "InternalFailure", failure["message"])
        hosts.end(service, cluster)
    elif view is None:
        cluster["status"] = "ACTIVE"
    elif view.phase is Phase.FAILED:
        _fail(cluster, "InternalFailure", f"the control plane did not start: {view.reason}")
    elif view.phase is Phase.READY:
        authority = base64.b64encode(view.authority).decode()
        cluster |= {"status": "ACTIVE", "endpoint": view.endpoint, "certificateAuthority": {"data": authority}}


def _fail(cluster: Record, code: str, message: str) -> None:
    cluster |= {"status": "FAILED", "health": {"issues": [{"code": code, "message": message, "resourceIds": []}]}}


def _remove(service: Service, cluster: Record) -> None:
    logging.write(cluster)
    if cluster["_leaks"]:
        logging.linger(service, cluster)
    network.release(cluster["_interfaces"])
    network.remove_group(cluster["resourcesVpcConfig"]["clusterSecurityGroupId"])
    state, prefix = service.state, key(cluster["name"])
    for records in (state.clusters, state.addons, state.entries, state.associations, state.updates):
        for kept in [kept for kept in records if kept == prefix or kept.startswith(prefix + "\n")]:
            del records[kept]
