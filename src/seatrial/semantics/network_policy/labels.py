"""Label selectors, and an index that answers them without looking at every object."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from seatrial.semantics.fields import Fields

T = TypeVar("T")
"""What an index finds: names of namespaces, numbers of pods."""


class Operator(StrEnum):
    """How an expression compares a label."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"


@dataclass(frozen=True, slots=True)
class Expression:
    """One requirement on one label."""

    key: str
    operator: Operator
    values: frozenset[str] = frozenset()
    """What the label is compared with; none for ``Exists`` and ``DoesNotExist``."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Requirements that all have to hold; none means that everything is selected."""

    expressions: frozenset[Expression] = frozenset()


def read(fields: Fields) -> Selector:
    """Read a ``LabelSelector``."""
    equal = (Expression(key, Operator.IN, frozenset({value})) for key, value in fields.labels("matchLabels").items())
    others = (_expression(item) for item in fields.items("matchExpressions"))
    return Selector(frozenset([*equal, *(item for item in others if item)]))


def _expression(fields: Fields) -> Expression | None:
    key, operator = fields.text("key"), fields.text("operator")
    values = frozenset(fields.texts("values"))
    if not key:
        return fields.refuse("key", "the name of a label")
    if operator not in tuple(Operator):
        return fields.refuse("operator", ", ".join(Operator))
    if bool(values) != (operator in {Operator.IN, Operator.NOT_IN}):
        return fields.refuse("values", f"{'none' if values else 'at least one'} with the operator {operator}")
    return Expression(key, Operator(operator), values)


class LabelIndex(Generic[T]):
    """Objects by their labels."""

    def __init__(self, labelled: Iterable[tuple[T, Mapping[str, str]]]) -> None:
        """Index objects; each is given with its labels."""
        everything: set[T] = set()
        self._by_value: dict[str, dict[str, set[T]]] = {}
        for item, labels in labelled:
            everything.add(item)
            for key, value in labels.items():
                self._by_value.setdefault(key, {}).setdefault(value, set()).add(item)
        self.everything = frozenset(everything)

    def select(self, selector: Selector) -> frozenset[T]:
        """Return what a selector selects."""
        found = self.everything
        for expression in selector.expressions:
            found &= self._matching(expression)
        return found

    def _matching(self, expression: Expression) -> frozenset[T]:
        values = self._by_value.get(expression.key, {})
        is_any = expression.operator in {Operator.EXISTS, Operator.DOES_NOT_EXIST}
        found = _joined(values, values if is_any else expression.values)
        is_without = expression.operator in {Operator.NOT_IN, Operator.DOES_NOT_EXIST}
        return self.everything - found if is_without else found


def _joined(values: Mapping[str, set[T]], wanted: Iterable[str]) -> frozenset[T]:
    return joined(values[value] for value in wanted if value in values)


def joined(sets: Iterable[AbstractSet[T]]) -> frozenset[T]:
    """Return what is in any of the sets."""
    found: set[T] = set()
    found.update(*sets)
    return frozenset(found)
