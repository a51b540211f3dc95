"""What is known of a request beside who asks for what: the context keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = str | bool | int | float | Sequence[str]
"""One value, or several for a key that IAM calls multivalued."""

Values: TypeAlias = Mapping[str, Value]
"""Context key to its value; the case of keys does not matter."""


@dataclass(frozen=True, slots=True)
class Context:
    """The context keys of one request."""

    _values: Mapping[str, tuple[str, ...]]

    def values(self, key: str) -> tuple[str, ...] | None:
        """Return the values of a key; None when the request has none."""
        return self._values.get(key.lower()) or None

    def single(self, key: str) -> str | None:
        """Return the value of a key that has exactly one: only such keys can be variables."""
        values = self.values(key)
        return values[0] if values and len(values) == 1 else None


def of_values(values: Values) -> Context:
    """Read context keys; where two differ in case only, the later one counts."""
    return Context({key.lower(): _texts(value) for key, value in values.items()})


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, bool):
        return (str(value).lower(),)
    if isinstance(value, str | int | float):
        return (str(value),)
    return tuple(value)
