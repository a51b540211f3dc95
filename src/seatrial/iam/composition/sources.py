"""Documents that are a part of another, from JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from seatrial.iam.composition import elements
from seatrial.iam.composition.arguments import Arguments
from seatrial.iam.composition.elements import Texts
from seatrial.iam.composition.merged import Document, Statement
from seatrial.iam.composition.refusals import Refusals

_TEXTS: Final = ("Action", "NotAction", "Resource", "NotResource")


def documents(reader: Arguments, name: str, refusals: Refusals) -> Iterator[Document]:
    """Read an argument that is a list of documents."""
    for index, content in enumerate(reader.texts(name)):
        yield _document(content, f"{name}[{index}]", refusals)


def check_sids(found: Sequence[Document], refusals: Refusals) -> None:
    """Refuse a ``Sid`` that two statements have: in what is built upon, none may be lost."""
    seen: set[object] = set()
    for index, document in enumerate(found):
        for number, statement in enumerate(document.statements):
            sid = statement.get("Sid")
            if sid in seen:
                at = f"sourcePolicyDocuments[{index}].Statement[{number}].Sid"
                refusals.refuse(at, sid, "one that no other source statement has")
            seen |= {sid} - {None}


def _document(content: str, at: str, refusals: Refusals) -> Document:
    try:
        parsed = json.loads(content)
    except json.JSONDecodeError as error:
        refusals.refuse(at, content[:40], f"a policy document in JSON ({error})")
        return Document()
    if not isinstance(parsed, dict):
        refusals.refuse(at, parsed, "a policy document, which is an object")
        return Document()
    found = Arguments(cast("Mapping[str, object]", parsed), f"{at}.", refusals)
    return Document(found.text("Version"), found.text("Id"), [_statement(each) for each in _statements(found)])


def _statements(found: Arguments) -> list[Arguments]:
    alone = isinstance(found.values.get("Statement"), Mapping)
    return [found.inner("Statement")] if alone else found.objects("Statement")


def _statement(found: Arguments) -> Statement:
    """Keep the elements that the provider knows, in its order."""
    content: dict[str, object] = {
        "Sid": found.text("Sid"),
        "Effect": found.text("Effect"),
        **{name: _texts(found, name) for name in _TEXTS},
        "Principal": _principals(found, "Principal"),
        "NotPrincipal": _principals(found, "NotPrincipal"),
        "Condition": _conditions(found),
    }
    return {key: value for key, value in content.items() if value}


def _texts(found: Arguments, name: str) -> Texts:
    return found.text(name) if isinstance(found.values.get(name), str) else found.texts(name)


def _principals(found: Arguments, name: str) -> str | dict[str, Texts]:
    if isinstance(found.values.get(name), str):
        return "*"  # the provider takes any text for it
    kinds = found.inner(name)
    return elements.principals([(kind, _backwards(_texts(kinds, kind))) for kind in kinds.values])


def _backwards(texts: Texts) -> Texts:
    return texts if isinstance(texts, str) else elements.backwards(texts)


def _conditions(found: Arguments) -> dict[str, dict[str, Texts]]:
    tests = found.inner("Condition")
    return elements.conditions(
        [
            (test, key, _values(keys, key))
            for test in tests.values
            for keys in [tests.inner(test)]
            for key in keys.values
        ]
    )


def _values(keys: Arguments, key: str) -> list[str]:
    value = keys.values[key]
    if isinstance(value, bool):
        return [str(value).lower()]
    return [value] if isinstance(value, str) else keys.texts(key)
