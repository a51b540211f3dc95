"""What the API server's authorizers would decide: who may do what in a cluster.

Roles, bindings and aggregation as Kubernetes defines them, and EKS's access entries and access policies beside them.
"""

from seatrial.semantics.rbac import access_entries, api_resources
from seatrial.semantics.rbac.access_entries import AccessEntry, Association, EntryKind
from seatrial.semantics.rbac.authorization import Answer, Authorizations, Grant
from seatrial.semantics.rbac.bindings import Holder, HolderKind
from seatrial.semantics.rbac.reading import read
from seatrial.semantics.rbac.rules import Request, Rule
from seatrial.semantics.rbac.subjects import ANONYMOUS, Subject, service_account, user

__all__ = [
    "ANONYMOUS",
    "AccessEntry",
    "Answer",
    "Association",
    "Authorizations",
    "EntryKind",
    "Grant",
    "Holder",
    "HolderKind",
    "Request",
    "Rule",
    "Subject",
    "access_entries",
    "allowed",
    "api_resources",
    "read",
    "service_account",
    "user",
    "who_can",
]


def allowed(subject: Subject, request: Request, objects: Authorizations) -> Answer:
    """Return whether a subject may do something, with every binding and role that allows it; see :func:`read`."""
    return objects.allowed(subject, request)


def who_can(request: Request, objects: Authorizations) -> tuple[Grant, ...]:
    """Return everybody who may do something: users, groups and IAM principals, each with the binding that says so."""
    return objects.who_can(request)
