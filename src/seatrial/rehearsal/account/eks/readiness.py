"""Whether nodes could join a cluster, and whether an add-on's pods could run.

No machine runs here. What would keep one from becoming ready on AWS is looked for: the network plugin and
kube-proxy, their permissions, the node role, and the way to AWS's services. In a cluster with a control plane the
nodes must then be ready, and the pods of add-ons run, as its API tells.
"""

from seatrial.rehearsal.account.eks import catalogue, fleet, hosts, launch_templates, network, roles
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import key, within
from seatrial.rehearsal.account.emulator import Record

_NETWORK_PLUGIN = "vpc-cni"

_RELEASE = "ec2:DeleteNetworkInterface"
"""Without it the network plugin leaves the interfaces of nodes that end."""

NODE_PLUGINS = (_NETWORK_PLUGIN, "kube-proxy")
"""Add-ons without which no node becomes ready."""

NODE_ACTIONS = ("ec2:DescribeInstances", "eks:DescribeCluster", "ecr:GetAuthorizationToken", "ecr:BatchGetImage")
"""What a node's role must allow: its bootstrap asks EC2 and EKS who it is, and its kubelet pulls images."""


PATIENCE = 90.0
"""Seconds that nodes and pods may take to be ready in a cluster that has a control plane."""


def lacks(group: Record) -> str:
    """Give the code of the issue when something that the instances of a group are made with isn't there."""
    subnets = network.remaining(group["subnets"])
    if len(subnets) < len(group["subnets"]):
        return "Ec2SubnetNotFound"
    if launch_templates.is_gone(group):
        return "Ec2LaunchTemplateNotFound"
    room = sum(network.free(subnet) for subnet in subnets)
    return "InsufficientFreeAddresses" if room < group["scalingConfig"]["desiredSize"] else ""


def of_group(service: Service, group: Record) -> str:
    """Say what keeps the nodes of a group from joining; empty when nothing does."""
    cluster = service.cluster(group["clusterName"])
    role = roles.find(group["nodeRole"])
    if role is None:
        return f"the node role {group['nodeRole']} does not exist"
    lacking = roles.permits(role, NODE_ACTIONS)
    if lacking:
        return f"the node role does not allow {', '.join(lacking)}"
    return _plugins(service, cluster, role) or _way_out(group)


def _plugins(service: Service, cluster: Record, role: Record) -> str:
    for name in NODE_PLUGINS:
        addon = service.state.addons.get(key(cluster["name"], name))
        if addon and _runs_on_nodes(addon):
            if not _permitted(service, addon, [role], catalogue.find(name).action):
                return f"container runtime network not ready: {name} may not do {catalogue.ADD_ONS[name].action}"
        elif not self_managed(cluster, name):
            return f"container runtime network not ready: add-on {name} is not active"
    return ""


def self_managed(cluster: Record, name: str) -> bool:
    """Whether the cluster has a plugin that isn't a managed add-on: put there at its creation, or preserved."""
    return cluster["_bootstrap"] or name in cluster.get("_preserved", [])


def _way_out(group: Record) -> str:
    for subnet in network.subnets(group["subnets"]):
        if not network.reaches_aws(subnet):
            return f"nodes in {subnet['SubnetId']} reach neither the internet nor endpoints of {network.NODE_ENDPOINTS}"
    return ""


def of_addon(service: Service, addon: Record) -> str:
    """Say what keeps an add-on's pods from running; empty when nothing does."""
    add_on = catalogue.find(addon["addonName"])
    if not add_on.on_nodes:
        return ""
    groups = [group for group in within(service.state.nodegroups, addon["clusterName"]) if _runs(group)]
    if not groups:
        return "The add-on is unhealthy because it doesn't have the desired number of replicas."
    found = [roles.find(group["nodeRole"]) for group in groups]
    if not _permitted(service, addon, [role for role in found if role], add_on.action):
        return f"The add-on's pods do not run: {add_on.account} may not do {add_on.action}."
    return ""


def _runs(group: Record) -> bool:
    return group["status"] in {"ACTIVE", "UPDATING"} and group["scalingConfig"]["desiredSize"] > 0


def _permitted(service: Service, addon: Record, nodes: list[Record], action: str) -> bool:
    """Whether the add-on's service account may do this: by its own role, by Pod Identity, or by the nodes'."""
    if not action:
        return True
    own = addon.get("serviceAccountRoleArn")
    if own:
        return _federated(service, addon, own, action)
    associated = _associated(service, addon)
    found = [role for role in map(roles.find, associated) if role] if associated else nodes
    return any(not roles.permits(role, [action]) for role in found)


def _federated(service: Service, addon: Record, own: str, action: str) -> bool:
    add_on = catalogue.find(addon["addonName"])
    issuer = service.cluster(addon["clusterName"])["identity"]["oidc"]["issuer"]
    subject = f"system:serviceaccount:{catalogue.NAMESPACE}:{add_on.account}"
    role = roles.find(own)
    return bool(role) and roles.federates(own, issuer, subject) and not roles.permits(role, [action])


def _associated(service: Service, addon: Record) -> list[str]:
    """Give the roles of the associations of an add-on's service account."""
    account = catalogue.find(addon["addonName"]).account
    associations = within(service.state.associations, addon["clusterName"])
    wanted = (catalogue.NAMESPACE, account)
    return [it["roleArn"] for it in associations if (it["namespace"], it["serviceAccount"]) == wanted]


def releases_interfaces(service: Service, group: Record) -> bool:
    """Whether the network plugin is there, and allowed, to delete the interfaces of nodes that end."""
    cluster, role = service.cluster(group["clusterName"]), roles.find(group["nodeRole"])
    nodes, addon = [role] if role else [], service.state.addons.get(key(cluster["name"], _NETWORK_PLUGIN))
    if addon:
        return _runs_on_nodes(addon) and _permitted(service, addon, nodes, _RELEASE)
    return self_managed(cluster, _NETWORK_PLUGIN) and not any(roles.permits(it, [_RELEASE]) for it in nodes)


def _runs_on_nodes(addon: Record) -> bool:
    return addon["status"] in {"ACTIVE", "UPDATING", "DEGRADED"}


def has_registered(service: Service, group: Record) -> bool:
    """Whether the nodes of a group are ready; where no control plane is, they are at once."""
    cluster = service.cluster(group["clusterName"])
    if hosts.view(service, cluster) is None:
        return True
    ready = service.observations.of(hosts.place(cluster)).ready_nodes
    return all(machine.instance in ready for machine in fleet.of_group(group))


def of_workloads(service: Service, addon: Record) -> str:
    """Say what keeps the pods of an add-on from running, as the cluster's API tells; empty when nothing does."""
    cluster = service.cluster(addon["clusterName"])
    if hosts.view(service, cluster) is None:
        return ""
    obstacles = service.observations.of(hosts.place(cluster)).obstacles
    return obstacles.get(addon["addonName"], "The add-on's workloads were not seen yet.")
