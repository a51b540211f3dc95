"""Reading a Pulumi stack file, strictly: what YAML lets pass and Pulumi or AWS would not is a fault here."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import cast

import yaml

from seatrial import yaml_syntax
from seatrial.config import location
from seatrial.config.location import ROOT, Location
from seatrial.errors import ConfigError, Fault

# Built with libyaml, PyYAML reads a stack file in a millisecond instead of ten.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SECURE = "secure"
_CONFIG = "config"


def read(path: Path) -> tuple[Mapping[str, object], list[Fault]]:
    """Read the description of a stack file, and tell what is wrong with it as YAML.

    Raises:
        ConfigError: There is no description to look at.

    """
    node, document = _loaded(path)
    platform = _platform(document, path)
    try:
        found = [*_repeated(node, ()), *_oddities(platform, ())]
    except RecursionError as error:
        raise _refused(path, str(path), "an alias inside its own anchor", "values that end") from error
    return cast("Mapping[str, object]", platform), found


def settings(path: Path, project: str) -> tuple[dict[str, str], list[str]]:
    """Read every setting of a stack file as the engine hands them to a program, and the names of those that are secret.

    A name without a colon is of the project. What isn't text is JSON. Of a secret there is only its name to read:
    its place holds a text that says so.
    """
    _, document = _loaded(path)
    found: dict[str, str] = {}
    secret: list[str] = []
    for key, value in _entries(document).items():
        name = str(key) if ":" in str(key) else f"{project}:{key}"
        shown = _hidden(value)
        found[name] = shown if isinstance(shown, str) else json.dumps(shown, default=str)
        if _holds_secret(value):
            secret.append(name)
    return found, secret


_HIDDEN = "a secret that a plan can't read"


def _entries(document: object) -> Mapping[object, object]:
    config = cast("Mapping[object, object]", document).get(_CONFIG) if isinstance(document, Mapping) else None
    return cast("Mapping[object, object]", config) if isinstance(config, Mapping) else {}


def _hidden(value: object) -> object:
    if isinstance(value, list):
        return [_hidden(each) for each in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    entries = cast("dict[object, object]", value)
    return _HIDDEN if _encrypted(entries) else {str(key): _hidden(each) for key, each in entries.items()}


def _holds_secret(value: object) -> bool:
    return _hidden(value) != value


def _loaded(path: Path) -> tuple[yaml.Node | None, object]:
    text = _text(path)
    try:
        loader = _LOADER(text)
        node = loader.get_single_node()
        document: object = None
        if node:
            document = cast("object", loader.construct_document(node))  # pyright: ignore[reportUnknownMemberType] (untyped)
    except yaml.MarkedYAMLError as error:
        hint = yaml_syntax.hint(error, text)
        raise _refused(path, yaml_syntax.place(error.problem_mark), yaml_syntax.problem(error), "YAML", hint) from error
    except (yaml.YAMLError, ValueError) as error:
        raise _refused(path, str(path), str(error), "YAML") from error
    return node, document


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise _refused(path, str(path), error.strerror or "unreadable", "a file that can be read") from error
    except UnicodeDecodeError as error:
        raise _refused(path, str(path), f"bytes that are no text: {error.reason}", "YAML in UTF-8") from error


def _platform(document: object, path: Path) -> Mapping[object, object]:
    config = _entry(document, _CONFIG, path, "")
    platform = _entry(config, ROOT, path, f"{_CONFIG}.")
    if isinstance(platform, Mapping):
        return cast("Mapping[object, object]", platform)
    raise _refused(path, ROOT, location.found(platform), "a mapping: seatrial schema tells its keys")


def _entry(document: object, key: str, path: Path, above: str) -> object:
    if not isinstance(document, Mapping):
        found = "nothing" if document is None else location.found(document)
        raise _refused(path, above.removesuffix(".") or str(path), found, f"a mapping with the key {key}")
    entries = cast("Mapping[object, object]", document)
    if key not in entries:
        near = get_close_matches(key, [str(each) for each in entries], n=1, cutoff=0.75)
        hint = f"there is {near[0]}: rename it to {key}" if near else ""
        raise _refused(path, f"{above}{key}", "(missing)", "the description of a platform", hint)
    return entries[key]


def _refused(path: Path, where: str, found: str, allowed: str, hint: str = "") -> ConfigError:
    return ConfigError([Fault(where, found, allowed, hint)], str(path))


def _repeated(node: yaml.Node | None, place: Location) -> Iterator[Fault]:
    """Find keys that stand twice: PyYAML takes the last, Pulumi refuses the file."""
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(cast("list[yaml.Node]", node.value)):
            yield from _repeated(item, (*place, index))
    if not isinstance(node, yaml.MappingNode):
        return
    first: dict[str, yaml.Node] = {}
    for key, below in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        name, here = str(key.value), (*place, str(key.value))
        if name in first:
            where = yaml_syntax.place(key.start_mark)
            yield Fault(
                _path(here),
                f"the key again, {where}",
                "each key once",
                f"it is in {yaml_syntax.place(first[name].start_mark)}",
            )
        first.setdefault(name, key)
        yield from _repeated(below, here)


def _path(place: Location) -> str:
    return location.path(place[2:] if place[:2] == (_CONFIG, ROOT) else place)


def _oddities(value: object, place: Location) -> Iterator[Fault]:
    """Find what Pulumi would read differently, and what is encrypted."""
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _oddities(item, (*place, index))
    if not isinstance(value, dict):
        return
    entries = cast("dict[object, object]", value)
    if _encrypted(entries):
        yield Fault(
            location.path(place),
            "an encrypted value",
            "plain text",
            "a description holds no secrets: plan and rehearsal read it without the key. Unset it and write it plainly",
        )
    for key, below in entries.items():
        if not isinstance(key, str):
            yield Fault(
                location.path((*place, str(key))), f"the key {location.found(key)}", "a key that is text", "quote it"
            )
        yield from _oddities(below, (*place, str(key)))


def _encrypted(entries: Mapping[object, object]) -> bool:
    """Tell whether Pulumi takes a mapping for a secret: it does when ``secure`` is its only key."""
    return list(entries) == [_SECURE] and isinstance(entries[_SECURE], str)
