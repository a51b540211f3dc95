"""What a deployer may do with what a cluster has left behind: find it, and delete what the cluster's marks are on.

It is all that somebody needs who sweeps and does nothing else.
"""

from seatrial import names
from seatrial.iam.account import Account
from seatrial.iam.document import Statement, allow
from seatrial.ownership import Kind, Tag, attached, balanced, grouped, log_groups, marks, owned

_READ = (
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSnapshots",
    "ec2:DescribeVolumes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroups",
)

_DELETE = {
    Kind.INSTANCE: ("ec2:TerminateInstances",),
    Kind.LOAD_BALANCER: ("elasticloadbalancing:DeleteLoadBalancer",),
    Kind.CLASSIC_LOAD_BALANCER: ("elasticloadbalancing:DeleteLoadBalancer",),
    Kind.TARGET_GROUP: ("elasticloadbalancing:DeleteTargetGroup",),
    Kind.NETWORK_INTERFACE: ("ec2:DeleteNetworkInterface",),
    Kind.VOLUME: ("ec2:DeleteVolume",),
    Kind.SNAPSHOT: ("ec2:DeleteSnapshot",),
    Kind.SECURITY_GROUP: (
        "ec2:DeleteSecurityGroup",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
    ),
}
"""The rules of a group go before it: two groups that name each other could never be deleted."""


_MARKS = {"Owned": owned, "Balanced": balanced, "Attached": attached, "Grouped": grouped}
"""End of a statement's id to the mark that it asks for."""


def statements(account: Account, suffix: str) -> tuple[Statement, ...]:
    """Return what to allow."""
    cluster = names.cluster(suffix)
    groups = [account.log_group_arn(f"{prefix}*") for prefix in log_groups(cluster)]
    return (
        allow("FindCluster", ["eks:DescribeCluster"], account.cluster_arn(cluster)),
        allow("FindLeftLogGroups", ["logs:DescribeLogGroups"], account.log_group_arn("*")),
        allow("FindLeftovers", _READ, "*", {"StringEquals": {"aws:RequestedRegion": account.region}}),
        *(_delete(account, cluster, name, mark(cluster)) for name, mark in _MARKS.items()),
        allow("DeleteLeftLogGroups", ["logs:DeleteLogGroup"], groups),
    )


def _delete(account: Account, cluster: str, name: str, tag: Tag) -> Statement:
    """Return what to allow where a mark is: the kinds that it can be on differ."""
    actions = {action for kind, tags in marks(cluster).items() if tag in tags for action in _DELETE[kind]}
    services = {action.partition(":")[0] for action in actions}
    resources = [account.arn(service, "*") for service in services]
    if "ec2:DeleteSnapshot" in actions:
        # ARNs of snapshots carry no account, for they can be shared.
        resources.append(f"arn:{account.partition}:ec2:{account.region}::snapshot/*")
    return allow(
        f"Delete{name}", sorted(actions), resources, {"StringEquals": {f"aws:ResourceTag/{tag.key}": tag.value}}
    )
