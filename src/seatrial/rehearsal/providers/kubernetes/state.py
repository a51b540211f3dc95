"""What the engine keeps of an object: the object itself, and beside it what it was made from.

The names with underscores are those of the published provider.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.kubernetes.differences import observed
from seatrial.rehearsal.providers.values import UNKNOWN, Values, within

INPUTS = "__inputs"
"""The manifest that was applied."""

MANAGER = "__fieldManager"
"""Under which name the API server knows who set the manifest's fields."""

_VERSION = "__initialApiVersion"

_OF_THE_SERVER = frozenset(
    {
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "generation",
        "managedFields",
        "resourceVersion",
        "selfLink",
        "uid",
    }
)
"""Metadata that nobody asks for."""

_HIDDEN = ("data", "stringData", INPUTS)
"""What is secret of a Secret."""


def of(live: Mapping[str, Any], inputs: Values, manager: str) -> Values:
    """Return what the engine keeps of the object."""
    metadata = {name: value for name, value in live["metadata"].items() if name != "managedFields"}
    return {**live, "metadata": metadata, INPUTS: inputs, _VERSION: live["apiVersion"], MANAGER: manager}


def live(state: Values) -> Values:
    """Return the object that is kept."""
    return {name: value for name, value in state.items() if not name.startswith("__")}


def inputs(state: Values) -> Values:
    """Return the manifest that was applied."""
    return within(state, INPUTS)


def manager(state: Values, urn: str) -> str:
    """Return the name of who sets the resource's fields: the published provider's prefix, and what is the resource's.

    The published provider draws the second part by lot; here it is the same whenever the resource is made.
    """
    return state.get(MANAGER) or f"pulumi-kubernetes-{hashlib.sha256(urn.encode()).hexdigest()[:8]}"


def secrets(manifest: Values, hidden: frozenset[str]) -> frozenset[str]:
    """Return the names of properties that are secret: those that came so, and what a Secret holds."""
    if manifest.get("kind") == "Secret":
        return hidden.union(_HIDDEN)
    return hidden.union({INPUTS}) if hidden else hidden


def as_inputs(found: Values) -> Values:
    """Return the manifest that would make an object that was found."""
    asked = {name: value for name, value in found.items() if name != "status"}
    kept = {name: value for name, value in found["metadata"].items() if name not in _OF_THE_SERVER}
    return {**asked, "metadata": kept}


def seen(found: Values, state: Values, known: Values) -> Values:
    """Return the manifest as it is now: what nobody changed as it was asked, what drifted as it was found."""
    return observed(known, live(state) or None, found) if known else as_inputs(found)


def planned(manifest: Values, state: Values) -> Values:
    """Return what a preview knows of an object: its manifest, over what it is now."""
    return {**live(state), **manifest, "status": UNKNOWN, INPUTS: manifest}
