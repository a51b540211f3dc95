"""Condition operators, one table a family, after the user guide's descriptions of them."""

from collections.abc import Mapping

import pytest

from seatrial.semantics import iam
from seatrial.semantics.iam import callers
from seatrial.semantics.iam.context import Value

USER = callers.user("arn:aws:iam::111122223333:user/ann")


def _holds(operator: str, expected: object, found: Value | None, **more: Value) -> bool:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {"x:Key": expected}}}
    policy = iam.policy({"Version": "2012-10-17", "Statement": statement}, "p")
    values: Mapping[str, Value] = more if found is None else {"X:key": found, **more}
    request = iam.Request(caller=USER, action="x:Do", context=values)
    return iam.decide(request, iam.Policies(identity=(policy,))).is_allowed


@pytest.mark.parametrize(
    ("operator", "expected", "found", "holds"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "a*", "a*", True),
        ("StringEquals", True, True, True),
        ("StringEquals", 5, 5, True),
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringEqualsIgnoreCase", "Ab", "aB", True),
        ("StringEqualsIgnoreCase", "Ab", "ac", False),
        ("StringNotEqualsIgnoreCase", "Ab", "aB", False),
        ("StringLike", "a*", "abc", True),
        ("StringLike", "a?", "abc", False),
        ("StringLike", "A*", "abc", False),
        ("StringNotLike", "a*", "abc", False),
        ("StringNotLike", ["x*", "a*"], "abc", False),
        ("NumericEquals", "5", "5.0", True),
        ("NumericEquals", 5, 6, False),
        ("NumericNotEquals", "5", "6", True),
        ("NumericNotEquals", "5", "five", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "1e1", True),
        ("NumericGreaterThan", "10", "11", True),
        ("NumericGreaterThanEquals", "10", "9.99", False),
        ("NumericGreaterThan", "10", "nan", False),
        ("NumericEquals", "many", "many", False),
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01", True),
        ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", True),
        ("DateEquals", "2026", "2026-01-01T00:00Z", True),
        ("DateEquals", "2026-02", "2026-02-01", True),
        ("DateEquals", "2026-01-01T01:00:00+01:00", "2026-01-01", True),
        ("DateEquals", "2025-12-31T23:30:00-0030", "2026-01-01", True),
        ("DateEquals", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.50", True),
        ("DateNotEquals", "2026-01-01", "2026-01-02", True),
        ("DateLessThan", "2026-01-02", "2026-01-01", True),
        ("DateLessThanEquals", "2026-01-02", "2026-01-03", False),
        ("DateGreaterThan", "2026-01-02", "2026-01-03", True),
        ("DateGreaterThanEquals", "2026-01-02", "2026-01-02", True),
        ("DateEquals", "tomorrow", "tomorrow", False),
        ("DateEquals", "2026-13-01", "2026-13-01", False),
        ("DateEquals", "9e99", "9e99", False),
        ("Bool", "true", True, True),
        ("Bool", True, "True", True),
        ("Bool", "true", "false", False),
        ("Bool", "perhaps", "perhaps", False),
        ("BinaryEquals", "QUI=", "QUI=", True),
        ("BinaryEquals", "QUI=", "QUJD", False),
        ("BinaryEquals", "!", "!", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", True),
        ("IpAddress", "203.0.113.5", "203.0.113.6", False),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
        ("IpAddress", "2001:db8::/32", "203.0.113.9", False),
        ("IpAddress", "10.0.0.0/8", "nowhere", False),
        ("NotIpAddress", "203.0.113.0/24", "203.0.114.9", True),
        ("NotIpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "203.0.113.9", False),
        ("ArnEquals", "arn:aws:sns:*:123456789012:topic", "arn:aws:sns:us-east-1:123456789012:topic", True),
        ("ArnLike", "arn:aws:sns:*:topic", "arn:aws:sns:us-east-1:123456789012:topic", False),
        ("ArnLike", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a:c", True),
        ("ArnLike", "arn:aws:s3:::B/*", "arn:aws:s3:::b/a", False),
        ("ArnLike", "*", "arn:aws:s3:::b", True),
        ("ArnLike", "arn:*:*:*:*:*", "text", False),
        ("ArnLike", "arn:*:*:*:*:*", "urn:aws:s3:::b", False),
        ("ArnNotEquals", "arn:aws:s3:::a", "arn:aws:s3:::b", True),
        ("ArnNotLike", "arn:aws:s3:::*", "arn:aws:s3:::b", False),
        ("Null", "true", "x", False),
        ("Null", "false", "x", True),
        ("Null", False, "", True),
    ],
)
def test_an_operator_compares_a_value(operator: str, expected: object, found: Value, holds: bool) -> None:
    assert _holds(operator, expected, found) is holds


@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("NumericLessThan", False),
        ("Bool", False),
        ("ArnLike", False),
        ("IpAddress", False),
        ("StringNotEquals", True),
        ("ArnNotLike", True),
        ("NotIpAddress", True),
        ("NumericNotEquals", True),
        ("StringEqualsIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("BoolIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAnyValue:StringEqualsIfExists", True),
    ],
)
@pytest.mark.parametrize("found", [None, ()], ids=["absent", "no values"])
def test_a_missing_key_meets_negated_operators_and_those_that_say_so(
    operator: str, holds: bool, found: tuple[str, ...] | None
) -> None:
    assert _holds(operator, "true", found) is holds


@pytest.mark.parametrize(("expected", "holds"), [("true", True), ("false", False)])
def test_null_asks_for_the_key_itself(expected: str, holds: bool) -> None:
    assert _holds("Null", expected, None) is holds


@pytest.mark.parametrize(
    ("operator", "found", "holds"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "c"), False),
        ("ForAllValues:StringNotEquals", ("c", "d"), True),
        ("ForAllValues:StringNotEquals", ("a", "d"), False),
        ("ForAllValues:StringEquals", ("",), True),
        ("ForAnyValue:StringEquals", ("a", "c"), True),
        ("ForAnyValue:StringEquals", ("c", "d"), False),
        ("ForAnyValue:StringNotEquals", ("a", "c"), True),
        ("ForAnyValue:StringNotEquals", ("a", "b"), False),
        ("ForAnyValue:StringEquals", ("",), False),
        ("ForAnyValue:StringEqualsIfExists", ("c",), False),
        ("ForAnyValue:StringLike", "a", True),
        ("StringEquals", ("a",), True),
        ("StringEquals", ("a", "b"), False),
        ("StringNotEquals", ("a", "b"), True),
    ],
)
def test_quantifiers_look_at_every_value(operator: str, found: Value, holds: bool) -> None:
    assert _holds(operator, ["a", "b"], found) is holds


@pytest.mark.parametrize(
    ("operator", "holds"), [("StringEquals", False), ("StringNotEquals", True), ("StringLike", False)]
)
def test_nothing_equals_a_variable_without_a_value(operator: str, holds: bool) -> None:
    assert _holds(operator, "${x:Other}", "a") is holds
    assert _holds(operator, "${x:Other}", "a", **{"x:other": "a"}) is not holds


def test_operators_other_than_of_texts_and_arns_have_no_variables() -> None:
    assert not _holds("NumericEquals", "${x:Other}", "5", **{"x:other": "5"})


@pytest.mark.parametrize(
    ("operator", "condition"),
    [
        ("StringEquals", "StringEquals x:Key 'a', 'b'"),
        ("ForAnyValue:StringLike", "ForAnyValue:StringLike x:Key 'a', 'b'"),
    ],
)
def test_an_unmet_condition_says_what_it_asks_for(operator: str, condition: str) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {"x:Key": ["a", "b"]}}}
    request = iam.Request(caller=USER, action="x:Do")

    found = iam.decide(request, iam.Policies(identity=(iam.policy({"Statement": statement}, "p"),)))

    assert [str(unmet) for miss in found.misses for unmet in miss.unmet] == [f"{condition}; found nothing"]
