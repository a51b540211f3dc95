"""Condition operators: how one value of a request is compared with one of a policy.

See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
"""

import base64
import binascii
import ipaddress
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

from seatrial.semantics.iam import patterns
from seatrial.semantics.iam.patterns import Glob, Wild

Compare: TypeAlias = Callable[[str, Glob], bool]
"""Whether a request's value is what a policy's value says."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator without quantifier and without ``IfExists``."""

    compare: Compare
    is_negated: bool = False
    """Whether it asks for the opposite of what ``compare`` says: such operators hold for missing keys."""

    has_variables: bool = False
    """Whether variables in its values are filled in; elsewhere they are text."""


NULL: Final = "Null"
"""The one operator that asks whether a key is there at all."""

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII
)
"""The W3C's profile of ISO 8601; what has no zone is in UTC."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ARN_PARTS: Final = 6


def _string_equals(value: str, glob: Glob) -> bool:
    return value == patterns.plain(glob)


def _string_equals_ignore_case(value: str, glob: Glob) -> bool:
    return value.lower() == patterns.plain(glob).lower()


def _string_like(value: str, glob: Glob) -> bool:
    return patterns.matches(glob, value)


def _bool(value: str, glob: Glob) -> bool:
    expected = patterns.plain(glob).lower()
    return expected in ("true", "false") and value.lower() == expected


def _binary(value: str, glob: Glob) -> bool:
    found = _bytes(value)
    return found is not None and found == _bytes(patterns.plain(glob))


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _ip_address(value: str, glob: Glob) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(patterns.plain(glob), strict=False)
    except ValueError:
        return False


def _arn(value: str, glob: Glob) -> bool:
    """Compare ARNs part by part: a wildcard never reaches over a colon before the last part."""
    if glob == (Wild.MANY,):
        return True
    expected, found = _split(glob), value.split(":", _ARN_PARTS - 1)
    return (
        len(expected) == len(found) == _ARN_PARTS
        and found[0] == "arn"
        and all(patterns.matches(part, text) for part, text in zip(expected, found, strict=True))
    )


def _split(glob: Glob) -> list[Glob]:
    parts: list[list[str | Wild]] = [[]]
    for part in glob:
        if isinstance(part, Wild):
            parts[-1].append(part)
            continue
        first, *more = part.split(":", _ARN_PARTS - len(parts))
        parts[-1].append(first)
        parts.extend([text] for text in more)
    return [tuple(part) for part in parts]


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _moment(text: str) -> datetime | None:
    """Read a date, or seconds since 1970: four digits alone are a year."""
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            number = _number(text)
            return None if number is None else _EPOCH + timedelta(seconds=float(number))
        return _of_parts(match)
    except (ValueError, OverflowError):
        return None


def _of_parts(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (
        int(match[index] or ("1" if index in (2, 3) else "0")) for index in range(1, 7)
    )
    fraction = timedelta(seconds=float(f"0.{match[7] or 0}"))
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC) + fraction - _zone(match[8] or "Z")


def _zone(text: str) -> timedelta:
    if text == "Z":
        return timedelta()
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return -offset if text[0] == "-" else offset


def _ordered(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Compare:
    def compared(value: str, glob: Glob) -> bool:
        found, expected = read(value), read(patterns.plain(glob))
        return found is not None and expected is not None and compare(found, expected)

    return compared


_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}


def _family(prefix: str, read: Callable[[str], Any]) -> dict[str, Operator]:
    found = {f"{prefix}{name}": Operator(_ordered(read, compare)) for name, compare in _ORDER.items()}
    return {**found, f"{prefix}NotEquals": Operator(_ordered(read, operator.eq), is_negated=True)}


def _both(name: str, negated: str, compare: Compare) -> dict[str, Operator]:
    return {
        name: Operator(compare, has_variables=True),
        negated: Operator(compare, is_negated=True, has_variables=True),
    }


OPERATORS: Final[Mapping[str, Operator]] = {
    **_both("StringEquals", "StringNotEquals", _string_equals),
    **_both("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", _string_equals_ignore_case),
    **_both("StringLike", "StringNotLike", _string_like),
    **_both("ArnEquals", "ArnNotEquals", _arn),
    **_both("ArnLike", "ArnNotLike", _arn),
    **_family("Numeric", _number),
    **_family("Date", _moment),
    "Bool": Operator(_bool),
    "BinaryEquals": Operator(_binary),
    "IpAddress": Operator(_ip_address),
    "NotIpAddress": Operator(_ip_address, is_negated=True),
}
"""Every operator of IAM but ``Null``, as policies spell it."""
