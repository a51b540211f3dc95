"""What has to change for a resource to be as its inputs ask, and how the engine is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pulumi.provider.experimental.provider import DiffResponse, PropertyDiff, PropertyDiffKind


class Action(StrEnum):
    """What happens to a property."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """One property that differs."""

    path: str
    """As Pulumi prints it: ``tags["kubernetes.io/role/elb"]``."""
    plain: str
    """Its dotted path, without positions in lists and keys of maps."""
    action: Action
    replaces: bool
    """Whether it takes a new resource."""

    @property
    def property(self) -> str:
        """The top-level property that it is in."""
        return self.plain.partition(".")[0]

    def is_ignored(self, ignored: Sequence[str]) -> bool:
        """Whether it is at, or within, one of the paths that the program ignores."""
        return any(self.path == path or self.path.startswith((f"{path}.", f"{path}[")) for path in ignored)


_KINDS = {
    (Action.ADD, False): PropertyDiffKind.ADD,
    (Action.ADD, True): PropertyDiffKind.ADD_REPLACE,
    (Action.UPDATE, False): PropertyDiffKind.UPDATE,
    (Action.UPDATE, True): PropertyDiffKind.UPDATE_REPLACE,
    (Action.DELETE, False): PropertyDiffKind.DELETE,
    (Action.DELETE, True): PropertyDiffKind.DELETE_REPLACE,
}


def diff_response(changes: Sequence[Change], *, delete_first: bool) -> DiffResponse:
    """Return the changes as the engine takes them.

    ``delete_first``: a resource that is replaced has to go before the new one comes.
    """
    return DiffResponse(
        changes=bool(changes),
        replaces=_properties(change for change in changes if change.replaces),
        diffs=_properties(changes),
        detailed_diff={it.path: PropertyDiff(_KINDS[it.action, it.replaces], input_diff=False) for it in changes},
        delete_before_replace=delete_first,
    )


def _properties(changes: Iterable[Change]) -> list[str]:
    return sorted({change.property for change in changes})
