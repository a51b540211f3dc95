"""Service accounts: who pods are, in the cluster and in AWS."""

from seatrial.manifests.manifest import Later, Manifest, manifest

ROLE = "eks.amazonaws.com/role-arn"
"""Annotation that names the IAM role of a service account's pods (EKS user guide, "Assign IAM roles")."""

_REGIONAL = "eks.amazonaws.com/sts-regional-endpoints"
"""Annotation that keeps the exchange of tokens in the region: it works through the network's own endpoint."""


def service_account(
    namespace: str, name: str, *, token: bool, application: str = "", role_arn: Later | None = None
) -> Manifest:
    """Make a service account.

    Args:
        namespace: Where it is.
        name: What it is called.
        token: Whether its pods get a token for the Kubernetes API: only those need one that ask it something. A token
            for AWS is another, and not meant.
        application: What it is a part of; by default itself.
        role_arn: IAM role of its pods; none for no role.

    """
    annotated = None if role_arn is None else {ROLE: role_arn, _REGIONAL: "true"}
    return manifest(
        "v1",
        "ServiceAccount",
        name,
        namespace=namespace,
        application=application,
        annotated=annotated,
        automountServiceAccountToken=token,
    )
