"""Manifests as text: YAML or JSON, several documents, lists of objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import yaml

from seatrial.errors import Fault
from seatrial.semantics import fields

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one over libyaml is ten times as fast; a build of PyYAML may lack it."""

_ALLOWED = "a Kubernetes object: a mapping with apiVersion and kind"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object, and where it is from."""

    source: str
    """The file; "" when it is from none."""
    value: Mapping[str, object]
    """The object."""

    def read(self, faults: list[Fault]) -> fields.Fields:
        """Read the object's fields, collecting what is wrong with them."""
        return fields.of_object(self.value, faults, self.source)


def parse(text: str, source: str, faults: list[Fault]) -> list[Manifest]:
    """Read every object of a text, lists unrolled; what isn't an object becomes a fault."""
    try:
        documents = [*cast("Iterator[object]", yaml.load_all(text, Loader=_LOADER))]
    except yaml.YAMLError as error:
        faults.append(Fault(source, " ".join(str(error).split()), "YAML or JSON"))
        return []
    return [
        Manifest(source, value)
        for index, document in enumerate(documents)
        if document is not None
        for value in _objects(document, f"{source}: document {index + 1}", faults)
    ]


def _objects(document: object, path: str, faults: list[Fault]) -> Iterator[Mapping[str, object]]:
    if not _is_object(document):
        faults.append(Fault(path, _shown(document), _ALLOWED))
        return
    value = cast("Mapping[str, object]", document)
    if "items" in value and str(value["kind"]).endswith("List"):
        yield from _items(value, path, faults)
    else:
        yield value


def _items(value: Mapping[str, object], path: str, faults: list[Fault]) -> Iterator[Mapping[str, object]]:
    # The API leaves kind and apiVersion out of the items of a typed list: the list has them.
    kind = str(value["kind"]).removesuffix("List")
    inherited = {"apiVersion": value["apiVersion"], "kind": kind} if kind else {}
    for index, item in enumerate(fields.Fields(value, f"{path}: ", faults).items("items")):
        yield from _objects({**inherited, **item.value}, f"{path}.items[{index}]", faults)


def _is_object(document: object) -> bool:
    if not isinstance(document, Mapping):
        return False
    value = cast("Mapping[str, object]", document)
    return all(value.get(key) and isinstance(value[key], str) for key in ("apiVersion", "kind"))


def _shown(document: object) -> str:
    if not isinstance(document, Mapping):
        return f"a {type(document).__name__}"
    keys = ", ".join(map(str, cast("Mapping[object, object]", document)))
    return f"a mapping of {keys}" if keys else "an empty mapping"
