"""The role of the VPC CNI: network interfaces and addresses of nodes."""

from seatrial.iam import managed, trust
from seatrial.iam.document import Document

NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "aws-node"
POLICIES = (managed.VPC_CNI,)


def trust_document(provider_arn: str, issuer: str) -> Document:
    """Trust the CNI's service account."""
    return trust.service_account(provider_arn, issuer, NAMESPACE, SERVICE_ACCOUNT)
