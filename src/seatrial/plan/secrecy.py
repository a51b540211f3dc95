"""Which outputs are secret: the engine keeps a secret secret when the provider hands it back."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from seatrial.plan.graph import Properties, Secret, Value


def kept(outputs: Properties, inputs: Properties, declared: Collection[str]) -> Properties:
    """Mark what stands where an input is secret, and what the program declared secret."""
    return MappingProxyType({key: _kept(value, inputs.get(key), key in declared) for key, value in outputs.items()})


def _kept(output: Value, input_: Value, is_declared: bool) -> Value:
    if isinstance(output, Secret):
        return output
    if is_declared or isinstance(input_, Secret):
        return Secret(output)
    if isinstance(output, Mapping) and isinstance(input_, Mapping):
        return kept(output, input_, ())
    return output
