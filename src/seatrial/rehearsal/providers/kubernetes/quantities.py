"""Compares quantities of resources, which have several spellings: ``1000m`` and ``1``, ``0.5Gi`` and ``512Mi``."""

import re
from decimal import Decimal
from typing import Any

_QUANTITY = re.compile(r"([+-]?\d+(?:\.\d+)?)(m|k|[MGTPE]i?|Ki|)")
_FACTORS = {
    "m": Decimal("0.001"),
    "": Decimal(1),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "P": Decimal(10) ** 15,
    "E": Decimal(10) ** 18,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
    "Pi": Decimal(2) ** 50,
    "Ei": Decimal(2) ** 60,
}


def same(one: Any, other: Any) -> bool:
    """Whether two texts or numbers are the same quantity."""
    left, right = amount(one), amount(other)
    return left is not None and left == right


def amount(value: Any) -> Decimal | None:
    """Return what a quantity amounts to; None for what isn't one."""
    match = _QUANTITY.fullmatch(str(value)) if isinstance(value, str | int | float) else None
    return Decimal(match[1]) * _FACTORS[match[2]] if match else None
