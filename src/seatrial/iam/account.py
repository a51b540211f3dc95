"""The account that documents are written for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where resources live: everything an ARN or a service principal needs."""

    partition: str
    """``aws``, ``aws-cn`` or ``aws-us-gov``."""

    dns_suffix: str
    """``amazonaws.com``, except in China."""

    account_id: str
    """Twelve digits."""

    region: str
    """``us-east-2``."""

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a regional resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def bucket_arn(self, name: str) -> str:
        """Return the ARN of a bucket: its name is its alone in the partition, so nothing else is in it."""
        return f"arn:{self.partition}:s3:::{name}"

    def iam_arn(self, resource: str) -> str:
        """Return the ARN of an identity of this account; IAM has no regions."""
        return f"arn:{self.partition}:iam::{self.account_id}:{resource}"

    def cluster_arn(self, name: str) -> str:
        """Return the ARN of an EKS cluster, known before the cluster exists."""
        return self.arn("eks", f"cluster/{name}")

    def log_group_arn(self, name: str) -> str:
        """Return the ARN of a log group without the streams' ``:*``."""
        return self.arn("logs", f"log-group:{name}")
