"""The role of the EBS CSI controller: volumes, and the key that encrypts them."""

from seatrial.iam import managed, trust
from seatrial.iam.document import Document, allow, document

NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "ebs-csi-controller-sa"
POLICIES = (managed.EBS_CSI,)


def trust_document(provider_arn: str, issuer: str) -> Document:
    """Trust the controller's service account; the node part needs no AWS permission."""
    return trust.service_account(provider_arn, issuer, NAMESPACE, SERVICE_ACCOUNT)


def volumes_policy(key_arn: str) -> Document:
    """Let the controller create and attach volumes under the key; no managed policy includes KMS."""
    grant = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return document(
        allow("UseVolumesKey", ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], key_arn),
        allow("GrantVolumesKeyToEc2", ["kms:CreateGrant"], key_arn, grant),
    )
