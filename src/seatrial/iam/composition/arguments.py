"""Arguments of one object, read by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from seatrial.iam.composition.refusals import Refusals


@dataclass(frozen=True, slots=True)
class Arguments:
    """An object among the arguments; what isn't there, or null, is as good as empty."""

    values: Mapping[str, object]
    at: str
    """Where it is, as the beginning of a path: ``statements[0].``; empty for the function's own."""
    refusals: Refusals

    def refuse(self, name: str, value: object, allowed: str, hint: str = "") -> None:
        """Say what is wrong with one of them."""
        self.refusals.refuse(f"{self.at}{name}", value, allowed, hint)

    def text(self, name: str) -> str:
        """Return a text."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        if value is not None:
            self.refuse(name, value, "a text")
        return ""

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """Return one of the texts that are allowed."""
        found = self.text(name) or default
        if found not in allowed:
            self.refuse(name, found, " or ".join(allowed))
        return found

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, in order."""
        found = self._list(name)
        wrong = [each for each in found if not isinstance(each, str)]
        if wrong:
            self.refuse(name, wrong[0], "a text")
        return [each for each in found if isinstance(each, str)]

    def objects(self, name: str) -> "list[Arguments]":
        """Return a list of objects, each with its own place."""
        return [self._object(value, f"{name}[{index}]") for index, value in enumerate(self._list(name))]

    def inner(self, name: str) -> "Arguments":
        """Return an object."""
        value = self.values.get(name)
        return self._object({} if value is None else value, name)

    def check_names(self, known: Sequence[str], needed: Sequence[str] = ()) -> None:
        """Refuse what isn't known, and that something isn't there which is needed."""
        for name in sorted(set(self.values) - set(known)):
            self.refuse(name, self.values[name], f"only {', '.join(known)}")
        for name in needed:
            if self.values.get(name) is None:
                self.refuse(name, None, "a value")

    def _object(self, value: object, name: str) -> "Arguments":
        if not isinstance(value, Mapping):
            self.refuse(name, value, "an object")
            value = {}
        return Arguments(cast("Mapping[str, object]", value), f"{self.at}{name}.", self.refusals)

    def _list(self, name: str) -> list[object]:
        value = self.values.get(name)
        if isinstance(value, list | tuple):
            return list(cast("Sequence[object]", value))
        if value is not None:
            self.refuse(name, value, "a list")
        return []
