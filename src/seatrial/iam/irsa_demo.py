"""The role of the IRSA demonstration: one bucket, and nothing beside it."""

from seatrial.iam import trust
from seatrial.iam.document import Document, allow, deny, document, granted

SERVICE_ACCOUNT = "irsa-demo-sa"


def trust_document(provider_arn: str, issuer: str, namespace: str) -> Document:
    """Trust the demonstration's service account, in the namespace that the description gives it."""
    return trust.service_account(provider_arn, issuer, namespace, SERVICE_ACCOUNT)


def policy(bucket_arn: str) -> Document:
    """Let it list the bucket, and read, write and delete what is in it."""
    objects = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    return document(
        allow("ListBucket", ["s3:GetBucketLocation", "s3:ListBucket"], bucket_arn),
        allow("UseObjects", objects, f"{bucket_arn}/*"),
    )


def bucket_policy(bucket_arn: str) -> Document:
    """Deny everybody what isn't encrypted on its way."""
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    return document(granted(deny("OnlyOverTls", ["s3:*"], [bucket_arn, f"{bucket_arn}/*"], plain), {"AWS": "*"}))
