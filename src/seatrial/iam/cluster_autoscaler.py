"""The role of the Cluster Autoscaler: looks at everything, changes its own cluster's groups."""

from seatrial.iam import trust
from seatrial.iam.account import Account
from seatrial.iam.document import Condition, Document, allow, document

NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "cluster-autoscaler"

_LOOK = (
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeLaunchConfigurations",
    "autoscaling:DescribeScalingActivities",
    "autoscaling:DescribeTags",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:GetInstanceTypesFromInstanceRequirements",
)
"""Calls that AWS lets nobody limit to named resources (kubernetes/autoscaler, its page on AWS, 2026-08)."""


def trust_document(provider_arn: str, issuer: str) -> Document:
    """Trust the autoscaler's service account."""
    return trust.service_account(provider_arn, issuer, NAMESPACE, SERVICE_ACCOUNT)


def policy(account: Account, cluster: str) -> Document:
    """Let it see groups and what their nodes would be, and resize those that EKS tagged as the cluster's."""
    groups = account.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")
    resize = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
    return document(
        allow("Look", _LOOK, "*"),
        # What a node of an empty group would be like: its labels and taints are told by EKS alone.
        allow("LookAtNodeGroups", ["eks:DescribeNodegroup"], account.arn("eks", f"nodegroup/{cluster}/*")),
        allow("ResizeOwnGroups", resize, groups, _own(cluster)),
    )


def _own(cluster: str) -> Condition:
    """Tell the cluster's groups by the tags by which the autoscaler finds them; EKS puts them on (EKS user guide)."""
    tag = "aws:ResourceTag/k8s.io/cluster-autoscaler"
    return {"StringEquals": {f"{tag}/enabled": "true", f"{tag}/{cluster}": "owned"}}
