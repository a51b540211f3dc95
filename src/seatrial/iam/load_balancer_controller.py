"""The role of the AWS Load Balancer Controller: load balancers, target groups and security groups that it made.

Follows the controller's own policy (kubernetes-sigs/aws-load-balancer-controller, v3.5.0, docs/install/iam_policy.json)
and takes away what this cluster's controller can do without: other regions and accounts, what the controller of another
cluster made, security groups of other networks, firewalls and protections of other accounts.
"""

from collections.abc import Iterable

from seatrial.iam import trust
from seatrial.iam.account import Account
from seatrial.iam.document import Condition, Document, Statement, allow, document

NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "aws-load-balancer-controller"

_TAG = "elbv2.k8s.aws/cluster"
"""What the controller tags everything with that it makes; the value is the cluster's name."""

_LOOK_IN_NETWORK = (
    "DescribeAccountAttributes",
    "DescribeAddresses",
    "DescribeAvailabilityZones",
    "DescribeCoipPools",
    "DescribeInstances",
    "DescribeInternetGateways",
    "DescribeIpamPools",
    "DescribeNetworkInterfaces",
    "DescribeRouteTables",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeTags",
    "DescribeVpcPeeringConnections",
    "DescribeVpcs",
    "GetCoipPoolUsage",
    "GetSecurityGroupsForVpc",
)

_LOOK_AT_BALANCERS = (
    "DescribeCapacityReservation",
    "DescribeListenerAttributes",
    "DescribeListenerCertificates",
    "DescribeListeners",
    "DescribeLoadBalancerAttributes",
    "DescribeLoadBalancers",
    "DescribeRules",
    "DescribeSSLPolicies",
    "DescribeTags",
    "DescribeTargetGroupAttributes",
    "DescribeTargetGroups",
    "DescribeTargetHealth",
    "DescribeTrustStores",
)

_LOOK_AT_PROTECTION = (
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "cognito-idp:DescribeUserPoolClient",
    "iam:GetServerCertificate",
    "iam:ListServerCertificates",
    # AWS can't limit it to what is protected.
    "shield:CreateProtection",
    "shield:DescribeProtection",
    "shield:GetSubscriptionState",
    "waf-regional:GetWebACL",
    "waf-regional:GetWebACLForResource",
    "wafv2:GetWebACL",
    "wafv2:GetWebACLForResource",
)
"""Certificates, users and firewalls that an Ingress may name: they are others', wherever those keep them."""

_PROTECT = (
    "shield:DeleteProtection",
    "waf-regional:AssociateWebACL",
    "waf-regional:DisassociateWebACL",
    "wafv2:AssociateWebACL",
    "wafv2:DisassociateWebACL",
)
"""Asked of the load balancer, and of the firewall that is put before it."""

_CHANGE_OWN = (
    "DeleteLoadBalancer",
    "DeleteTargetGroup",
    "ModifyCapacityReservation",
    "ModifyIpPools",
    "ModifyListenerAttributes",
    "ModifyLoadBalancerAttributes",
    "ModifyTargetGroup",
    "ModifyTargetGroupAttributes",
    "SetIpAddressType",
    "SetSecurityGroups",
    "SetSubnets",
)

_LISTEN = ("CreateListener", "CreateRule", "DeleteListener", "DeleteRule")

_CHANGE_LISTENERS = (
    "AddListenerCertificates",
    "ModifyListener",
    "ModifyRule",
    "RemoveListenerCertificates",
    "SetRulePriorities",
    "SetWebAcl",
)


def trust_document(provider_arn: str, issuer: str) -> Document:
    """Trust the controller's service account."""
    return trust.service_account(provider_arn, issuer, NAMESPACE, SERVICE_ACCOUNT)


def policy(account: Account, cluster: str, vpc_id: str) -> Document:
    """Return what the controller of a cluster in a network may do."""
    return document(
        _service_linked_role(account),
        allow("Look", [*_ec2(_LOOK_IN_NETWORK), *_elb(_LOOK_AT_BALANCERS)], "*"),
        allow("LookAtProtection", _LOOK_AT_PROTECTION, "*"),
        allow("ProtectBalancers", _PROTECT, _protected(account)),
        *_security_groups(account, cluster, vpc_id),
        *_balancers(account, cluster),
    )


def _service_linked_role(account: Account) -> Statement:
    """Allow the role of load balancing itself, made once in an account by its first load balancer."""
    service = "elasticloadbalancing.amazonaws.com"
    role = account.iam_arn(f"role/aws-service-role/{service}/*")
    condition = {"StringEquals": {"iam:AWSServiceName": service}}
    return allow("CreateServiceLinkedRole", ["iam:CreateServiceLinkedRole"], role, condition)


def _protected(account: Account) -> list[str]:
    """Name the account's load balancers, firewalls and protections; Shield has no regions."""
    return [
        *_arns(account, "loadbalancer/app/*/*"),
        account.arn("waf-regional", "webacl/*"),
        account.arn("wafv2", "regional/webacl/*/*"),
        f"arn:{account.partition}:shield::{account.account_id}:protection/*",
    ]


def _security_groups(account: Account, cluster: str, vpc_id: str) -> tuple[Statement, ...]:
    """Open the network's groups, those of nodes among them, to load balancers; make, tag and delete its own."""
    groups, network = account.arn("ec2", "security-group/*"), account.arn("ec2", f"vpc/{vpc_id}")
    inside = {"ArnEquals": {"ec2:Vpc": network}}
    creating = {"StringEquals": {**_given(cluster)["StringEquals"], "ec2:CreateAction": "CreateSecurityGroup"}}
    rules = ("AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress")
    return (
        allow("OpenGroupsOfNetwork", _ec2(rules), groups, inside),
        # Judged once for the group, which doesn't exist yet, and once for the network that it goes into.
        allow("CreateGroupsInNetwork", _ec2(["CreateSecurityGroup"]), [groups, network]),
        allow("TagNewGroups", _ec2(["CreateTags"]), groups, creating),
        allow("TagOwnGroups", _ec2(["CreateTags", "DeleteTags"]), groups, _kept(cluster)),
        allow("ChangeOwnGroups", _ec2([*rules, "DeleteSecurityGroup"]), groups, _own(cluster)),
    )


def _balancers(account: Account, cluster: str) -> tuple[Statement, ...]:
    """Make load balancers and target groups, and change its own; listeners and rules bear no tag when they are made."""
    everything, targets = account.arn("elasticloadbalancing", "*"), _arns(account, "targetgroup/*/*")
    tagged = [*_arns(account, "loadbalancer/app/*/*", "loadbalancer/net/*/*"), *targets]
    parts = [f"{part}/{kind}/*/*/*" for part in ("listener", "listener-rule") for kind in ("app", "net")]
    made = ["CreateLoadBalancer", "CreateTargetGroup"]
    creating = {"StringEquals": {**_given(cluster)["StringEquals"], "elasticloadbalancing:CreateAction": made}}
    tag = _elb(["AddTags", "RemoveTags"])
    return (
        allow("CreateTagged", _elb(made), everything, _given(cluster)),
        allow("Listen", _elb(_LISTEN), everything),
        allow("TagOwn", tag, tagged, _kept(cluster)),
        allow("TagListeners", tag, _arns(account, *parts)),
        allow("ChangeOwn", _elb(_CHANGE_OWN), everything, _own(cluster)),
        allow("TagNew", _elb(["AddTags"]), tagged, creating),
        allow("UseTargets", _elb(["DeregisterTargets", "RegisterTargets"]), targets),
        allow("ChangeListeners", _elb(_CHANGE_LISTENERS), everything),
    )


def _given(cluster: str) -> dict[str, dict[str, str | list[str]]]:
    """Limit to requests that give the cluster's tag."""
    return {"StringEquals": {f"aws:RequestTag/{_TAG}": cluster}}


def _own(cluster: str) -> Condition:
    """Limit to what carries the cluster's tag."""
    return {"StringEquals": {f"aws:ResourceTag/{_TAG}": cluster}}


def _kept(cluster: str) -> Condition:
    """Limit to what carries the cluster's tag, by requests that leave it alone."""
    return {**_own(cluster), "Null": {f"aws:RequestTag/{_TAG}": "true"}}


def _arns(account: Account, *resources: str) -> list[str]:
    return [account.arn("elasticloadbalancing", resource) for resource in resources]


def _ec2(operations: Iterable[str]) -> list[str]:
    return [f"ec2:{operation}" for operation in operations]


def _elb(operations: Iterable[str]) -> list[str]:
    return [f"elasticloadbalancing:{operation}" for operation in operations]
