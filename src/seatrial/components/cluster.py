"""The control plane, its identity provider, and who administers it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.eks.access_entry import AccessEntry
from pulumi_aws.eks.access_policy_association import AccessPolicyAssociation
from pulumi_aws.eks.cluster import Cluster as EksCluster
from pulumi_aws.iam.open_id_connect_provider import OpenIdConnectProvider

from seatrial import names
from seatrial.components import kubeconfig
from seatrial.components.environment import Environment, EnvironmentArgs
from seatrial.components.role import Role
from seatrial.iam import cluster as cluster_role
from seatrial.iam import managed, trust
from seatrial.iam.document import text

if TYPE_CHECKING:
    from pulumi_aws.eks import ClusterVpcConfigArgsDict

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""All that EKS has."""


class ClusterSettings(TypedDict):
    """What a platform chooses about its control plane."""

    kubernetes_version: str
    """Kubernetes minor, ``1.36``."""

    service_cidr: str
    """IPv4 range of Kubernetes services; can't be changed later."""

    public_access_cidrs: NotRequired[Sequence[str]]
    """Who may reach the API from the internet. Absent: nobody, the endpoint is private."""

    log_retention_days: int
    """Days to keep the control plane's logs."""

    deletion_protection: bool
    """Refuse to delete the cluster."""

    support_type: str
    """``STANDARD`` upgrades at the end of standard support; ``EXTENDED`` stays and costs six times as much."""

    zonal_shift: bool
    """Let AWS steer traffic away from an impaired zone."""

    admins: Mapping[str, str]
    """Name to IAM principal ARN of who administers the cluster. Plain: it decides what exists."""


class ClusterArgs(EnvironmentArgs, ClusterSettings):
    """Inputs of :class:`Cluster`."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone to private subnet, for the control plane's network interfaces."""

    secrets_key_arn: pulumi.Input[str]
    """Key that wraps the keys of Kubernetes secrets."""

    logs_key_arn: pulumi.Input[str]
    """Key that encrypts the control plane's logs."""


class Cluster(pulumi.ComponentResource):
    """An EKS control plane.

    EKS makes the security group that it shares with the nodes; a second one, tagged for the cluster, would confuse the
    load balancer controller, so there is none of ours.
    """

    cluster_name: pulumi.Output[str]
    """Name; to use it is to wait for the cluster."""

    cluster_arn: pulumi.Output[str]
    """ARN of the cluster."""

    endpoint: pulumi.Output[str]
    """URL of the Kubernetes API."""

    kubernetes_version: pulumi.Output[str]
    """Kubernetes minor that the control plane runs: to use it is to upgrade after it."""

    status: pulumi.Output[str]
    """``ACTIVE`` when all is well."""

    security_group_id: pulumi.Output[str]
    """Security group that EKS made for the control plane and the nodes."""

    oidc_provider_arn: pulumi.Output[str]
    """Identity provider of the cluster's service accounts."""

    oidc_provider_url: pulumi.Output[str]
    """Issuer of their tokens, with ``https://``."""

    role_arn: pulumi.Output[str]
    """Role of the control plane."""

    log_group_name: pulumi.Output[str]
    """Log group of the control plane."""

    kubeconfig: pulumi.Output[str]
    """Kubeconfig, secret."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Cluster", name, dict(args), opts)
        log_group = _log_group(self, args)
        role = _role(self, args)
        cluster = _cluster(self, args, role, log_group)
        issuer: pulumi.Output[str] = cluster.identities[0].oidcs[0].issuer
        provider = _identity_provider(self, args, issuer)
        admissions = {admin: _admit(self, args, cluster, admin, who) for admin, who in sorted(args["admins"].items())}

        self.cluster_name = cluster.name
        self.cluster_arn = cluster.arn
        self.endpoint = cluster.endpoint
        self.kubernetes_version = cluster.version
        self.status = cluster.status
        self.security_group_id = cluster.vpc_config.cluster_security_group_id
        self.oidc_provider_arn = provider.arn
        self.oidc_provider_url = issuer
        self.role_arn = role.arn
        self.log_group_name = log_group.name
        self.kubeconfig = _kubeconfig(cluster, args["account"]["region"])
        self._args = args
        self._cluster = cluster
        self._admissions = admissions
        self.register_outputs(
            {
                "clusterName": self.cluster_name,
                "clusterArn": self.cluster_arn,
                "endpoint": self.endpoint,
                "kubernetesVersion": self.kubernetes_version,
                "status": self.status,
                "securityGroupId": self.security_group_id,
                "oidcProviderArn": self.oidc_provider_arn,
                "oidcProviderUrl": self.oidc_provider_url,
                "roleArn": self.role_arn,
                "logGroupName": self.log_group_name,
                "kubeconfig": self.kubeconfig,
            }
        )

    @property
    def resource(self) -> EksCluster:
        """The cluster itself: what is deleted with it."""
        return self._cluster

    def admission(self, admin: str) -> AccessPolicyAssociation:
        """Return what lets an administrator in."""
        return self._admissions[admin]

    def kubeconfig_of(self, admin: str) -> pulumi.Output[str]:
        """Return a kubeconfig, secret, that enters the cluster as an administrator: by the role, where it is one."""
        principal = self._args["admins"][admin]
        is_role = ":role/" in principal
        return _kubeconfig(self._cluster, self._args["account"]["region"], principal if is_role else "")


def _log_group(parent: Cluster, args: ClusterArgs) -> LogGroup:
    """Make the log group before EKS does: its own would have no retention, no key, and outlive the cluster."""
    environment = Environment.of(args)
    name = environment.name("eks-cluster-logs")
    return LogGroup(
        name,
        name=names.control_plane_log_group(environment.suffix),
        retention_in_days=int(args["log_retention_days"]),
        kms_key_id=args["logs_key_arn"],
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _role(parent: Cluster, args: ClusterArgs) -> Role:
    environment = Environment.of(args)
    secrets = pulumi.Output.from_input(args["secrets_key_arn"]).apply(cluster_role.secrets_policy)
    return Role(
        environment.name("cluster-role"),
        {
            **environment.pass_on(),
            "kind": "eks-cluster",
            "description": "EKS control plane",
            "trust": text(cluster_role.trust_document(environment.account, names.cluster(environment.suffix))),
            "managed_policies": managed.arns(environment.account, cluster_role.POLICIES),
            "inline_policies": {"secrets": secrets.apply(text)},
        },
        pulumi.ResourceOptions(parent=parent),
    )


def _cluster(parent: Cluster, args: ClusterArgs, role: Role, log_group: LogGroup) -> EksCluster:
    environment = Environment.of(args)
    name = names.cluster(environment.suffix)
    return EksCluster(
        name,
        name=name,
        version=args["kubernetes_version"],
        role_arn=role.arn,
        vpc_config=_reach(args),
        # Whoever runs the deployment doesn't become an administrator by accident: administrators are named.
        access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
        # The add-ons are resources of their own; EKS would install other copies first.
        bootstrap_self_managed_addons=False,
        encryption_config={"provider": {"key_arn": args["secrets_key_arn"]}, "resources": ["secrets"]},
        enabled_cluster_log_types=list(LOG_TYPES),
        kubernetes_network_config={"ip_family": "ipv4", "service_ipv4_cidr": args["service_cidr"]},
        deletion_protection=args["deletion_protection"],
        upgrade_policy={"support_type": args["support_type"]},
        zonal_shift_config={"enabled": args["zonal_shift"]},
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=[role, log_group],
            # A control plane stays in the zones that it was made in (EKS user guide, subnet requirements); a zone that
            # is added later is one for nodes.
            ignore_changes=["vpcConfig.subnetIds"],
        ),
    )


def _reach(args: ClusterArgs) -> "ClusterVpcConfigArgsDict":
    """Place the control plane's interfaces, and open its API to the network and to whom the description names."""
    config: ClusterVpcConfigArgsDict = {
        "subnet_ids": [args["subnet_ids"][zone] for zone in sorted(args["subnet_ids"])],
        "endpoint_private_access": True,
        "endpoint_public_access": "public_access_cidrs" in args,
    }
    if "public_access_cidrs" in args:
        config["public_access_cidrs"] = args["public_access_cidrs"]
    return config


def _identity_provider(parent: Cluster, args: ClusterArgs, issuer: pulumi.Output[str]) -> OpenIdConnectProvider:
    """Let IAM trust the cluster's tokens; AWS knows the issuer's certificate, so no thumbprint is pinned."""
    environment = Environment.of(args)
    name = environment.name("eks-oidc-provider")
    return OpenIdConnectProvider(
        name,
        url=issuer,
        client_id_lists=[trust.AUDIENCE],
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _admit(
    parent: Cluster, args: ClusterArgs, cluster: EksCluster, admin: str, principal: str
) -> AccessPolicyAssociation:
    """Let a principal in as administrator."""
    environment = Environment.of(args)
    name = environment.name(f"eks-{admin}-access")
    entry = AccessEntry(
        name,
        cluster_name=cluster.name,
        principal_arn=principal,
        type="STANDARD",
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return AccessPolicyAssociation(
        environment.name(f"eks-{admin}-access-policy"),
        cluster_name=cluster.name,
        principal_arn=entry.principal_arn,
        policy_arn=managed.access_policy_arn(environment.account, managed.CLUSTER_ADMIN),
        access_scope={"type": "cluster"},
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _kubeconfig(cluster: EksCluster, region: str, role_arn: str = "") -> pulumi.Output[str]:
    parts = pulumi.Output.all(cluster.name, cluster.endpoint, cluster.certificate_authority.data, region, role_arn)
    return pulumi.Output.secret(parts.apply(lambda values: kubeconfig.render(*values)))
