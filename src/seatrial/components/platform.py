"""The whole platform: every component, in the order in which they need each other."""

from collections.abc import Mapping
from typing import NotRequired

import pulumi

from seatrial import names
from seatrial.components import addon_roles, flow_logs
from seatrial.components.addons import AddonArgs, Addons
from seatrial.components.cluster import Cluster, ClusterSettings
from seatrial.components.encryption import Encryption, EncryptionSettings
from seatrial.components.environment import Environment, EnvironmentArgs
from seatrial.components.in_cluster import InCluster, InClusterSettings
from seatrial.components.issuer import Issuer
from seatrial.components.network import Network, NetworkSettings
from seatrial.components.node_groups import NodeGroupArgs, NodeGroups
from seatrial.components.role import Role


class PlatformArgs(EnvironmentArgs):
    """Inputs of :class:`Platform`."""

    encryption: EncryptionSettings
    """The keys."""

    network: NetworkSettings
    """The network."""

    cluster: ClusterSettings
    """The control plane."""

    addons_before_nodes: Mapping[str, AddonArgs]
    """Add-ons that nodes need to become ready."""

    node_groups: Mapping[str, NodeGroupArgs]
    """Name to group of nodes."""

    addons_after_nodes: Mapping[str, AddonArgs]
    """Add-ons that need nodes to run on."""

    deploy_as: NotRequired[str]
    """Name of the administrator as whom the deployment enters the cluster. Absent: it doesn't."""

    in_cluster: NotRequired[InClusterSettings]
    """What to put into the cluster. Absent: nothing."""


class Platform(pulumi.ComponentResource):
    """An EKS platform.

    What is made: keys, network, control plane, the add-ons that nodes need, nodes, the add-ons that need nodes, what
    goes into the cluster. Each stage depends on the one before it, so that deletion runs the other way.
    """

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Platform", name, _registered(args), opts)
        self.environment = Environment.of(args)
        self.encryption = _encryption(self, args)
        self.network = _network(self, args)
        self.cluster = _cluster(self, args)
        self.addon_roles = _addon_roles(self, args)
        self.addons_before_nodes = _addons_before_nodes(self, args)
        self.node_groups = _node_groups(self, args)
        self.addons_after_nodes = _addons_after_nodes(self, args)
        self.in_cluster = _in_cluster(self, args)
        self.register_outputs(
            {
                "vpcId": self.network.vpc_id,
                "clusterName": self.cluster.cluster_name,
                "clusterEndpoint": self.cluster.endpoint,
                "oidcProviderArn": self.cluster.oidc_provider_arn,
                "nodeGroupNames": self.node_groups.group_names,
                "kubeconfig": self.cluster.kubeconfig,
            }
        )


def _registered(args: PlatformArgs) -> dict[str, object]:
    """Return the inputs as the engine keeps them: what goes into the cluster is registered by itself."""
    return {key: value for key, value in args.items() if key != "in_cluster"}


def _encryption(platform: Platform, args: PlatformArgs) -> Encryption:
    environment = platform.environment
    groups = [names.control_plane_log_group(environment.suffix), flow_logs.log_group_name(environment)]
    return Encryption(
        environment.name("encryption"),
        {**environment.pass_on(), **args["encryption"], "log_groups": groups},
        pulumi.ResourceOptions(parent=platform),
    )


def _network(platform: Platform, args: PlatformArgs) -> Network:
    return Network(
        platform.environment.name("network"),
        {
            **platform.environment.pass_on(),
            **args["network"],
            "logs_key_arn": platform.encryption.logs_key_arn,
        },
        pulumi.ResourceOptions(parent=platform),
    )


def _cluster(platform: Platform, args: PlatformArgs) -> Cluster:
    return Cluster(
        platform.environment.name("cluster"),
        {
            **platform.environment.pass_on(),
            **args["cluster"],
            "subnet_ids": platform.network.private_subnet_ids,
            "secrets_key_arn": platform.encryption.secrets_key_arn,
            "logs_key_arn": platform.encryption.logs_key_arn,
        },
        pulumi.ResourceOptions(parent=platform),
    )


def _addon_roles(platform: Platform, args: PlatformArgs) -> dict[str, Role]:
    """Make a role for each add-on that calls AWS and is wanted."""
    environment, child = platform.environment, pulumi.ResourceOptions(parent=platform)
    issuer = Issuer(provider_arn=platform.cluster.oidc_provider_arn, url=platform.cluster.oidc_provider_url)
    key_arn = platform.encryption.volumes_key_arn
    makers = {
        addon_roles.VPC_CNI: lambda: addon_roles.vpc_cni(environment, issuer, child),
        addon_roles.EBS_CSI: lambda: addon_roles.ebs_csi(environment, issuer, key_arn, child),
    }
    wanted = {**args["addons_before_nodes"], **args["addons_after_nodes"]}
    return {addon: make() for addon, make in makers.items() if addon in wanted}


def _addons_before_nodes(platform: Platform, args: PlatformArgs) -> Addons:
    return _addons(platform, args, "addons-before-nodes", args["addons_before_nodes"], [])


def _node_groups(platform: Platform, args: PlatformArgs) -> NodeGroups:
    return NodeGroups(
        platform.environment.name("node-groups"),
        {
            **platform.environment.pass_on(),
            "cluster_name": platform.cluster.cluster_name,
            "kubernetes_version": platform.cluster.kubernetes_version,
            "subnet_ids": platform.network.private_subnet_ids,
            "volumes_key_arn": platform.encryption.volumes_key_arn,
            "groups": args["node_groups"],
        },
        # On the network too: nodes need their way to AWS while they are drained.
        pulumi.ResourceOptions(parent=platform, depends_on=[platform.network, platform.addons_before_nodes]),
    )


def _addons_after_nodes(platform: Platform, args: PlatformArgs) -> Addons:
    return _addons(platform, args, "addons-after-nodes", args["addons_after_nodes"], [platform.node_groups])


def _addons(
    platform: Platform, args: PlatformArgs, kind: str, addons: Mapping[str, AddonArgs], after: list[pulumi.Resource]
) -> Addons:
    roles = {name: role for name, role in platform.addon_roles.items() if name in addons}
    return Addons(
        platform.environment.name(kind),
        {
            **platform.environment.pass_on(),
            "cluster_name": platform.cluster.cluster_name,
            "kubernetes_version": args["cluster"]["kubernetes_version"],
            "addons": {name: _with_role(addon, roles.get(name)) for name, addon in addons.items()},
        },
        pulumi.ResourceOptions(parent=platform, depends_on=[*after, *roles.values()]),
    )


def _with_role(addon: AddonArgs, role: Role | None) -> AddonArgs:
    return {**addon, "role_arn": role.arn} if role else addon


def _in_cluster(platform: Platform, args: PlatformArgs) -> InCluster | None:
    if "in_cluster" not in args or "deploy_as" not in args:
        return None
    cluster = platform.cluster
    return InCluster(
        platform.environment.name("in-cluster"),
        {
            **platform.environment.pass_on(),
            "settings": args["in_cluster"],
            "cluster": cluster.resource,
            "kubeconfig": cluster.kubeconfig_of(args["deploy_as"]),
            "oidc_provider_arn": cluster.oidc_provider_arn,
            "oidc_provider_url": cluster.oidc_provider_url,
            "vpc_id": platform.network.vpc_id,
            "volumes_key_arn": platform.encryption.volumes_key_arn,
        },
        pulumi.ResourceOptions(
            parent=platform,
            depends_on=[cluster.admission(args["deploy_as"]), platform.node_groups, platform.addons_after_nodes],
        ),
    )
