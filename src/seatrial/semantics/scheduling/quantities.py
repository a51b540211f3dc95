"""Amounts as the API writes them: ``250m``, ``1.5``, ``64Mi``, ``1e3``.

See https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

import re
from fractions import Fraction

_FORM = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = "KMGTPE"


def parse(value: object) -> Fraction | None:
    """Read an amount; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    found = _FORM.fullmatch(str(value))
    if found is None:
        return None
    number, exponent, suffix = found.groups()
    return Fraction(number) * (Fraction(10) ** int(exponent) if exponent else _scale(suffix or ""))


def _scale(suffix: str) -> Fraction:
    if suffix.endswith("i"):
        return Fraction(1024) ** (_BINARY.index(suffix[0]) + 1)
    return Fraction(10) ** _DECIMAL.get(suffix, 0)
