"""What a preview can know of a resource that isn't deployed yet."""

from typing import cast

from seatrial.rehearsal.providers.aws.resource_type import ResourceType
from seatrial.rehearsal.providers.aws.schema import Kind, PropertyType
from seatrial.rehearsal.providers.paths import joined
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values


def created(resource: ResourceType, inputs: Values) -> Values:
    """Return the outputs of a resource that will be made: what its inputs say, the rest unknown."""
    return _planned(resource, resource.schema.outputs, inputs, "")


def updated(resource: ResourceType, state: Values, inputs: Values) -> Values:
    """Return the outputs of a resource that will be changed in place."""
    fields = resource.schema.inputs.fields
    kept = {name: value for name, value in state.items() if name not in fields or resource.traits.is_computed(name)}
    asked = {name: _merged(fields[name], state.get(name), value) for name, value in inputs.items() if name in fields}
    return {**kept, **asked, **dict.fromkeys(resource.traits.volatile, UNKNOWN)}


def _planned(resource: ResourceType, declared: PropertyType, inputs: Values, path: str) -> Values:
    planned = {
        name: _planned_value(resource, kind, inputs.get(name), joined(path, name))
        for name, kind in declared.fields.items()
    }
    return {name: value for name, value in planned.items() if value is not None}


def _planned_value(resource: ResourceType, declared: PropertyType, asked: Value, path: str) -> Value:
    if asked is None:
        return UNKNOWN if _is_told(resource, path) else resource.traits.defaults.get(path)
    if declared.kind is Kind.OBJECT and isinstance(asked, dict):
        return _planned(resource, declared, cast("Values", asked), path)
    return asked


def _is_told(resource: ResourceType, path: str) -> bool:
    """Whether the account decides the property when the program doesn't."""
    return resource.traits.is_computed(path) or ("." not in path and path not in resource.schema.inputs.fields)


def _merged(declared: PropertyType, found: Value, asked: Value) -> Value:
    if declared.kind is Kind.OBJECT and isinstance(found, dict) and isinstance(asked, dict):
        return {**cast("Values", found), **cast("Values", asked)}
    return asked
