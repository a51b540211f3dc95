"""Whose something in AWS is that no deployment knows: the tags by which a cluster's programs mark what they make.

A node's network plugin, the volume driver and whatever makes load balancers call AWS themselves. What they make is in
nobody's state; its tags name the cluster that it was made for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cluster can leave in an account, in the order in which it can be deleted: users before what they use."""

    INSTANCE = "instance"
    LOAD_BALANCER = "load-balancer"
    CLASSIC_LOAD_BALANCER = "classic-load-balancer"
    TARGET_GROUP = "target-group"
    NETWORK_INTERFACE = "network-interface"
    VOLUME = "volume"
    SNAPSHOT = "snapshot"
    SECURITY_GROUP = "security-group"
    LOG_GROUP = "log-group"

    @property
    def noun(self) -> str:
        """What people call it."""
        return self.value.replace("-", " ")

    @property
    def holds_data(self) -> bool:
        """Whether somebody's data goes with it for ever."""
        return self in {Kind.VOLUME, Kind.SNAPSHOT}


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with its value."""

    key: str
    value: str

    def __str__(self) -> str:
        """Write it as AWS's tools do."""
        return f"{self.key}={self.value}"


def owned(cluster: str) -> Tag:
    """Give the mark of Kubernetes' AWS integration, the volume driver, EKS's nodes and its security group.

    Sources: cloud-provider-aws, ``pkg/providers/v1/tags.go``; aws-ebs-csi-driver, ``docs/tagging.md``, where
    ``--k8s-tag-cluster-id`` is set, as the EKS add-on does.
    """
    return Tag(f"kubernetes.io/cluster/{cluster}", "owned")


def balanced(cluster: str) -> Tag:
    """Give the mark of the AWS Load Balancer Controller (``pkg/shared_constants/tag_keys.go``)."""
    return Tag("elbv2.k8s.aws/cluster", cluster)


def attached(cluster: str) -> Tag:
    """Give the mark of the VPC CNI, from its environment's ``CLUSTER_NAME`` (amazon-vpc-cni-k8s#608, README)."""
    return Tag("cluster.k8s.amazonaws.com/name", cluster)


def grouped(cluster: str) -> Tag:
    """Give the mark that EKS puts on the security group of a cluster (EKS user guide, security group requirements)."""
    return Tag("aws:eks:cluster-name", cluster)


def marks(cluster: str) -> Mapping[Kind, tuple[Tag, ...]]:
    """Give the tags, any of which says that something of a kind was made for a cluster; log groups have names."""
    general, by_controller = owned(cluster), balanced(cluster)
    return {
        Kind.INSTANCE: (general,),
        Kind.LOAD_BALANCER: (by_controller, general),
        Kind.CLASSIC_LOAD_BALANCER: (general,),
        Kind.TARGET_GROUP: (by_controller, general),
        Kind.NETWORK_INTERFACE: (attached(cluster), general),
        Kind.VOLUME: (general,),
        Kind.SNAPSHOT: (general,),
        Kind.SECURITY_GROUP: (by_controller, grouped(cluster), general),
    }


def log_groups(cluster: str) -> tuple[str, ...]:
    """Give the prefixes of a cluster's log groups: of its control plane, of Container Insights (AWS user guides)."""
    return (f"/aws/eks/{cluster}/", f"/aws/containerinsights/{cluster}/")
