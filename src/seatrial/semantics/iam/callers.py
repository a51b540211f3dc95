"""Who asks: users, role sessions, services, identity providers, and nobody in particular.

See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
"""

from dataclasses import dataclass
from enum import StrEnum

from seatrial.errors import UsageError
from seatrial.semantics.iam.context import Value


class CallerKind(StrEnum):
    """What a caller is to IAM."""

    USER = "User"
    SESSION = "AssumedRole"
    """Somebody who has assumed a role."""

    ROOT = "Account"
    """The account's root user."""

    SERVICE = "Service"
    """A service of AWS, in its own name."""

    FEDERATED = "Federated"
    """Somebody for whom an identity provider vouches, without credentials of AWS yet."""

    ANONYMOUS = "Anonymous"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request; made by the functions of this module."""

    kind: CallerKind
    name: str
    """Its ARN; the name of a service; empty for nobody."""

    account: str = ""
    """Twelve digits; empty for what belongs to no account."""

    role_arn: str = ""
    """The role of a session."""

    @property
    def has_identity_policies(self) -> bool:
        """Whether policies can be attached to it."""
        return self.kind in (CallerKind.USER, CallerKind.SESSION)

    @property
    def is_of_account(self) -> bool:
        """Whether it belongs to an account, for which a policy may name it."""
        return bool(self.account)

    @property
    def keys(self) -> dict[str, Value]:
        """Context keys that IAM gives a request because of who makes it."""
        is_service = self.kind is CallerKind.SERVICE
        found: dict[str, Value] = {"aws:PrincipalIsAWSService": is_service, "aws:PrincipalType": self.kind.value}
        if is_service:
            found["aws:PrincipalServiceName"] = self.name
        if self.is_of_account:
            # The key holds a session's role, not the session.
            found |= {"aws:PrincipalArn": self.role_arn or self.name, "aws:PrincipalAccount": self.account}
        if self.kind is CallerKind.USER:
            found["aws:username"] = self.name.rpartition("/")[2]
        return found


ANONYMOUS = Caller(CallerKind.ANONYMOUS, "")


def user(arn: str) -> Caller:
    """Return an IAM user as a caller."""
    return Caller(CallerKind.USER, arn, _account(arn, "user"))


def role_session(role_arn: str, session: str = "session") -> Caller:
    """Return a session of a role as a caller."""
    account = _account(role_arn, "role")
    partition, name = role_arn.split(":")[1], role_arn.rpartition("/")[2]
    return Caller(
        CallerKind.SESSION, f"arn:{partition}:sts::{account}:assumed-role/{name}/{session}", account, role_arn
    )


def root(account: str, partition: str = "aws") -> Caller:
    """Return the root user of an account as a caller."""
    return Caller(CallerKind.ROOT, f"arn:{partition}:iam::{account}:root", account)


def service(name: str) -> Caller:
    """Return a service of AWS as a caller, ``ec2.amazonaws.com``."""
    return Caller(CallerKind.SERVICE, name)


def federated(provider_arn: str) -> Caller:
    """Return somebody whom an identity provider vouches for."""
    return Caller(CallerKind.FEDERATED, provider_arn)


def account_of(arn: str) -> str:
    """Return the account in an ARN; empty when it has none."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) > 5 and parts[4].isdecimal() else ""  # noqa: PLR2004 (parts of an ARN)


def _account(arn: str, kind: str) -> str:
    account, resource = account_of(arn), arn.partition("::")[2].partition(":")[2]
    if not account or not resource.startswith(f"{kind}/"):
        raise UsageError(f"no ARN of a {kind}: {arn!r}", tip=f"such as arn:aws:iam::111122223333:{kind}/name")
    return account
