"""Conditions: one operator, one key, its values."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from seatrial.semantics.iam.context import Context
from seatrial.semantics.iam.operators import NULL, OPERATORS, Operator
from seatrial.semantics.iam.patterns import Pattern


class Quantifier(StrEnum):
    """How an operator looks at a key of several values."""

    ALL = "ForAllValues"
    """Every value meets it; so does a key without any."""

    ANY = "ForAnyValue"
    """At least one value meets it."""


@dataclass(frozen=True, slots=True)
class Test:
    """An operator as policies write it: ``ForAnyValue:StringLikeIfExists``."""

    __test__ = False

    name: str
    """Spelled in full."""

    operator: Operator | None
    """None for ``Null``."""

    quantifier: Quantifier | None = None
    if_exists: bool = False


_SPELLING: Final = re.compile(r"(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?")


def of_name(name: str) -> Test | None:
    """Read an operator; None when IAM has no such one. ``Null`` stands alone: it asks for the key itself."""
    if name == NULL:
        return Test(name, None)
    match = _SPELLING.fullmatch(name)
    operator = OPERATORS.get(match[2]) if match else None
    if match is None or operator is None:
        return None
    return Test(name, operator, Quantifier(match[1]) if match[1] else None, match[3] is not None)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a Condition block."""

    test: Test
    key: str
    """As the policy spells it."""

    values: tuple[Pattern, ...]
    """One of them is enough; for a negated operator none of them may be met."""

    def holds(self, context: Context) -> bool:
        """Tell whether a request meets it."""
        found = context.values(self.key)
        if self.test.operator is None:
            return any((found is None) is (value.text.lower() == "true") for value in self.values)
        if found is None:
            return self._holds_without_key(self.test.operator)
        return self._compared(self.test.operator, found, context)

    def _holds_without_key(self, operator: Operator) -> bool:
        if self.test.if_exists or self.test.quantifier is Quantifier.ALL:
            return True
        return self.test.quantifier is None and operator.is_negated

    def _compared(self, operator: Operator, found: tuple[str, ...], context: Context) -> bool:
        globs = [glob for value in self.values if (glob := value.resolved(context)) is not None]

        def meets(value: str) -> bool:
            return any(operator.compare(value, glob) for glob in globs) is not operator.is_negated

        # An empty text is no value to a quantifier.
        if self.test.quantifier is Quantifier.ALL:
            return all(meets(value) for value in found if value)
        if self.test.quantifier is Quantifier.ANY:
            return any(meets(value) for value in found if value)
        # Several values equal no single one.
        return meets(found[0]) if len(found) == 1 else operator.is_negated

    def __str__(self) -> str:
        values = ", ".join(repr(value.text) for value in self.values)
        return f"{self.test.name} {self.key} {values}"
