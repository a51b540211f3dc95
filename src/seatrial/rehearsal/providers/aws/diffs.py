"""Tells the engine what changes: the protocol's form of :mod:`.differences`."""

from collections.abc import Iterable, Sequence

from pulumi.provider.experimental.provider import DiffResponse, PropertyDiff, PropertyDiffKind

from seatrial.rehearsal.providers.aws.differences import Action, Change
from seatrial.rehearsal.providers.aws.resource_type import ResourceType
from seatrial.rehearsal.providers.aws.values import Values

_KINDS = {
    (Action.ADD, False): PropertyDiffKind.ADD,
    (Action.ADD, True): PropertyDiffKind.ADD_REPLACE,
    (Action.UPDATE, False): PropertyDiffKind.UPDATE,
    (Action.UPDATE, True): PropertyDiffKind.UPDATE_REPLACE,
    (Action.DELETE, False): PropertyDiffKind.DELETE,
    (Action.DELETE, True): PropertyDiffKind.DELETE_REPLACE,
}


def diff_response(resource: ResourceType, changes: Sequence[Change], inputs: Values) -> DiffResponse:
    """Return the changes as the engine takes them."""
    return DiffResponse(
        changes=bool(changes),
        replaces=_properties(change for change in changes if change.replaces),
        diffs=_properties(changes),
        detailed_diff={it.path: PropertyDiff(_KINDS[it.action, it.replaces], input_diff=False) for it in changes},
        delete_before_replace=_must_go_first(resource, changes, inputs),
    )


def _properties(changes: Iterable[Change]) -> list[str]:
    return sorted({change.property for change in changes})


def _must_go_first(resource: ResourceType, changes: Sequence[Change], inputs: Values) -> bool:
    """Whether the old resource has to go before the new one: both would have the name that the program gives."""
    traits = resource.traits
    changed = {change.property for change in changes}
    named = not traits.generated_name or traits.generated_name in inputs
    return bool(traits.fixed_names) and named and not changed.intersection(traits.fixed_names)
