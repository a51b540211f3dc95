"""Manifests as the evaluators of Kubernetes' semantics read them: plain mappings and lists."""

from collections.abc import Mapping
from typing import Final

from seatrial.plan import Secret, Unknown, Value
from seatrial.rules.facts.objects import Object

UNTOLD: Final = "(only known after a deployment)"
"""What stands for a value that a plan can't tell; no field of Kubernetes takes it for anything but a text."""


def manifest(found: Object) -> dict[str, object]:
    """Return the manifest of an object, with the API version and kind of its type."""
    inputs = {key: thawed(value) for key, value in found.resource.inputs.items()}
    return {**inputs, "apiVersion": found.api_version, "kind": found.kind}


def thawed(value: Value) -> object:
    """Return a value as JSON has it."""
    match value:
        case Secret():
            return thawed(value.value)
        case Unknown():
            return UNTOLD
        case Mapping():
            return {key: thawed(each) for key, each in value.items()}
        case tuple():
            return [thawed(each) for each in value]
        case _:
            return value
