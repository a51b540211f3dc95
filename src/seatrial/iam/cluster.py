"""The role that the control plane runs as."""

from seatrial.iam import managed, trust
from seatrial.iam.account import Account
from seatrial.iam.document import Document, allow, document

POLICIES = (managed.CLUSTER,)


def trust_document(account: Account, cluster_name: str) -> Document:
    """Trust EKS, for this one cluster."""
    return trust.service_for("eks.amazonaws.com", account, account.cluster_arn(cluster_name))


def secrets_policy(key_arn: str) -> Document:
    """Let the control plane wrap and unwrap the keys of Kubernetes secrets."""
    return document(
        allow("UseSecretsKey", ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"], key_arn),
    )
