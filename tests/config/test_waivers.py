"""Waivers of a description: whole, justified, and with an end."""

from collections.abc import Callable
from datetime import date

import pytest

from seatrial.config import Platform
from seatrial.errors import Fault

Accept = Callable[[str], Platform]
Refuse = Callable[[str], tuple[Fault, ...]]

_WHY = "say why the finding is acceptable, so that somebody else can judge it"
_DATE = 'YAML reads it as a date: write it in quotes, "2027-01-31"'
_LEAST = "rule: CP-01, reason: It is watched., owner: team, expires: '2027-01-31'"


def test_there_are_none_unless_told(accept: Accept) -> None:
    assert accept("").waivers == ()


def test_a_waiver_covers_every_resource_unless_narrowed(accept: Accept) -> None:
    first, second = accept(f"waivers: [{{{_LEAST}}}, {{{_LEAST}, resource: 'eks-vpc-*'}}]").waivers

    assert (first.rule, first.resource, first.reason, first.owner) == ("CP-01", "*", "It is watched.", "team")
    assert second.resource == "eks-vpc-*"


@pytest.mark.parametrize(("day", "expected"), [((2027, 1, 31), False), ((2027, 2, 1), True)])
def test_a_waiver_is_over_after_its_last_day(day: tuple[int, int, int], expected: bool, accept: Accept) -> None:
    (waiver,) = accept(f"waivers: [{{{_LEAST}}}]").waivers

    assert waiver.is_over(date(*day)) is expected


@pytest.mark.parametrize(
    ("old", "new", "path", "hint"),
    [
        ("rule: CP-01", "rule: cp1", "waivers[0].rule", ""),
        ("rule: CP-01, ", "", "waivers[0].rule", ""),
        ("It is watched.", "ok", "waivers[0].reason", _WHY),
        ("It is watched.", "'         x'", "waivers[0].reason", _WHY),
        ("It is watched.", "x" * 501, "waivers[0].reason", _WHY),
        ("owner: team", "owner: ' '", "waivers[0].owner", ""),
        ("'2027-01-31'", "2027-01-31", "waivers[0].expires", _DATE),
        ("'2027-01-31'", "'2027-02-30'", "waivers[0].expires", "the calendar has no such day"),
        ("'2027-01-31'", "'next year'", "waivers[0].expires", ""),
        ("owner: team", "owner: team, resource: 'a b'", "waivers[0].resource", ""),
        ("owner: team", "owner: team, until: x", "waivers[0].until", ""),
    ],
)
def test_a_waiver_that_says_too_little_is_refused(old: str, new: str, path: str, hint: str, refuse: Refuse) -> None:
    (fault,) = refuse(f"waivers: [{{{_LEAST.replace(old, new)}}}]")

    assert (fault.path, fault.hint) == (path, hint)
