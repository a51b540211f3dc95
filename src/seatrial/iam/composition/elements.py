"""Elements of a statement as the provider writes them: sets from the last text to the first, one alone as text."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Texts: TypeAlias = "str | list[str]"

_ANYBODY = "*"


def of_set(texts: Iterable[str]) -> Texts:
    """Write a set."""
    ordered = backwards(set(texts))
    return ordered[0] if len(ordered) == 1 else ordered


def backwards(texts: Iterable[str]) -> list[str]:
    """Order texts from the last to the first."""
    return sorted(texts, reverse=True)


def principals(named: Sequence[tuple[str, Texts]]) -> str | dict[str, Texts]:
    """Write principals, kind and identifiers; only ``*`` of the kind ``*`` is ``*``, for IAM tells it from ``AWS``'s.

    What is named twice of one kind stands in the order of the program: the provider's own order is that of hashes.
    """
    unique = list(dict.fromkeys((kind, tuple(_listed(names)), isinstance(names, str)) for kind, names in named))
    written: dict[str, Texts] = {}
    for kind, names, alone in unique:
        known = _listed(written.get(kind, []))
        written[kind] = names[0] if alone and not known else [*known, *names]
    if [kind for kind, _, _ in unique] == [_ANYBODY] and _listed(written[_ANYBODY]) == [_ANYBODY]:
        return _ANYBODY
    return dict(sorted(written.items()))


def conditions(tests: Sequence[tuple[str, str, Sequence[str]]]) -> dict[str, dict[str, Texts]]:
    """Write conditions: test, variable and values, which keep their order."""
    found: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in dict.fromkeys((test, key, tuple(values)) for test, key, values in tests):
        found.setdefault(test, {}).setdefault(variable, []).extend(values)
    return {test: {key: _alone(values) for key, values in sorted(keys.items())} for test, keys in sorted(found.items())}


def _alone(texts: list[str]) -> Texts:
    return texts[0] if len(texts) == 1 else texts


def _listed(texts: Texts) -> list[str]:
    return [texts] if isinstance(texts, str) else texts
