"""Who vouches for service accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypedDict

import pulumi

from seatrial.iam.document import Document, text


class IssuerArgs(TypedDict):
    """Inputs of every component that makes a role for a service account."""

    oidc_provider_arn: pulumi.Input[str]
    """The cluster's identity provider in IAM."""

    oidc_provider_url: pulumi.Input[str]
    """Issuer of its tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who vouches for service accounts."""

    provider_arn: pulumi.Input[str]
    """The cluster's identity provider in IAM."""

    url: pulumi.Input[str]
    """Issuer of its tokens."""

    @classmethod
    def of(cls, args: IssuerArgs) -> Self:
        """Take the issuer out of a component's arguments."""
        return cls(provider_arn=args["oidc_provider_arn"], url=args["oidc_provider_url"])

    def trust(self, document: Callable[[str, str], Document]) -> pulumi.Output[str]:
        """Return a trust document, made of the provider's ARN and the issuer, as JSON."""
        both = pulumi.Output.all(self.provider_arn, self.url)
        return both.apply(lambda values: text(document(*values)))
