"""What a deployer may do in IAM: the platform's own roles and its identity provider."""

from seatrial import names
from seatrial.iam import managed
from seatrial.iam.account import Account
from seatrial.iam.deployer import tagged
from seatrial.iam.document import Condition, Statement, allow

PASSED = ("eks-cluster", "eks-ebs-csi", "eks-flow-logs", "eks-node", "eks-vpc-cni")
"""Kinds of the platform's roles that are handed to a service of AWS: ``eks-node`` is ``eks-node-role-<suffix>``."""

ANNOTATED = ("eks-cluster-autoscaler", "eks-irsa-demo", "eks-load-balancer-controller")
"""Kinds of roles that are handed to nobody: the platform's own service accounts name them."""

ROLES = (*PASSED, *ANNOTATED)
"""All of them."""

INLINE = ("eks-cluster", "eks-ebs-csi", "eks-flow-logs", *ANNOTATED)
"""Those that have policies of their own."""

_MANAGE = (
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListRolePolicies",
    "iam:ListRoleTags",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)

_PROVIDER = (
    "iam:AddClientIDToOpenIDConnectProvider",
    "iam:DeleteOpenIDConnectProvider",
    "iam:GetOpenIDConnectProvider",
    "iam:ListOpenIDConnectProviderTags",
    "iam:RemoveClientIDFromOpenIDConnectProvider",
    "iam:TagOpenIDConnectProvider",
    "iam:UntagOpenIDConnectProvider",
    "iam:UpdateOpenIDConnectProviderThumbprint",
)


def statements(account: Account, suffix: str) -> tuple[Statement, ...]:
    """Return what to allow."""
    roles = [role_arn(account, kind, suffix) for kind in ROLES]
    passed = [role_arn(account, kind, suffix) for kind in PASSED]
    inline = [role_arn(account, kind, suffix) for kind in INLINE]
    attached = {"ArnEquals": {"iam:PolicyARN": sorted(managed.arns(account, managed.ALL).values())}}
    providers = account.iam_arn("oidc-provider/*")
    create = ["iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"]
    return (
        allow("ManageRoles", _MANAGE, roles),
        allow("AttachManagedPolicies", ["iam:AttachRolePolicy", "iam:DetachRolePolicy"], passed, attached),
        allow("WriteInlinePolicies", ["iam:DeleteRolePolicy", "iam:PutRolePolicy"], inline),
        allow("PassRoles", ["iam:PassRole"], passed, _services(account)),
        allow("CreateIdentityProvider", create, providers, tagged.in_request(suffix)),
        allow("ManageIdentityProvider", _PROVIDER, providers, tagged.on_resource(suffix)),
        _service_linked_roles(account),
    )


def role_arn(account: Account, kind: str, suffix: str) -> str:
    """Return the ARN of one of the platform's roles."""
    return account.iam_arn(f"role/{names.resource(f'{kind}-role', suffix)}")


def _services(account: Account) -> Condition:
    """Say to whom roles may be handed: without it, a role could be handed to anything that runs code."""
    services = {"ec2.amazonaws.com", f"ec2.{account.dns_suffix}", "eks.amazonaws.com", "vpc-flow-logs.amazonaws.com"}
    return {"StringEquals": {"iam:PassedToService": sorted(services)}}


def _service_linked_roles(account: Account) -> Statement:
    """Allow the roles of EKS itself, made once in an account by its first cluster and node group."""
    services = ["eks-nodegroup.amazonaws.com", "eks.amazonaws.com"]
    return allow(
        "CreateServiceLinkedRoles",
        ["iam:CreateServiceLinkedRole"],
        [account.iam_arn(f"role/aws-service-role/{service}/*") for service in services],
        {"StringEquals": {"iam:AWSServiceName": services}},
    )
