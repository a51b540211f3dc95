"""What controllers call in AWS, by what their makers publish: neither less nor more will do.

One entry for each service account that takes a role, with the source and its date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Recorded:
    """The calls of one controller."""

    source: str
    needed: frozenset[str]
    optional: frozenset[str] = frozenset()
    """Those that it makes for features, or that its maker lists and it can do without."""


def _calls(service: str, names: str) -> frozenset[str]:
    return frozenset(f"{service}:{name}" for name in names.split())


_BALANCERS: Final = Recorded(
    source="kubernetes-sigs/aws-load-balancer-controller v3.5.0, docs/install/iam_policy.json, 2026-08-03",
    needed=_calls(
        "ec2",
        "AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags DeleteSecurityGroup DeleteTags "
        "DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones DescribeCoipPools DescribeInstances "
        "DescribeInternetGateways DescribeIpamPools DescribeNetworkInterfaces DescribeRouteTables "
        "DescribeSecurityGroups DescribeSubnets DescribeTags DescribeVpcPeeringConnections DescribeVpcs "
        "GetCoipPoolUsage GetSecurityGroupsForVpc RevokeSecurityGroupIngress",
    )
    | _calls(
        "elasticloadbalancing",
        "AddListenerCertificates AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener "
        "DeleteLoadBalancer DeleteRule DeleteTargetGroup DeregisterTargets DescribeCapacityReservation "
        "DescribeListenerAttributes DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes "
        "DescribeLoadBalancers DescribeRules DescribeSSLPolicies DescribeTags DescribeTargetGroupAttributes "
        "DescribeTargetGroups DescribeTargetHealth DescribeTrustStores ModifyCapacityReservation ModifyIpPools "
        "ModifyListener ModifyListenerAttributes ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup "
        "ModifyTargetGroupAttributes RegisterTargets RemoveListenerCertificates RemoveTags SetIpAddressType "
        "SetRulePriorities SetSecurityGroups SetSubnets SetWebAcl",
    )
    | _calls("acm", "DescribeCertificate ListCertificates")
    | _calls("iam", "CreateServiceLinkedRole GetServerCertificate ListServerCertificates"),
    optional=_calls("cognito-idp", "DescribeUserPoolClient")
    | _calls("shield", "CreateProtection DeleteProtection DescribeProtection GetSubscriptionState")
    | _calls("waf-regional", "AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource")
    | _calls("wafv2", "AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource"),
)

_AUTOSCALER: Final = Recorded(
    source="kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md, 2026-08",
    needed=_calls(
        "autoscaling",
        "DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeLaunchConfigurations DescribeScalingActivities "
        "SetDesiredCapacity TerminateInstanceInAutoScalingGroup",
    )
    | _calls(
        "ec2",
        "DescribeImages DescribeInstanceTypes DescribeLaunchTemplateVersions GetInstanceTypesFromInstanceRequirements",
    )
    | _calls("eks", "DescribeNodegroup"),
    optional=_calls("autoscaling", "DescribeTags"),
)

RECORDED: Final[Mapping[str, Recorded]] = {
    "kube-system:aws-load-balancer-controller": _BALANCERS,
    "kube-system:cluster-autoscaler": _AUTOSCALER,
}
"""``namespace:name`` of a service account to what it calls."""
