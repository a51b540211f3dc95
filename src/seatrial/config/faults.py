"""From pydantic's errors to faults in words."""

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from seatrial.config import allowed, location, wording
from seatrial.config.allowed import quoting
from seatrial.errors import Fault

_KEY = "[key]"
_NUMBERS = ("integer", "boolean")


def faults(error: ValidationError) -> list[Fault]:
    """Tell every fault that pydantic found."""
    return [_fault(details) for details in error.errors(include_url=False) if not _consequence(details)]


def places(error: ValidationError) -> set[tuple[str, ...]]:
    """Give the places of the faults, each as the keys of the innermost mapping entry that holds it."""
    return {_entry(_place(details)) for details in error.errors(include_url=False)}


def near(word: str, words: Sequence[str]) -> str:
    """Ask whether the nearest of some words was meant; empty when none is near."""
    folded = {known.replace("_", "").casefold(): known for known in words}
    matches = get_close_matches(word.replace("_", "").casefold(), list(folded), n=1, cutoff=0.75)
    return f"did you mean {folded[matches[0]]}?" if matches else ""


def _consequence(details: ErrorDetails) -> bool:
    """Tell whether a list is only too short because pydantic left its faulty entries out."""
    return details["type"] == "too_short" and len(details["input"]) > 0


def _place(details: ErrorDetails) -> location.Location:
    """Give the place of a fault; pydantic marks a fault of a key itself by a last step of its own."""
    place = details["loc"]
    return place[:-1] if place[-1:] == (_KEY,) and details["type"] != "extra_forbidden" else place


def _entry(place: location.Location) -> tuple[str, ...]:
    keys: list[str] = []
    for key in place:
        if isinstance(key, int):
            break
        keys.append(key)
    return tuple(keys)


def _fault(details: ErrorDetails) -> Fault:
    place, value = _place(details), details["input"]
    path = location.path(place)
    match details["type"]:
        case "extra_forbidden":
            keys = wording.keys_at(place[:-1])
            return Fault(path, location.found(value), "keys " + ", ".join(keys), near(str(place[-1]), keys))
        case "missing":
            return Fault(path, "(missing)", wording.words(wording.node_at(place)))
        case allowed.FAULT:
            context = details.get("ctx", {})
            return Fault(path, location.found(value), context["allowed"], context["hint"])
        case _:
            node = wording.node_at(place)
            return Fault(path, location.found(value), wording.words(node), _hint(node, value))


def _hint(node: wording.Node, value: object) -> str:
    if value is None:
        return "leave the key out to take its default"
    if not isinstance(value, str):
        return quoting(value) if node.get("type") == "string" else ""
    return "write it without quotes" if node.get("type") in _NUMBERS else near(value, wording.choices(node))
