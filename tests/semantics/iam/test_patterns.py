"""Wildcards and variables, against a reading of them that tries every possibility."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.semantics.iam import context, patterns
from seatrial.semantics.iam.context import Values

TEXTS = st.text("ab:/*?", max_size=6)


def _like(pattern: str, value: str) -> bool:
    """Read wildcards by trying what each may stand for, without regular expressions."""
    if not pattern:
        return not value
    if pattern[0] == "*":
        return any(_like(pattern[1:], value[skipped:]) for skipped in range(len(value) + 1))
    return bool(value) and pattern[0] in ("?", value[0]) and _like(pattern[1:], value[1:])


def _matches(pattern: str, value: str, values: Values | None = None, *, variables: bool = True) -> bool:
    glob = patterns.of_text(pattern, variables=variables).resolved(context.of_values(values or {}))
    return glob is not None and patterns.matches(glob, value)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_a_pattern_matches_what_its_wildcards_can_stand_for(pattern: str, value: str) -> None:
    assert _matches(pattern, value) == _like(pattern, value)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_everything_matches_itself_and_a_star(text: str) -> None:
    assert _matches(text, text)
    assert _matches("*", text)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_the_value_of_a_variable_is_text_whatever_stands_in_it(value: str, other: str) -> None:
    if value:
        assert _matches("${k}", other, {"k": value}) == (value == other)


@pytest.mark.parametrize(
    ("pattern", "value", "values", "expected"),
    [
        ("${aws:username}", "ann", {"aws:username": "ann"}, True),
        ("${AWS:UserName}", "ann", {"aws:username": "ann"}, True),
        ("a-${aws:username}-*", "a-ann-b", {"aws:username": "ann"}, True),
        ("${aws:PrincipalTag/my team}", "x", {"aws:principaltag/my team": "x"}, True),
        ("${aws:username}", "${aws:username}", {}, False),
        ("${aws:username, 'nobody'}", "nobody", {}, True),
        ("${aws:username, 'nobody'}", "ann", {"aws:username": "ann"}, True),
        ("${aws:username,''}", "", {}, True),
        ("${aws:TagKeys}", "a", {"aws:TagKeys": ("a", "b")}, False),
        ("${aws:TagKeys}", "a", {"aws:TagKeys": ("a",)}, True),
        ("${*}", "*", {}, True),
        ("${*}", "a", {}, False),
        ("${?}x", "?x", {}, True),
        ("${$}{a}", "${a}", {}, True),
        ("${}", "${}", {}, True),
        ("line*", "line\nline", {}, True),
        ("a", "a\n", {}, False),
    ],
)
def test_variables_are_filled_in(pattern: str, value: str, values: Values, expected: bool) -> None:
    assert _matches(pattern, value, values) is expected


def test_without_variables_their_text_is_text() -> None:
    assert _matches("${aws:username}", "${aws:username}", {"aws:username": "ann"}, variables=False)


def test_case_matters_unless_told_otherwise() -> None:
    glob = ("EC2:Desc", patterns.Wild.MANY)

    assert not patterns.matches(glob, "ec2:describevpcs")
    assert patterns.matches(glob, "ec2:describevpcs", ignore_case=True)


def test_a_literal_star_is_not_a_wildcard() -> None:
    assert not patterns.matches(("*",), "a")
    assert patterns.matches((patterns.Wild.MANY,), "a")
    assert patterns.plain(("a", patterns.Wild.MANY, "*", patterns.Wild.ONE)) == "a**?"


@pytest.mark.parametrize(
    ("text", "resource", "expected"),
    [
        ("arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home/ann/x", True),
        ("arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home/bob/x", False),
        ("arn:aws:s3:::${aws:username}:x", "arn:aws:s3:::ann:x", True),
        ("arn:aws:iam::${a}:user/x", "arn:aws:iam::1:user/x", False),
        ("*", "anything:at:all", True),
    ],
)
def test_resources_have_variables_in_their_last_part_only(text: str, resource: str, expected: bool) -> None:
    glob = patterns.of_resource(text, variables=True).resolved(context.of_values({"aws:username": "ann", "a": "1"}))

    assert glob is not None
    assert patterns.matches(glob, resource) is expected


def test_resources_of_the_first_language_have_no_variables() -> None:
    text = "arn:aws:s3:::${aws:username}"
    glob = patterns.of_resource(text, variables=False).resolved(context.of_values({"aws:username": "ann"}))

    assert glob == (text,)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", ("a",)), (True, ("true",)), (3, ("3",)), (0.5, ("0.5",)), (("a", "b"), ("a", "b")), ((), None)],
)
def test_values_of_any_kind_are_texts(value: context.Value, expected: tuple[str, ...] | None) -> None:
    assert context.of_values({"Key": value}).values("kEY") == expected
