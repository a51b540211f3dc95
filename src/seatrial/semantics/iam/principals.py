"""Principal and NotPrincipal: whom a statement of a resource's policy means."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from seatrial.semantics.iam.callers import Caller, CallerKind

KINDS: Final = ("AWS", "CanonicalUser", "Federated", "Service")
"""What a policy may name principals by."""

ANYBODY: Final = "*"

_ACCOUNT: Final = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?")


class Naming(IntEnum):
    """How closely a statement names a caller: the closer, the less its own policies matter."""

    NOT = 0

    ACCOUNT = 1
    """Its account, whose own policies then decide."""

    ROLE = 2
    """The caller's role: boundaries and session policies still limit it."""

    ITSELF = 3
    """The caller's own user or session, service or provider, or everybody: nothing of its own limits it."""


@dataclass(frozen=True, slots=True)
class Principals:
    """Whom one statement names."""

    named: tuple[tuple[str, str], ...]
    """Kind and name: ``("Service", "eks.amazonaws.com")``."""

    are_excepted: bool = False
    """Whether everybody else is meant: NotPrincipal."""

    def naming(self, caller: Caller) -> Naming:
        """Tell how closely they name a caller."""
        return max((_naming(kind, name, caller) for kind, name in self.named), default=Naming.NOT)

    def spares(self, caller: Caller) -> bool:
        """Tell whether a NotPrincipal of a Deny leaves a caller alone.

        Its account, its role and the session itself all have to be listed, for IAM looks at each of them.
        """
        if not caller.has_identity_policies or ("AWS", ANYBODY) in self.named:
            return self.naming(caller) is not Naming.NOT
        wanted = {Naming.ACCOUNT, Naming.ITSELF}
        if caller.role_arn:
            wanted.add(Naming.ROLE)
        return wanted <= {_naming(kind, name, caller) for kind, name in self.named}


def _naming(kind: str, name: str, caller: Caller) -> Naming:
    if name == ANYBODY:
        return Naming.ITSELF
    match kind:
        case "Service":
            named = caller.kind is CallerKind.SERVICE and name.lower() == caller.name.lower()
        case "Federated":
            named = caller.kind is CallerKind.FEDERATED and name == caller.name
        case "AWS" if caller.is_of_account:
            return _named_by_account(name, caller)
        case _:
            named = False
    return Naming.ITSELF if named else Naming.NOT


def _named_by_account(name: str, caller: Caller) -> Naming:
    account = _ACCOUNT.fullmatch(name)
    if account:
        own = account[1] == caller.account
        closest = Naming.ITSELF if caller.kind is CallerKind.ROOT else Naming.ACCOUNT
        return closest if own else Naming.NOT
    if name == caller.name:
        return Naming.ITSELF
    return Naming.ROLE if name == caller.role_arn else Naming.NOT
