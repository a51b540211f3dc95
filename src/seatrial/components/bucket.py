"""A bucket that only its account uses, over TLS."""

import pulumi
from pulumi_aws.s3.bucket import Bucket as S3Bucket
from pulumi_aws.s3.bucket_ownership_controls import BucketOwnershipControls
from pulumi_aws.s3.bucket_policy import BucketPolicy
from pulumi_aws.s3.bucket_public_access_block import BucketPublicAccessBlock
from pulumi_aws.s3.bucket_server_side_encryption_configuration import BucketServerSideEncryptionConfiguration

from seatrial.components.environment import Environment, EnvironmentArgs, children


class BucketArgs(EnvironmentArgs):
    """Inputs of :class:`Bucket`."""

    kind: str
    """What it is for, ``eks-irsa-demo``: the logical name of each part begins with it."""

    bucket_name: str
    """Name of the bucket, its alone among all accounts and regions."""

    policy: pulumi.Input[str]
    """Policy document, JSON."""


class Bucket(pulumi.ComponentResource):
    """An encrypted bucket that nobody outside the account reads. What is in it is deleted with it."""

    bucket_name: pulumi.Output[str]
    """Name of the bucket; to use it is to wait for the bucket."""

    arn: pulumi.Output[str]
    """ARN of the bucket."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Bucket", name, dict(args), opts)
        environment = Environment.of(args)
        child = children(self, opts)
        bucket = _bucket(environment, args, child)
        _close(environment, args["kind"], bucket, args["policy"], child)
        self.bucket_name = bucket.bucket
        self.arn = bucket.arn
        self.register_outputs({"bucketName": self.bucket_name, "arn": self.arn})


def _bucket(environment: Environment, args: BucketArgs, opts: pulumi.ResourceOptions) -> S3Bucket:
    name = environment.name(args["kind"])
    return S3Bucket(name, bucket=args["bucket_name"], force_destroy=True, tags=environment.tags(name), opts=opts)


def _close(
    environment: Environment, kind: str, bucket: S3Bucket, policy: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    """Encrypt what is in it, and let neither access lists nor policies open it to the public."""
    blocked = BucketPublicAccessBlock(
        environment.name(f"{kind}-access-block"),
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=opts,
    )
    BucketOwnershipControls(
        environment.name(f"{kind}-ownership"),
        bucket=bucket.bucket,
        rule={"object_ownership": "BucketOwnerEnforced"},
        opts=opts,
    )
    BucketServerSideEncryptionConfiguration(
        environment.name(f"{kind}-encryption"),
        bucket=bucket.bucket,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        opts=opts,
    )
    # S3 takes one change of a bucket's access at a time.
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[blocked]))
    BucketPolicy(environment.name(f"{kind}-policy"), bucket=bucket.bucket, policy=policy, opts=after)
