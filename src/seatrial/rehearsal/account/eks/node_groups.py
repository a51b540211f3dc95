"""Managed node groups: create, describe, list, delete."""

from typing import Any

from seatrial import instances
from seatrial.rehearsal.account.eks import (
    access,
    fleet,
    launch_templates,
    network,
    readiness,
    refusal,
    roles,
    scaling,
    versions,
)
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import arn, identity, key, now, shown, within
from seatrial.rehearsal.account.emulator import Record

PATIENCE = 6
"""How many delays nodes may take to join before the group is CREATE_FAILED."""

LONGEST_NAME = 63

_ARM = "ARM_64"


def create(service: Service, parameters: Record) -> Record:
    """CreateNodegroup."""
    cluster, name = service.active_cluster(parameters["clusterName"]), parameters["nodegroupName"]
    if key(cluster["name"], name) in service.state.nodegroups:
        refusal.in_use(f"NodeGroup already exists with name {name} and cluster name {cluster['name']}")
    if len(name) > LONGEST_NAME:
        refusal.invalid(f"nodegroupName: {name} is longer than {LONGEST_NAME} characters")
    group = _record(service, cluster, parameters)
    check_scaling(group["scalingConfig"])
    check_version(cluster, group["version"])
    _check_role(group["nodeRole"])
    _check_subnets(cluster, group["subnets"])
    _check_types(group)
    _check_taints(group.get("taints", []))
    service.state.nodegroups[key(cluster["name"], name)] = group
    scaling.create(group)
    access.admit_nodes(service, cluster, group["nodeRole"])
    return {"nodegroup": shown(group)}


def _record(service: Service, cluster: Record, parameters: Record) -> Record:
    name, created, number = parameters["nodegroupName"], now(), identity()
    version = parameters.get("version", cluster["version"])
    return {
        "nodegroupName": name,
        "nodegroupArn": arn("nodegroup", cluster["name"], name, number),
        "clusterName": cluster["name"],
        "version": version,
        "createdAt": created,
        "modifiedAt": created,
        "status": "CREATING",
        "capacityType": parameters.get("capacityType", "ON_DEMAND"),
        "scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 2, **parameters.get("scalingConfig", {})},
        "subnets": parameters["subnets"],
        "nodeRole": parameters["nodeRole"],
        "health": {"issues": []},
        "updateConfig": update_config(parameters.get("updateConfig", {})),
        "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{number}"}]},
        "tags": parameters.get("tags", {}),
        **{member: parameters[member] for member in _KEPT if member in parameters},
        **_machine(version, parameters),
        "_interfaces": [],
        "_due": service.due(),
        "_failure": service.failure(),
        "_patience": service.due(PATIENCE),
    }


_KEPT = ("labels", "taints", "nodeRepairConfig", "warmPoolConfig", "remoteAccess")


def update_config(config: Record) -> Record:
    """Give the setting as EKS keeps it: one limit, and one node at a time when none is given."""
    limited = {"maxUnavailable", "maxUnavailablePercentage"} & config.keys()
    if len(limited) > 1:
        refusal.invalid("Only one of maxUnavailable and maxUnavailablePercentage can be given")
    return config if limited else {"maxUnavailable": 1, **config}


def _machine(version: str, parameters: Record) -> Record:
    """Give what a node is made of: by the launch template, or by the group itself."""
    template = launch_templates.resolve(parameters)
    data: Record = template["_data"] if template else {}
    ami = "CUSTOM" if data.get("ImageId") else parameters.get("amiType", "AL2023_x86_64_STANDARD")
    machine: Record = {"amiType": ami}
    if not data.get("InstanceType"):
        machine["instanceTypes"] = parameters.get("instanceTypes") or ["t3.medium"]
    if ami != "CUSTOM":
        machine["releaseVersion"] = parameters.get("releaseVersion", versions.release(version))
    if template:
        return {**machine, "launchTemplate": {name: template[name] for name in ("name", "id", "version")}}
    return {**machine, "diskSize": parameters.get("diskSize", 20)}


def check_scaling(config: Record) -> None:
    """Refuse sizes that contradict each other."""
    smallest, desired, largest = (config[name] for name in ("minSize", "desiredSize", "maxSize"))
    if desired < smallest:
        refusal.invalid(f"Minimum capacity {smallest} can't be greater than desired size {desired}")
    if desired > largest:
        refusal.invalid(f"desired capacity {desired} can't be greater than max size {largest}")


def check_version(cluster: Record, version: str) -> None:
    """Refuse nodes that are newer than their control plane."""
    versions.check(version)
    if versions.minor(version) > versions.minor(cluster["version"]):
        refusal.invalid(
            f"Nodegroup Kubernetes version {version} can't be newer than the cluster's {cluster['version']}"
        )


def _check_role(role_arn: str) -> None:
    role = roles.find(role_arn)
    if role is None:
        refusal.invalid(
            f"The role with name {role_arn.rpartition('/')[2]} cannot be found. (Service: AmazonIdentityManagement; "
            "Status Code: 404; Error Code: NoSuchEntity)"
        )
    if not roles.admits(role, "ec2.amazonaws.com"):
        refusal.invalid(
            "Following required service principals [ec2.amazonaws.com] were not found in the trust "
            f"relationships of nodeRole {role_arn}"
        )
    lacking = roles.permits(role, readiness.NODE_ACTIONS)
    if lacking:
        refusal.invalid(
            "The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure "
            "the following policies [AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryPullOnly] are "
            f"attached: {', '.join(lacking)} not allowed"
        )


def _check_subnets(cluster: Record, ids: list[str]) -> None:
    outside = [s["SubnetId"] for s in network.subnets(ids) if s["VpcId"] != cluster["resourcesVpcConfig"]["vpcId"]]
    if outside or not ids:
        refusal.invalid(f"Subnets must belong to the VPC of the cluster: {outside}")


def _check_types(group: Record) -> None:
    named = group.get("instanceTypes", [])
    known = {name: instances.find(name) for name in named}
    unknown = [name for name in named if known[name] is None]
    if unknown:
        refusal.invalid(f"The following supplied instance types do not exist: [{', '.join(unknown)}]")
    wanted = "arm64" if _ARM in group["amiType"] else "x86_64"
    wrong = [name for name, found in known.items() if found and found.architecture != wanted]
    if wrong and group["amiType"] != "CUSTOM":
        refusal.invalid(f"{wrong} is not a valid instance type for requested amiType {group['amiType']}")


def _check_taints(taints: list[Record]) -> None:
    named = [(taint.get("key"), taint.get("effect")) for taint in taints]
    if len(set(named)) < len(named):
        refusal.invalid("Duplicate taints: each pair of key and effect may stand once")


def group_of(service: Service, parameters: Record) -> Record:
    """Give a node group, or refuse."""
    cluster, name = service.cluster(parameters["clusterName"])["name"], parameters["nodegroupName"]
    record = service.state.nodegroups.get(key(cluster, name))
    return refusal.found(record, f"No node group found for name: {name}.")


def describe(service: Service, parameters: Record) -> Record:
    """DescribeNodegroup."""
    return {"nodegroup": shown(group_of(service, parameters))}


def listed(service: Service, parameters: Record) -> Record:
    """ListNodegroups."""
    cluster = service.cluster(parameters["clusterName"])["name"]
    return {"nodegroups": [group["nodegroupName"] for group in within(service.state.nodegroups, cluster)]}


def delete(service: Service, parameters: Record) -> Record:
    """DeleteNodegroup."""
    group = group_of(service, parameters)
    if group["status"] in {"UPDATING", "DELETING"}:
        refusal.in_use(f"Cannot delete nodegroup {group['nodegroupName']}: it is {group['status']}")
    group |= {"status": "DELETING", "_due": service.due(), "_leaks": service.leaks()}
    return {"nodegroup": shown(group)}


def settle(service: Service, group: Record) -> None:
    """Let a group's nodes join, or fail to, or go."""
    if group["status"] == "CREATING":
        _join(service, group)
    else:
        _remove(service, group)


def _join(service: Service, group: Record) -> None:
    failure: Any = group["_failure"]
    lacking = readiness.lacks(group)
    if failure:
        _fail(group, failure["code"] or "NodeCreationFailure", failure["message"])
    elif lacking:
        _fail(group, lacking, "Instances were not launched: what they are made with is not there")
    else:
        _start(service, group)


def _start(service: Service, group: Record) -> None:
    obstacle = readiness.of_group(service, group)
    locked = launch_templates.locked_volume(group)
    if locked:
        _fail(group, "AsgInstanceLaunchFailures", f"Instances were not launched: {locked}")
    elif not obstacle:
        fleet.grow(service, group)
        _register(service, group)
    elif service.clock() >= group["_patience"]:
        _fail(group, "NodeCreationFailure", f"Instances failed to join the kubernetes cluster: {obstacle}")


def _register(service: Service, group: Record) -> None:
    """Let a group be active when its nodes are ready in the cluster, if that has a control plane."""
    since = group.setdefault("_registers", service.clock())
    if readiness.has_registered(service, group):
        group["status"] = "ACTIVE"
    elif service.clock() >= since + readiness.PATIENCE:
        _fail(group, "NodeCreationFailure", "Instances failed to join the kubernetes cluster: nodes are not ready")


def _fail(group: Record, code: str, message: str) -> None:
    issue = {"code": code, "message": message, "resourceIds": scaling.members(group)}
    group |= {"status": "CREATE_FAILED", "health": {"issues": [issue]}}


def _remove(service: Service, group: Record) -> None:
    cluster = service.cluster(group["clusterName"])
    if readiness.releases_interfaces(service, group) and not group["_leaks"]:
        network.release(group["_interfaces"])
    else:
        network.abandon(group["_interfaces"])
    scaling.delete(group)
    del service.state.nodegroups[key(cluster["name"], group["nodegroupName"])]
    access.dismiss_nodes(service, cluster, group["nodeRole"])
