"""What follows from something unknown is unknown as well."""

from collections.abc import Mapping
from types import MappingProxyType

from seatrial.plan.cloud.order import UNKNOWN_TEXT, Made, plain
from seatrial.plan.graph import Properties, Unknown, Value


def kept(made: Made, inputs: Properties) -> Made:
    """Leave unknown what was made of an unknown input: its own value, and every text that it is a part of."""
    outputs = {key: _kept(value, inputs.get(key)) for key, value in made.outputs.items()}
    return Made(Unknown() if UNKNOWN_TEXT in str(made.id) else made.id, outputs)


def _kept(output: Value, input_: Value = None) -> Value:
    if isinstance(plain(input_), Unknown):
        return Unknown()
    match output:
        case str():
            return Unknown() if UNKNOWN_TEXT in output else output
        case tuple():
            return tuple(map(_kept, output))
        case Mapping():
            return MappingProxyType({key: _kept(value) for key, value in output.items()})
        case _:
            return output


def within(value: Value) -> bool:
    """Tell whether something unknown is in a value."""
    match plain(value):
        case tuple() as items:
            return any(map(within, items))
        case Mapping() as properties:
            return any(map(within, properties.values()))
        case other:
            return isinstance(other, Unknown)
