"""Policies that AWS keeps: their names, and ARNs in the partition at hand."""

from collections.abc import Iterable

from seatrial.iam.account import Account

CLUSTER = "AmazonEKSClusterPolicy"
WORKER_NODE = "AmazonEKSWorkerNodePolicy"
REGISTRY_PULL = "AmazonEC2ContainerRegistryPullOnly"
SESSION_MANAGER = "AmazonSSMManagedInstanceCore"
VPC_CNI = "AmazonEKS_CNI_Policy"
EBS_CSI = "AmazonEBSCSIDriverPolicyV2"
"""Has the path ``/``, unlike its predecessor under ``/service-role/``; touches only volumes that the driver tagged."""

ALL = (CLUSTER, WORKER_NODE, REGISTRY_PULL, SESSION_MANAGER, VPC_CNI, EBS_CSI)

CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
"""An EKS access policy, not an IAM one: the in-cluster equivalent of ``cluster-admin``."""


def arns(account: Account, names: Iterable[str]) -> dict[str, str]:
    """Return name to ARN of AWS-managed policies."""
    return {name: f"arn:{account.partition}:iam::aws:policy/{name}" for name in names}


def access_policy_arn(account: Account, name: str) -> str:
    """Return the ARN of an EKS access policy."""
    return f"arn:{account.partition}:eks::aws:cluster-access-policy/{name}"
