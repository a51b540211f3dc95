"""What EKS does for a Kubernetes version on a day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from seatrial import versions
from seatrial.versions import Support

_CASES = [
    ("1.36", date(2026, 6, 1), Support.UNKNOWN),
    ("1.36", date(2026, 6, 2), Support.STANDARD),
    ("1.36", date(2027, 8, 1), Support.STANDARD),
    ("1.36", date(2027, 8, 2), Support.EXTENDED),
    ("1.36", date(2028, 8, 1), Support.EXTENDED),
    ("1.36", date(2028, 8, 2), Support.ENDED),
    ("1.34", date(2026, 12, 1), Support.STANDARD),
    ("1.33", date(2026, 11, 22), Support.EXTENDED),
    ("1.30", date(2026, 11, 22), Support.ENDED),
    ("1.21", date(2026, 11, 22), Support.ENDED),
    ("1.99", date(2026, 11, 22), Support.UNKNOWN),
]


@pytest.mark.parametrize(("version", "day", "expected"), _CASES)
def test_support_follows_the_dates(version: str, day: date, expected: Support) -> None:
    assert versions.support(version, day) is expected


def test_supported_versions_of_a_day() -> None:
    assert versions.supported(date(2026, 11, 22)) == ("1.34", "1.35", "1.36")
    assert versions.supported(date(2026, 11, 22), extended=True) == ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36")


def test_extended_support_costs_six_times_as_much() -> None:
    assert versions.usd_per_hour(Support.STANDARD) == pytest.approx(0.10)
    assert versions.usd_per_hour(Support.EXTENDED) == pytest.approx(0.60)


def test_the_default_is_in_standard_support_when_the_table_is_made() -> None:
    assert versions.support(versions.DEFAULT, versions.AS_OF) is Support.STANDARD


@pytest.mark.parametrize("version", versions.LIFECYCLES)
def test_each_version_has_fourteen_months_and_then_a_year(version: str) -> None:
    lifecycle = versions.LIFECYCLES[version]

    assert timedelta(days=13.5 * 30) <= lifecycle.standard_ends - lifecycle.released <= timedelta(days=14.5 * 31)
    assert lifecycle.extended_ends == lifecycle.standard_ends.replace(year=lifecycle.standard_ends.year + 1)


def test_the_table_has_no_gap_and_is_in_order() -> None:
    minors = [int(version.removeprefix("1.")) for version in versions.LIFECYCLES]

    assert all(later == earlier + 1 for earlier, later in pairwise(minors))
    assert all(
        one.released < other.released and one.standard_ends < other.standard_ends
        for one, other in pairwise(versions.LIFECYCLES.values())
    )
