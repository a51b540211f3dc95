"""Policies of the customer-managed KMS keys.

Every key lets the account's own IAM policies decide (the first statement); without it a key can become unmanageable.
"""

from collections.abc import Sequence

from seatrial.iam.account import Account
from seatrial.iam.document import Document, Statement, allow, document, granted

_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


def secrets(account: Account) -> Document:
    """Kubernetes secrets: the control plane's role has its permission in its own policy."""
    return document(_account(account))


def logs(account: Account, log_groups: Sequence[str]) -> Document:
    """Log groups: CloudWatch Logs may use the key, for the named groups only."""
    condition = {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": sorted(account.log_group_arn(name) for name in log_groups)},
    }
    # Unlike most service principals, that of CloudWatch Logs carries the partition's own DNS suffix.
    service = {"Service": f"logs.{account.region}.{account.dns_suffix}"}
    return document(_account(account), granted(allow("EncryptLogs", _USE, "*", condition), service))


def volumes(account: Account) -> Document:
    """Volumes: any principal of the account, through EC2 only.

    Naming the auto scaling service-linked role instead would fail in an account that has never had one: KMS refuses
    principals that don't exist. This is how AWS's own ``aws/ebs`` key does it.
    """
    through_ec2 = {
        "kms:CallerAccount": account.account_id,
        "kms:ViaService": f"ec2.{account.region}.{account.dns_suffix}",
    }
    grant = {"Bool": {"kms:GrantIsForAWSResource": "true"}, "StringEquals": through_ec2}
    everyone = {"AWS": "*"}
    return document(
        _account(account),
        granted(allow("UseThroughEc2", _USE, "*", {"StringEquals": through_ec2}), everyone),
        granted(allow("GrantThroughEc2", ["kms:CreateGrant"], "*", grant), everyone),
    )


def _account(account: Account) -> Statement:
    return granted(allow("AccountDecides", ["kms:*"], "*"), {"AWS": account.iam_arn("root")})
