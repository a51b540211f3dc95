"""The whole description: what a stack file holds under ``seatrial:platform``."""

from collections.abc import Mapping

from pydantic import Field

from seatrial.config.addons import Addons
from seatrial.config.cluster import Cluster, Encryption
from seatrial.config.kubernetes import Kubernetes
from seatrial.config.network import Network
from seatrial.config.node_groups import NodeGroup, default_groups
from seatrial.config.section import Section
from seatrial.config.tenants import Tenant, default_tenants
from seatrial.config.values import GroupKey, Namespace, Region, Suffix, TagKey, TagText, TagValue
from seatrial.config.waivers import Waiver


class Platform(Section):
    """A production Kubernetes platform on Amazon EKS."""

    environment: TagText
    """What the platform is for, ``dev`` or ``prod``: the value of the tag Environment."""
    environment_suffix: Suffix
    """End of every AWS name, ``eks-cluster-dev``: unique among the platforms of one account and region."""
    region: Region = "us-east-2"
    """AWS region that holds everything."""
    project: TagText = "seatrial"
    """Value of the tag Project."""
    owner: TagText
    """Team that answers for the platform: the value of the tag Owner."""
    cost_center: TagText
    """Who pays: the value of the tag CostCenter."""
    tags: Mapping[TagKey, TagValue] = Field(default_factory=dict, max_length=40)
    """Your own tags, for every resource. 40 at most: AWS allows 50, the platform and Kubernetes take the rest."""
    network: Network = Network()
    """Addresses, zones, ways in and out."""
    encryption: Encryption = Encryption()
    """The customer-managed keys."""
    cluster: Cluster = Cluster()
    """The control plane."""
    node_groups: Mapping[GroupKey, NodeGroup] = Field(default_factory=default_groups, min_length=1)
    """Groups of nodes by name. Given, they replace the default two, ``spot`` and ``on-demand``."""
    addons: Addons = Addons()
    """The add-ons that EKS manages."""
    kubernetes: Kubernetes = Kubernetes()
    """What the platform puts into the cluster."""
    tenants: Mapping[Namespace, Tenant] = Field(default_factory=default_tenants, min_length=0, max_length=10_000)
    """Teams by namespace. Given, they replace the default two, ``dev`` and ``prod``.

    10,000 at most: what Kubernetes is tested with.
    """
    waivers: tuple[Waiver, ...] = Field(default=(), max_length=100)
    """Findings of ``seatrial check`` that somebody answers for, until a day."""

    @property
    def deploys_as(self) -> str:
        """Name of the administrator as whom objects are put into the cluster; empty when none are."""
        return (self.kubernetes.deploy_as or next(iter(self.cluster.admins))) if self.kubernetes.enabled else ""

    @property
    def enters_as(self) -> str:
        """ARN of that administrator; empty when no objects are put into the cluster."""
        return self.cluster.admins[self.deploys_as] if self.kubernetes.enabled else ""
