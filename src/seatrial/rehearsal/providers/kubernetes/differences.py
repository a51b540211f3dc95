"""What differs: between two manifests, and between a manifest and the object that it became."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from seatrial.rehearsal.providers.changes import Action, Change
from seatrial.rehearsal.providers.kubernetes import quantities
from seatrial.rehearsal.providers.paths import joined, shown
from seatrial.rehearsal.providers.values import Value, Values

Replaces: TypeAlias = Callable[[str], bool]
"""Whether a change at a dotted path takes a new object."""


@dataclass(frozen=True, slots=True)
class _Place:
    shown: str
    plain: str

    def key(self, name: str) -> "_Place":
        return _Place(shown(self.shown, name), joined(self.plain, name))

    def item(self, index: int) -> "_Place":
        return _Place(f"{self.shown}[{index}]", self.plain)


def changes(old: Values, new: Values, replaces: Replaces) -> list[Change]:
    """Return what changed from one manifest to the other, in the order of paths."""
    found = _compare(_Place("", ""), old, new)
    return sorted(
        (Change(place.shown, place.plain, action, replaces(place.plain)) for place, action in found),
        key=lambda change: change.path,
    )


def _compare(place: _Place, old: Value, new: Value) -> Iterator[tuple[_Place, Action]]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _maps(place, cast("Values", old), cast("Values", new))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(place, cast("list[Value]", old), cast("list[Value]", new))
    elif old != new:
        yield place, Action.UPDATE


def _lists(place: _Place, old: list[Value], new: list[Value]) -> Iterator[tuple[_Place, Action]]:
    if len(old) != len(new):
        yield place, Action.UPDATE
        return
    for index, (before, after) in enumerate(zip(old, new, strict=True)):
        yield from _compare(place.item(index), before, after)


def _maps(place: _Place, old: Values, new: Values) -> Iterator[tuple[_Place, Action]]:
    for key in sorted({**old, **new}):
        if key not in new:
            yield place.key(key), Action.DELETE
        elif key not in old:
            yield place.key(key), Action.ADD
        else:
            yield from _compare(place.key(key), old[key], new[key])


def observed(asked: Value, before: Value, now: Value) -> Value:
    """Return what was asked for, as it is now.

    ``before`` is what the API server made of it when it was asked. What is still as then stays as it was asked, however
    the API server spells it; what nobody asked for isn't told.
    """
    if before is not None and now == before:
        return asked
    if isinstance(asked, dict) and isinstance(now, dict):
        held = cast("Values", before) if isinstance(before, dict) else Values()
        return _observed_map(cast("Values", asked), held, cast("Values", now))
    if isinstance(asked, list) and isinstance(now, list):
        held = cast("list[Value]", before) if isinstance(before, list) else []
        return _observed_list(cast("list[Value]", asked), held, cast("list[Value]", now))
    return cast("Value", asked if quantities.same(asked, now) else now)


def _observed_map(asked: Values, before: Values, now: Values) -> Values:
    """Drop what is gone; keep what the API server never showed, as a Secret's ``stringData``, or an empty list."""
    return {
        key: observed(value, before.get(key), now[key]) if key in now else value
        for key, value in asked.items()
        if key in now or key not in before
    }


def _observed_list(asked: list[Value], before: list[Value], now: list[Value]) -> list[Value]:
    if all(isinstance(item, dict) and "name" in item for item in (*asked, *now)):
        return _observed_named(asked, before, now)
    if len(asked) != len(now):
        return now
    held = before if len(before) == len(now) else [None] * len(now)
    return [observed(*it) for it in zip(asked, held, now, strict=True)]


def _observed_named(asked: Sequence[Values], before: Sequence[Values], now: Sequence[Values]) -> list[Value]:
    """Find items by their names; those that nobody asked for, as containers that were injected, aren't told."""
    then, there = _by_name(before), _by_name(now)
    return [observed(it, then.get(it["name"]), there[it["name"]]) for it in asked if it["name"] in there]


def _by_name(items: Sequence[Values]) -> dict[str, Values]:
    return {item["name"]: item for item in items if "name" in item}
