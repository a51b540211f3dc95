"""Bindings: who has which role, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from seatrial.semantics.fields import Fields
from seatrial.semantics.rbac.roles import CLUSTER_ROLE, ROLE, Reference
from seatrial.semantics.rbac.subjects import account_user

CLUSTER_BINDING = "ClusterRoleBinding"
BINDING = "RoleBinding"


class HolderKind(StrEnum):
    """By what somebody is named."""

    USER = "User"
    GROUP = "Group"
    PRINCIPAL = "IAM principal"
    """By an access entry of EKS, not by an object of the cluster."""


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """Whom a binding names; a service account is named by its user name."""

    kind: HolderKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A binding as an object says it."""

    title: str
    """``RoleBinding/shop/viewers``."""

    namespace: str
    """Where it counts; empty for everywhere."""

    role: Reference
    holders: tuple[Holder, ...]


def read(fields: Fields, kind: str, namespace: str, name: str) -> Binding | None:
    """Read a RoleBinding or ClusterRoleBinding; None where it names no role."""
    target = fields.fields("roleRef")
    role = _role(target, namespace) if target else fields.refuse("roleRef", "a role")
    if role is None:
        return None
    return Binding(
        title="/".join(part for part in (kind, namespace, name) if part),
        namespace=namespace,
        role=role,
        holders=tuple(holder for item in fields.items("subjects") for holder in _holders(item, namespace)),
    )


def _role(fields: Fields, namespace: str) -> Reference | None:
    kind, name = fields.text("kind"), fields.text("name")
    # A binding for the whole cluster has no namespace to find a Role in.
    allowed = (CLUSTER_ROLE, ROLE) if namespace else (CLUSTER_ROLE,)
    if not kind or kind not in allowed:
        return fields.refuse("kind", " or ".join(allowed))
    if not name:
        return fields.refuse("name", "the name of a role")
    return Reference(kind, name, namespace if kind == ROLE else "")


def _holders(fields: Fields, namespace: str) -> Iterator[Holder]:
    kind, name = fields.text("kind"), fields.text("name") or ""
    match kind:
        case "User":
            yield Holder(HolderKind.USER, name)
        case "Group":
            yield Holder(HolderKind.GROUP, name)
        case "ServiceAccount":
            own = fields.text("namespace") or namespace
            if own:
                yield Holder(HolderKind.USER, account_user(own, name))
        case _:
            fields.refuse("kind", "User, Group or ServiceAccount")
