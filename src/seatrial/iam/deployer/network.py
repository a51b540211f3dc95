"""What a deployer may do in EC2: networks, their ways in and out, launch templates."""

from seatrial.iam.account import Account
from seatrial.iam.deployer import tagged
from seatrial.iam.document import Condition, Statement, allow

_READ = (
    "DescribeAddresses",
    "DescribeAddressesAttribute",
    "DescribeAvailabilityZones",
    "DescribeFlowLogs",
    "DescribeInternetGateways",
    "DescribeLaunchTemplateVersions",
    "DescribeLaunchTemplates",
    "DescribeNatGateways",
    "DescribeNetworkAcls",
    "DescribeNetworkInterfaces",
    "DescribePrefixLists",
    "DescribeRouteTables",
    "DescribeSecurityGroupRules",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeTags",
    "DescribeVpcAttribute",
    "DescribeVpcEndpoints",
    "DescribeVpcs",
)

_CREATE = (
    "AllocateAddress",
    "AuthorizeSecurityGroupIngress",
    "CreateFlowLogs",
    "CreateInternetGateway",
    "CreateLaunchTemplate",
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateVpc",
    "CreateVpcEndpoint",
)
"""Calls that tag what they create."""

_CHANGE = (
    "AssociateRouteTable",
    "AttachInternetGateway",
    "CreateLaunchTemplateVersion",
    "CreateRoute",
    "DeleteFlowLogs",
    "DeleteInternetGateway",
    "DeleteLaunchTemplate",
    "DeleteNatGateway",
    "DeleteRoute",
    "DeleteRouteTable",
    "DeleteSecurityGroup",
    "DeleteSubnet",
    "DeleteTags",
    "DeleteVpc",
    "DeleteVpcEndpoints",
    "DetachInternetGateway",
    "DisassociateAddress",
    "DisassociateRouteTable",
    "ModifyLaunchTemplate",
    "ModifySecurityGroupRules",
    "ModifySubnetAttribute",
    "ModifyVpcAttribute",
    "ModifyVpcEndpoint",
    "ReleaseAddress",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
)

_LAUNCHED = ("instance", "network-interface", "security-group", "subnet", "volume")
"""What an instance is made of, beside its launch template and its image."""


def statements(account: Account, suffix: str) -> tuple[Statement, ...]:
    """Return what to allow."""
    here: Condition = {"StringEquals": {"aws:RequestedRegion": account.region}}
    own = tagged.on_resource(suffix)
    # A creation is judged once for what it makes and once for each thing that it makes it from or in.
    return (
        allow("ReadNetwork", _ec2(*_READ), "*", here),
        allow("CreateTagged", _ec2(*_CREATE), _all(account), tagged.in_request(suffix)),
        allow("ChangeTagged", _ec2(*_CREATE, *_CHANGE, "CreateTags"), _all(account), own),
        _tag_on_creation(account, suffix),
        *_default_security_group(account, suffix),
        _private_names(account),
        *_launch(account, suffix),
    )


def _tag_on_creation(account: Account, suffix: str) -> Statement:
    """Tags given with a creation are judged as a call of their own; this one can't tag what exists already."""
    condition = {
        "StringEquals": {**tagged.in_request(suffix)["StringEquals"], "ec2:CreateAction": [*_CREATE, "RunInstances"]},
    }
    return allow("TagOnCreation", _ec2("CreateTags"), _all(account), condition)


def _default_security_group(account: Account, suffix: str) -> tuple[Statement, ...]:
    """Allow to take it over once, by its name, and to empty it: it comes with its VPC, without tags."""
    groups = account.arn("ec2", "security-group/*")
    name = {**tagged.in_request(suffix)["StringEquals"], "aws:RequestTag/Name": f"eks-default-sg-{suffix}"}
    empty = _ec2("RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress")
    return (
        allow("TakeDefaultGroup", _ec2("CreateTags"), groups, {"StringEquals": name, **tagged.nobodys()}),
        allow("EmptyDefaultGroup", empty, groups, tagged.nobodys()),
    )


def _private_names(account: Account) -> Statement:
    """Let an interface endpoint answer under the service's public name: its zone is hidden, and AWS's own."""
    zones = f"arn:{account.partition}:route53:::hostedzone/*"
    here: Condition = {"ForAllValues:StringLike": {"route53:VPCs": f"VPCId=*,VPCRegion={account.region}"}}
    return allow("NameEndpoints", ["route53:AssociateVPCWithHostedZone"], zones, here)


def _launch(account: Account, suffix: str) -> tuple[Statement, ...]:
    """EKS starts nodes itself, but first tries with the deployer's permissions whether the launch template works."""
    run = _ec2("RunInstances")
    by_template = {"ArnLike": {"ec2:LaunchTemplate": account.arn("ec2", "launch-template/*")}}
    parts = [account.arn("ec2", f"{kind}/*") for kind in _LAUNCHED]
    # Images belong to AWS, so their ARNs carry no account.
    images = f"arn:{account.partition}:ec2:{account.region}::image/*"
    return (
        allow("LaunchByTemplate", run, [*parts, images], by_template),
        allow("LaunchOwnTemplate", run, account.arn("ec2", "launch-template/*"), tagged.on_resource(suffix)),
    )


def _all(account: Account) -> str:
    """Return a pattern of everything in EC2 in the account and region."""
    return account.arn("ec2", "*")


def _ec2(*operations: str) -> list[str]:
    return [f"ec2:{operation}" for operation in operations]
