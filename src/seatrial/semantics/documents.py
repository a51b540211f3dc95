"""Manifests as text: YAML or JSON, several documents, lists of objects."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import yaml

from seatrial import yaml_syntax
from seatrial.errors import Fault
from seatrial.semantics import fields

_FAST: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one over libyaml is ten times as fast; a build of PyYAML may lack it."""

_YAML: Final = "YAML or JSON"
_MERGE: Final = "tag:yaml.org,2002:merge"

_DEEPEST: Final = 200
"""How deep a manifest may nest: schemas of custom resources, the deepest that there are, stay below half of it."""

_ALLOWED: Final = "a Kubernetes object: a mapping with apiVersion and kind"
_OTHERS: Final = "keep files of other kinds, such as a chart's values, apart"


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
        _check_nesting(text)
        documents = [*cast("Iterator[object]", yaml.load_all(text, Loader=_Loader))]
    except yaml.MarkedYAMLError as error:
        where = f"{source}: {yaml_syntax.place(error.problem_mark)}"
        faults.append(Fault(where, yaml_syntax.problem(error), _YAML, yaml_syntax.hint(error, text)))
        return []
    except (yaml.YAMLError, ValueError) as error:
        faults.append(Fault(source, " ".join(str(error).split()), _YAML))
        return []
    return [
        Manifest(source, value)
        for index, document in enumerate(documents)
        if document is not None
        for value in _objects(document, f"{source}: document {index + 1}", faults)
    ]


def _check_nesting(text: str) -> None:
    """Refuse what nests so deep, or within itself, that reading it would not end well: libyaml's stack has no bound."""
    opened: list[str | None] = []
    for event in cast("Iterator[yaml.Event]", yaml.parse(text, Loader=_FAST)):  # pyright: ignore[reportUnknownMemberType] (untyped)
        if isinstance(event, yaml.CollectionStartEvent):
            opened.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            opened.pop()
        is_endless = isinstance(event, yaml.AliasEvent) and event.anchor in opened
        if is_endless or len(opened) > _DEEPEST:
            found = "an alias inside its own anchor" if is_endless else f"more than {_DEEPEST} levels"
            raise yaml.MarkedYAMLError(problem=found, problem_mark=event.start_mark)


class _Loader(_FAST):
    """Refuses a key that stands twice in a mapping, of which PyYAML would take the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        names: set[str] = set()
        for key, _ in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                if key.value in names:
                    problem = f"the key {key.value} again: a mapping has each key once"
                    raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
                names.add(str(key.value))
        return super().construct_mapping(node, deep)


def _objects(document: object, path: str, faults: list[Fault]) -> Iterator[Mapping[str, object]]:
    if not _is_object(document):
        faults.append(Fault(path, fields.shown(document), _ALLOWED, _OTHERS))
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
