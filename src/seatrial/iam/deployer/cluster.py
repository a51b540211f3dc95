"""What a deployer may do in EKS: one cluster and what belongs to it."""

from seatrial import names
from seatrial.iam.account import Account
from seatrial.iam.document import Statement, allow

_MANAGE = (
    "AssociateAccessPolicy",
    "CreateAccessEntry",
    "CreateAddon",
    "CreateCluster",
    "CreateNodegroup",
    "CreatePodIdentityAssociation",
    "DeleteAccessEntry",
    "DeleteAddon",
    "DeleteCluster",
    "DeleteNodegroup",
    "DeletePodIdentityAssociation",
    "DescribeAccessEntry",
    "DescribeAddon",
    "DescribeCluster",
    "DescribeNodegroup",
    "DescribePodIdentityAssociation",
    "DescribeUpdate",
    "DisassociateAccessPolicy",
    "ListAccessEntries",
    "ListAddons",
    "ListAssociatedAccessPolicies",
    "ListNodegroups",
    "ListPodIdentityAssociations",
    "ListTagsForResource",
    "ListUpdates",
    "TagResource",
    "UntagResource",
    "UpdateAccessEntry",
    "UpdateAddon",
    "UpdateClusterConfig",
    "UpdateClusterVersion",
    "UpdateNodegroupConfig",
    "UpdateNodegroupVersion",
    "UpdatePodIdentityAssociation",
)

_PARTS = ("access-entry", "addon", "nodegroup", "podidentityassociation")


def statements(account: Account, suffix: str) -> tuple[Statement, ...]:
    """Return what to allow."""
    name = names.cluster(suffix)
    parts = [account.arn("eks", f"{part}/{name}/*") for part in _PARTS]
    manage = [f"eks:{operation}" for operation in _MANAGE]
    return (
        allow("ManageCluster", manage, [account.cluster_arn(name), *parts]),
        # Versions of add-ons belong to nobody's cluster.
        allow("ReadAddonVersions", ["eks:DescribeAddonConfiguration", "eks:DescribeAddonVersions"], "*"),
    )


def entry(enters_as: str) -> tuple[Statement, ...]:
    """Return what to allow so as to enter the cluster; whoever is a user enters as himself."""
    return (allow("EnterCluster", ["sts:AssumeRole"], enters_as),) if ":role/" in enters_as else ()
