"""Names and tags of AWS resources."""

from collections.abc import Mapping

SUFFIX_MAX = 20
"""Most characters of the suffix: with the 64 of an IAM role, the shortest limit, 43 remain for the kind."""

PLATFORM_TAGS = ("Environment", "EnvironmentSuffix", "Project", "ManagedBy", "Owner", "CostCenter")
"""Tags that the platform puts on every taggable resource."""

LIMITS: Mapping[str, int] = {
    "aws:cloudwatch/logGroup:LogGroup": 512,
    "aws:ec2/launchTemplate:LaunchTemplate": 128,
    "aws:ec2/securityGroup:SecurityGroup": 255,
    "aws:eks/cluster:Cluster": 100,
    "aws:eks/nodeGroup:NodeGroup": 63,
    "aws:iam/policy:Policy": 128,
    "aws:iam/role:Role": 64,
    "aws:iam/rolePolicy:RolePolicy": 128,
    "aws:kms/alias:Alias": 256,
}
"""Most characters of a name, by Pulumi type token."""


def resource(kind: str, suffix: str) -> str:
    """Name a resource: ``eks-cluster`` and ``dev`` give ``eks-cluster-dev``."""
    return f"{kind}-{suffix}"


def cluster(suffix: str) -> str:
    """Name the EKS cluster."""
    return resource("eks-cluster", suffix)


def control_plane_log_group(suffix: str) -> str:
    """Name the log group of the control plane: EKS writes to this one and no other."""
    return f"/aws/eks/{cluster(suffix)}/cluster"


def node_group_kind(key: str) -> str:
    """Give the kind of a node group: ``on-demand`` gives ``eks-ondemand-ng``."""
    return f"eks-{key.replace('-', '')}-ng"


def node_group(key: str, suffix: str) -> str:
    """Name a node group: ``on-demand`` and ``dev`` give ``eks-ondemand-ng-dev``."""
    return resource(node_group_kind(key), suffix)


def tags(  # noqa: PLR0913
    *, environment: str, suffix: str, project: str, owner: str, cost_center: str, user: Mapping[str, str]
) -> dict[str, str]:
    """Give the tags of every taggable resource; those of the platform win over the user's."""
    return {
        **user,
        "Environment": environment,
        "EnvironmentSuffix": suffix,
        "Project": project,
        "ManagedBy": "pulumi",
        "Owner": owner,
        "CostCenter": cost_center,
    }


def named(name: str, tags: Mapping[str, str]) -> dict[str, str]:
    """Add the ``Name`` tag, which the AWS console shows."""
    return {**tags, "Name": name}
