"""Who asks the API server: users, with the groups that come with them."""

from dataclasses import dataclass
from typing import Final

AUTHENTICATED: Final = "system:authenticated"
MASTERS: Final = "system:masters"
"""The group that the API server lets do anything, without asking any role."""

_SERVICE_ACCOUNTS: Final = "system:serviceaccounts"
_ACCOUNT_PREFIX: Final = "system:serviceaccount:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Somebody as the API server knows them; made by the functions of this module, or as it is for odd cases."""

    name: str = ""
    """The user name."""

    groups: frozenset[str] = frozenset()
    """Every group, those included that come by themselves."""

    principal_arn: str = ""
    """The IAM principal behind it, for EKS's access policies; who impersonates another has none."""


def user(name: str, *groups: str, principal_arn: str = "") -> Subject:
    """Return a user that has authenticated."""
    return Subject(name=name, groups=frozenset({*groups, AUTHENTICATED}), principal_arn=principal_arn)


def service_account(namespace: str, name: str) -> Subject:
    """Return a service account: it is in the group of all of them, and in that of its namespace's."""
    return user(account_user(namespace, name), _SERVICE_ACCOUNTS, f"{_SERVICE_ACCOUNTS}:{namespace}")


def account_user(namespace: str, name: str) -> str:
    """Return the user name of a service account."""
    return f"{_ACCOUNT_PREFIX}{namespace}:{name}"


ANONYMOUS: Final = Subject(name="system:anonymous", groups=frozenset({"system:unauthenticated"}))
"""Whoever has not authenticated."""
