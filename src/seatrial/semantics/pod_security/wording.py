"""The words of the admission plugin's messages."""

from collections.abc import Iterable, Sequence, Sized


def quoted(items: Iterable[str]) -> str:
    """Quote each, and put commas between: ``"a", "b"``."""
    return ", ".join(f'"{item}"' for item in items)


def plural(word: str, items: Sized) -> str:
    """Put a noun into the number of the items."""
    return word if len(items) == 1 else f"{word}s"


def counted(word: str, names: Sequence[str]) -> str:
    """Name things with their noun: ``container "a"``, ``containers "a", "b"``."""
    return f"{plural(word, names)} {quoted(names)}"


def use(items: Sized) -> str:
    """Conjugate "use" for the number of the items."""
    return "uses" if len(items) == 1 else "use"


def setters(names: Sequence[str], *, pod: bool) -> str:
    """Name what set a field: ``pod``, ``pod and container "a"``, ``containers "a", "b"``; "" for nobody."""
    return " and ".join([*(["pod"] if pod else []), *([counted("container", names)] if names else [])])
