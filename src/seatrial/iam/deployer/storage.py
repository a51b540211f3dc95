"""What a deployer may do in S3: the bucket of the demonstration, and emptying it before it goes."""

from seatrial import names
from seatrial.iam.account import Account
from seatrial.iam.document import Statement, allow

_MANAGE = (
    "s3:CreateBucket",
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:GetAccelerateConfiguration",
    "s3:GetBucketAcl",
    "s3:GetBucketCORS",
    "s3:GetBucketLocation",
    "s3:GetBucketLogging",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketRequestPayment",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:ListTagsForResource",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketTagging",
    "s3:PutEncryptionConfiguration",
    "s3:TagResource",
    "s3:UntagResource",
)
"""The many that only read are asked for whatever is set: Pulumi's provider looks at everything that a bucket has."""

_EMPTY = ("s3:DeleteObject", "s3:DeleteObjectVersion")


def statements(account: Account, suffix: str) -> tuple[Statement, ...]:
    """Return what to allow."""
    bucket = account.bucket_arn(names.irsa_demo_bucket(account.account_id, account.region, suffix))
    return (
        allow("ManageBucket", _MANAGE, bucket),
        allow("EmptyBucket", _EMPTY, f"{bucket}/*"),
    )
