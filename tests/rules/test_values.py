"""Reading properties: what is secret stays so, and what is unknown isn't taken for nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from seatrial import rules
from seatrial.plan import Resource, Secret, Unknown
from seatrial.rules.facts import firewall, statements, values


def resource(**inputs: Any) -> Resource:
    return Resource(urn="urn", type="t", name="r", inputs=inputs)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b[1].c", 1),
        ("a.b[2].c", None),
        ("a.b.c", None),
        ("a.none", None),
        ("none.at.all", None),
        ("s.inner", "hidden"),
        ("u.deeper", Unknown()),
    ],
)
def test_a_path_leads_to_a_value(path: str, expected: object) -> None:
    given = resource(a={"b": (0, {"c": 1})}, s=Secret({"inner": Secret("hidden")}), u=Unknown())

    assert values.at(given, path) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Unknown(), True), ({"a": (1, Secret(Unknown()))}, True), ({"a": (1, Secret("x"))}, False), (None, False)],
)
def test_a_value_is_unknown_when_a_part_of_it_is(value: Any, expected: bool) -> None:
    assert values.is_unknown(value) is expected


def test_an_unknown_object_answers_with_unknowns() -> None:
    untold = values.properties(Unknown())

    assert untold.get("anything") == Unknown()
    assert list(untold) == []
    assert len(untold) == 0


@pytest.mark.parametrize(
    ("path", "expected"), [("s", '"[secret]"'), ("s.inner", '"[secret]"'), ("n", "nothing"), ("t", '"x"')]
)
def test_what_is_secret_is_never_written(path: str, expected: str) -> None:
    given = resource(s=Secret({"inner": "hidden"}), t="x")

    assert values.seen(given, path) == expected


def test_a_long_value_is_cut() -> None:
    assert len(values.words("x" * 500)) == 160


def test_a_finding_keeps_a_secret(judged: Callable[..., rules.Result]) -> None:
    result = judged("NODE-03", ("put", "eks-spot-lt", "keyName", "secret:mine"))

    assert [finding.found for finding in result.findings] == ['"[secret]"']


def test_a_secret_in_user_data_is_named_and_not_shown(judged: Callable[..., rules.Result]) -> None:
    result = judged("NODE-06", ("put", "eks-spot-lt", "userData", "ZGJfcGFzc3dvcmQ9IlhrOSN2UTJtWjchdExwIgo="))

    assert [finding.found for finding in result.findings] == ["a value of password"]


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("10.0.0.0/8", "10.64.0.0/16", True),
        ("10.64.0.0/17", "10.64.0.0/16", False),
        ("::/0", "10.64.0.0/16", False),
        ("no range", "10.64.0.0/16", False),
    ],
)
def test_a_range_holds_a_network(outer: str, inner: str, expected: bool) -> None:
    assert firewall.holds(outer, inner) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("arn:aws:eks:us-east-2:123456789012:cluster/*", True),
        ("arn:aws:eks:*:*:cluster/x", False),
        ("arn:aws", False),
        ("123456789012", True),
        ("1234*", False),
        ("", False),
    ],
)
def test_a_condition_names_an_account(value: str, expected: bool) -> None:
    assert statements.names_account(value) is expected
