"""S3: buckets, and what is set for one."""

from collections.abc import Mapping
from typing import Final

from seatrial.plan.cloud.order import Handler, Made, Order, tokens
from seatrial.plan.graph import Value


def _bucket(order: Order) -> Made:
    """Name no account: a bucket's name is its alone in the partition, so its ARN needs none."""
    name = order.name("bucket", length=63)
    outputs: dict[str, Value] = {
        "arn": f"arn:{order.partition}:s3:::{name}",
        "bucket": name,
        "bucketDomainName": f"{name}.s3.{order.dns_suffix}",
        "bucketRegionalDomainName": f"{name}.s3.{order.region}.{order.dns_suffix}",
        **order.tags(),
    }
    return Made(name, outputs)


def _setting(order: Order) -> Made:
    """Identify what is set for a bucket by the bucket."""
    return Made(order.text("bucket"))


HANDLERS: Final[Mapping[str, Handler]] = tokens(
    "s3",
    {
        "Bucket": _bucket,
        "BucketOwnershipControls": _setting,
        "BucketPolicy": _setting,
        "BucketPublicAccessBlock": _setting,
        "BucketServerSideEncryptionConfiguration": _setting,
    },
)
"""Type to what makes it."""
