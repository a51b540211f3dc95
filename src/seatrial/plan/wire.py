"""Pulumi's wire format: protobuf structures to the plan's values, and back."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct
from google.protobuf.struct_pb2 import Value as WireValue

from seatrial.plan.graph import Properties, Secret, Unknown, Value

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key that marks an object as something else than an object (Pulumi's ``sdk/go/common/resource/sig``)."""

SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (the public mark of secrets, not one)
"""What stands at that key when the object wraps a secret."""

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The text that stands for a value which only a deployment can tell."""


def decode(struct: Struct) -> Properties:
    """Turn a structure into properties, keys sorted because protobuf keeps no order."""
    fields = struct.fields
    return MappingProxyType({key: _decode_value(fields[key]) for key in sorted(fields)})


def _decode_value(value: WireValue) -> Value:
    kind = value.WhichOneof("kind")
    return _DECODERS[kind](value) if kind else None


def _decode_string(value: WireValue) -> Value:
    text = value.string_value
    return Unknown() if text == UNKNOWN else text


def _decode_number(value: WireValue) -> Value:
    number = value.number_value
    return int(number) if number.is_integer() else number


def _decode_object(value: WireValue) -> Value:
    fields = value.struct_value.fields
    if SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET:
        return Secret(_decode_value(fields["value"]))
    return decode(value.struct_value)


_DECODERS: Final[Mapping[str, Callable[[WireValue], Value]]] = {
    "null_value": lambda _: None,
    "bool_value": lambda value: value.bool_value,
    "number_value": _decode_number,
    "string_value": _decode_string,
    "struct_value": _decode_object,
    "list_value": lambda value: tuple(map(_decode_value, value.list_value.values)),
}


def encode(properties: Properties) -> Struct:
    """Turn properties into a structure."""
    return Struct(fields={key: _encode_value(value) for key, value in properties.items()})


def _encode_value(value: Value) -> WireValue:
    match value:
        case None:
            wire = WireValue(null_value=NULL_VALUE)
        case bool():
            wire = WireValue(bool_value=value)
        case int() | float():
            wire = WireValue(number_value=value)
        case str():
            wire = WireValue(string_value=value)
        case Unknown():
            wire = WireValue(string_value=UNKNOWN)
        case Secret():
            wire = WireValue(struct_value=encode({SIGNATURE: SECRET, "value": value.value}))
        case tuple():
            wire = WireValue(list_value=ListValue(values=map(_encode_value, value)))
        case _:
            wire = WireValue(struct_value=encode(value))
    return wire
