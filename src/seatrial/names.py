"""Names and tags of AWS resources: ``{resource-type}-{environment-suffix}``."""

from collections.abc import Mapping

SUFFIX_MAX = 20
"""Most characters of the suffix. Of a role's 64, one of the shortest limits, 43 remain for the resource type."""

PLATFORM_TAGS = ("Environment", "EnvironmentSuffix", "Project", "ManagedBy", "Owner", "CostCenter")
"""Tags that the platform puts on every taggable resource."""

LIMITS: Mapping[str, int] = {
    "aws:cloudwatch/eventRule:EventRule": 64,  # EventBridge API, RuleName
    "aws:cloudwatch/logGroup:LogGroup": 512,  # CloudWatch Logs API, LogGroupName
    "aws:ec2/launchTemplate:LaunchTemplate": 128,  # EC2 API, LaunchTemplateName
    "aws:ec2/securityGroup:SecurityGroup": 255,  # EC2 API, CreateSecurityGroup, GroupName
    "aws:eks/cluster:Cluster": 100,  # EKS API, ClusterName
    "aws:eks/nodeGroup:NodeGroup": 63,  # EKS user guide, CreateNodegroup, nodegroupName
    "aws:iam/policy:Policy": 128,  # IAM API, policyNameType
    "aws:iam/role:Role": 64,  # IAM API, roleNameType
    "aws:iam/rolePolicy:RolePolicy": 128,  # IAM API, policyNameType
    "aws:kms/alias:Alias": 256,  # KMS API, AliasNameType, "alias/" included
    "aws:s3/bucket:Bucket": 63,  # S3 user guide, bucket naming rules
    "aws:sqs/queue:Queue": 80,  # SQS API, CreateQueue, QueueName
}
"""Pulumi type token to the most characters that AWS allows in the name, suffix included."""

TAG_VALUE_MAX = 256
"""Most characters of a tag's value, and so of a name that only the tag ``Name`` holds (EC2 user guide, tags)."""


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


def irsa_demo_bucket(account_id: str, region: str, suffix: str) -> str:
    """Name the demonstration's bucket: a bucket's name is its alone among all accounts and regions of the partition."""
    return resource(f"eks-irsa-demo-{account_id}-{region}", suffix)


def tags(  # noqa: PLR0913 (an argument for each tag)
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
