"""Reading untyped objects: every field that has the wrong form becomes a fault, all of them at once."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from seatrial.errors import Fault

_LONGEST: Final = 100
"""How much of a value is shown."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one mapping within an object.

    A field that is absent or null reads as None (or as empty); one of the wrong type does too, and adds a fault.
    """

    value: Mapping[str, object]
    """The mapping itself."""
    prefix: str
    """What comes before a field's name where faults name it: ``pod.yaml: Pod/dev/web: spec.``."""
    faults: list[Fault]
    """Where faults are collected; shared by all fields of a reading."""

    def fields(self, key: str) -> "Fields | None":
        """Read a mapping."""
        value = self.value.get(key)
        return None if value is None else self._mapping(value, self.at(key))

    def items(self, key: str) -> Iterator["Fields"]:
        """Read a list of mappings; its members that are something else are left out."""
        for index, value in enumerate(self._list(key)):
            if (item := self._mapping(value, f"{self.at(key)}[{index}]")) is not None:
                yield item

    def text(self, key: str) -> str | None:
        """Read a string."""
        value = self.value.get(key)
        if value is None or isinstance(value, str):
            return value
        return self.refuse(key, "a string")

    def number(self, key: str) -> int | None:
        """Read an integer."""
        value = self.value.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        return self.refuse(key, "an integer")

    def number_or_text(self, key: str) -> int | str | None:
        """Read an integer or a string, such as a port that may have a name."""
        value = self.value.get(key)
        if value is None or (isinstance(value, int | str) and not isinstance(value, bool)):
            return value
        return self.refuse(key, "an integer or a string")

    def flag(self, key: str) -> bool | None:
        """Read a boolean."""
        value = self.value.get(key)
        if value is None or isinstance(value, bool):
            return value
        return self.refuse(key, "true or false")

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of strings."""
        values = self._list(key)
        if all(isinstance(value, str) for value in values):
            return tuple(cast("list[str]", values))
        self.refuse(key, "a list of strings")
        return ()

    def labels(self, key: str) -> Mapping[str, str]:
        """Read a mapping of strings to strings."""
        fields = self.fields(key)
        if fields is None:
            return {}
        return dict(fields.pairs())

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Read the mapping itself as one of strings to strings."""
        # YAML has keys that aren't strings, whatever the type says.
        for name in cast("Iterable[object]", self.value):
            if not isinstance(name, str):
                self._refuse(name, self.at(str(name)), "a string as the key")
            elif (value := self.text(name)) is not None:
                yield name, value

    def at(self, key: str) -> str:
        """Name the place of a field."""
        return f"{self.prefix}{key}"

    def refuse(self, key: str, allowed: str) -> None:
        """Add the fault that a field holds something else than what is allowed."""
        self._refuse(self.value.get(key), self.at(key), allowed)

    def _mapping(self, value: object, path: str) -> "Fields | None":
        if isinstance(value, Mapping):
            return Fields(cast("Mapping[str, object]", value), f"{path}.", self.faults)
        self._refuse(value, path, "a mapping")
        return None

    def _list(self, key: str) -> list[object]:
        value = self.value.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return cast("list[object]", value)
        self.refuse(key, "a list")
        return []

    def _refuse(self, value: object, path: str, allowed: str) -> None:
        self.faults.append(Fault(path, "(missing)" if value is None else shown(value), allowed))


def shown(value: object) -> str:
    """Say what stands somewhere, in few words: it may be large, or hold itself."""
    if isinstance(value, Mapping):
        keys = ", ".join(map(str, islice(cast("Mapping[object, object]", value), _LONGEST)))
        return f"a mapping of {_cut(keys)}" if keys else "an empty mapping"
    if isinstance(value, list) and any(isinstance(each, Mapping | list) for each in cast("list[object]", value)):
        return f"a list of {len(cast('list[object]', value))}"
    return _cut(json.dumps(value, default=str, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def of_object(value: Mapping[str, object], faults: list[Fault], source: str = "") -> Fields:
    """Read a whole object; ``source`` names the file that it is from."""
    names = f"{source}: {title(value)}" if source else title(value)
    return Fields(value, f"{names}: ", faults)


def title(value: Mapping[str, object], namespace: str = "") -> str:
    """Name an object as messages do: ``Kind/namespace/name``; ``namespace`` stands for one that it doesn't name."""
    metadata = value.get("metadata")
    known = cast("Mapping[str, object]", metadata if isinstance(metadata, Mapping) else {})
    parts = (value.get("kind"), known.get("namespace") or namespace, known.get("name") or known.get("generateName"))
    return "/".join(str(part) for part in parts if part)
