"""What a deployer may do with keys and log groups."""

from seatrial import names
from seatrial.iam.account import Account
from seatrial.iam.deployer import tagged
from seatrial.iam.document import Statement, allow

_MANAGE = (
    "kms:CreateGrant",
    "kms:DescribeKey",
    "kms:DisableKeyRotation",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)
"""``CreateGrant``: EKS takes its grant on the secrets key with the permissions of whoever creates the cluster."""

_ALIASES = ("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias")

_LOG_GROUPS = (
    "logs:AssociateKmsKey",
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:DeleteRetentionPolicy",
    "logs:DisassociateKmsKey",
    "logs:ListTagsForResource",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:UntagResource",
)


def statements(account: Account, suffix: str) -> tuple[Statement, ...]:
    """Return what to allow."""
    keys = account.arn("kms", "key/*")
    own = tagged.on_resource(suffix)
    given = tagged.in_request(suffix)
    aliases = account.arn("kms", f"alias/eks-*-{suffix}")
    return (
        # A key that doesn't exist yet has no ARN to name.
        allow("CreateKeys", ["kms:CreateKey"], "*", given),
        allow("TagNewKeys", ["kms:TagResource"], keys, given),
        allow("ManageKeys", _MANAGE, keys, own),
        # An alias is judged by its own ARN and by that of its key.
        allow("NameKeys", _ALIASES, keys, own),
        allow("NameByAlias", _ALIASES, aliases),
        allow("ListKeyAliases", ["kms:ListAliases"], "*"),
        allow("ManageLogGroups", _LOG_GROUPS, _log_groups(account, suffix)),
        allow("ListLogGroups", ["logs:DescribeLogGroups"], account.log_group_arn("*")),
    )


def _log_groups(account: Account, suffix: str) -> list[str]:
    """Return the ARNs in both spellings: some calls are judged with the streams' ``:*``, some without."""
    groups = (names.control_plane_log_group(suffix), names.resource("eks-flow-logs", suffix))
    return [f"{account.log_group_arn(group)}{end}" for group in groups for end in ("", ":*")]
