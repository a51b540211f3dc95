"""Trust documents: who may assume a role."""

from collections.abc import Mapping

from seatrial.iam.account import Account
from seatrial.iam.document import Condition, Document, Statement, Values, document

AUDIENCE = "sts.amazonaws.com"
"""Audience of the tokens that EKS projects into pods; the same in every partition."""


def service(principal: str, condition: Condition | None = None) -> Document:
    """Trust an AWS service."""
    return document(_assume("sts:AssumeRole", {"Service": principal}, condition))


def service_for(principal: str, account: Account, source_arn: str) -> Document:
    """Trust an AWS service acting for one source of this account only.

    The condition keeps another customer from making the service use the role (the confused deputy).
    """
    condition = {
        "ArnLike": {"aws:SourceArn": source_arn},
        "StringEquals": {"aws:SourceAccount": account.account_id},
    }
    return service(principal, condition)


def service_account(provider_arn: str, issuer: str, namespace: str, name: str) -> Document:
    """Trust the tokens of exactly one Kubernetes service account of one cluster.

    ``issuer`` may carry ``https://``; IAM's condition keys must not.
    """
    key = issuer.removeprefix("https://")
    condition = {
        "StringEquals": {
            f"{key}:aud": AUDIENCE,
            f"{key}:sub": f"system:serviceaccount:{namespace}:{name}",
        },
    }
    return document(_assume("sts:AssumeRoleWithWebIdentity", {"Federated": provider_arn}, condition))


def _assume(action: str, principal: Mapping[str, Values], condition: Condition | None) -> Statement:
    statement: Statement = {"Effect": "Allow", "Principal": principal, "Action": [action]}
    if condition:
        statement["Condition"] = condition
    return statement
