"""Policies of VPC endpoints: what may leave the network through them."""

from seatrial.iam.account import Account
from seatrial.iam.document import Document, Statement, allow, document, granted

_ANYONE = {"AWS": "*"}


def s3(account: Account) -> Document:
    """Open the account's own buckets to its own principals, and those of AWS that nodes read from."""
    own = {
        "StringEquals": {
            "aws:PrincipalAccount": account.account_id,
            "aws:ResourceAccount": account.account_id,
        },
    }
    return document(
        granted(allow("OwnBuckets", ["s3:*"], "*", own), _ANYONE),
        granted(allow("BucketsOfAws", ["s3:GetObject"], _buckets_of_aws(account)), _ANYONE),
    )


def interface(account: Account, service: str) -> Document:
    """Admit any call, by principals of the account only."""
    own = {"StringEquals": {"aws:PrincipalAccount": account.account_id}}
    statement = granted(allow("OwnPrincipals", [f"{_prefix(service)}:*"], "*", own), _ANYONE)
    return document(statement, *_anonymous(account, service))


def _anonymous(account: Account, service: str) -> tuple[Statement, ...]:
    """Pods trade tokens for credentials unsigned: there is no principal yet, only the role that they ask for."""
    if service != "sts":
        return ()
    roles = account.iam_arn("role/*")
    return (granted(allow("TokensForOwnRoles", ["sts:AssumeRoleWithWebIdentity"], roles), _ANYONE),)


def _buckets_of_aws(account: Account) -> list[str]:
    """Image layers of ECR, packages of Amazon Linux 2023, and the Session Manager agent."""
    region = account.region
    buckets = (f"prod-{region}-starport-layer-bucket", f"al2023-repos-{region}-de612dc2", f"amazon-ssm-{region}")
    return [f"arn:{account.partition}:s3:::{bucket}/*" for bucket in buckets]


def _prefix(service: str) -> str:
    """``ecr.api`` and ``ecr.dkr`` are two doors of one service."""
    return service.partition(".")[0]
