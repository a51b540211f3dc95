"""Names of objects whose manifests have none, as the published provider makes them."""

from collections.abc import Mapping

from pulumi.provider.experimental.property_value import PropertyValue

from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.kubernetes import annotations
from seatrial.rehearsal.providers.values import Values, plain_values, within

_DIGITS = 8
"""Length of what makes a name unique."""

Properties = Mapping[str, PropertyValue]


def named(old: Properties, new: Properties, creations: Creations, urn: str) -> dict[str, PropertyValue]:
    """Return the new inputs with a name.

    It is the one they have, else the one that was made up before, else ``logical-name-1a2b3c4d``. A creation that was
    cut off gets the name of its first attempt.
    """
    metadata = plain_values(new).get("metadata", Values())
    if not isinstance(metadata, dict) or "name" in metadata:
        return dict(new)
    before = plain_values(old)
    autonamed = annotations.of(before).get(annotations.AUTONAMED) == "true"
    name = within(before, "metadata")["name"] if autonamed else made_up(creations, urn)
    return {**new, "metadata": _with_name(new.get("metadata"), name)}


def made_up(creations: Creations, urn: str) -> str:
    """Return a name that no other resource has, the same in every attempt to make this one."""
    return f"{urn.rsplit('::', maxsplit=1)[-1]}-{creations.begin(urn).identity[:_DIGITS]}"


def _with_name(metadata: PropertyValue | None, name: str) -> PropertyValue:
    held = _map(metadata)
    marks = {**_map(held.get("annotations")), annotations.AUTONAMED: PropertyValue("true")}
    return PropertyValue({**held, "name": PropertyValue(name), "annotations": PropertyValue(marks)})


def _map(value: PropertyValue | None) -> Mapping[str, PropertyValue]:
    return value.value if value is not None and isinstance(value.value, Mapping) else {}
