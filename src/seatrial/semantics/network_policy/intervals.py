"""Sets of integers as sorted, disjoint, non-adjacent intervals with both ends included: ports, addresses."""

from collections.abc import Iterable

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]

NONE: Intervals = ()
"""The empty set."""


def union(parts: Iterable[Interval]) -> Intervals:
    """Make the canonical form of intervals in any order."""
    merged: list[Interval] = []
    for low, high in sorted(parts):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def intersection(left: Intervals, right: Intervals) -> Intervals:
    """Return what is in both."""
    found: list[Interval] = []
    mine, theirs = 0, 0
    while mine < len(left) and theirs < len(right):
        low, high = max(left[mine][0], right[theirs][0]), min(left[mine][1], right[theirs][1])
        if low <= high:
            found.append((low, high))
        if left[mine][1] < right[theirs][1]:
            mine += 1
        else:
            theirs += 1
    return tuple(found)


def without(whole: Intervals, hole: Interval) -> Intervals:
    """Return the set without an interval."""
    low, high = hole
    below = intersection(whole, ((whole[0][0], low - 1),)) if whole and whole[0][0] < low else NONE
    above = intersection(whole, ((high + 1, whole[-1][1]),)) if whole and high < whole[-1][1] else NONE
    return below + above


def covers(whole: Intervals, part: Interval) -> bool:
    """Tell whether the set holds all of an interval."""
    return any(low <= part[0] and part[1] <= high for low, high in whole)


def text(intervals: Intervals) -> str:
    """Write the set as ``80,8080-8090``."""
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in intervals)
