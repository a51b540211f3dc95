"""Interval sets obey the algebra of the sets that they stand for."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from seatrial.semantics.network_policy import intervals
from seatrial.semantics.network_policy.intervals import Intervals

LAST = 12

interval = st.tuples(st.integers(0, LAST), st.integers(0, LAST)).map(lambda pair: (min(pair), max(pair)))
canonical = st.lists(interval, max_size=5).map(intervals.union)


def members(value: Intervals) -> set[int]:
    return {number for low, high in value for number in range(low, high + 1)}


@given(parts=st.lists(interval, max_size=5))
def test_a_union_has_the_members_of_its_parts_in_the_fewest_intervals(parts: list[tuple[int, int]]) -> None:
    found = intervals.union(parts)

    assert members(found) == members(tuple(parts))
    assert all(high + 1 < low for (_, high), (low, _) in itertools.pairwise(found))


@given(left=canonical, right=canonical)
def test_an_intersection_has_the_common_members(left: Intervals, right: Intervals) -> None:
    found = intervals.intersection(left, right)

    assert members(found) == members(left) & members(right)
    assert found == intervals.union(found)


@given(whole=canonical, hole=interval)
def test_a_hole_takes_its_members_out(whole: Intervals, hole: tuple[int, int]) -> None:
    found = intervals.without(whole, hole)

    assert members(found) == members(whole) - members((hole,))
    assert found == intervals.union(found)


@given(whole=canonical, part=interval)
def test_a_set_covers_an_interval_whose_members_it_has(whole: Intervals, part: tuple[int, int]) -> None:
    assert intervals.covers(whole, part) == (members((part,)) <= members(whole))
