"""Manifests that a command is given: files, folders, stdin."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.errors import ConfigError, Fault, UsageError

if TYPE_CHECKING:
    from seatrial.semantics.documents import Manifest

_STDIN = "-"
_SUFFIXES = frozenset({".json", ".yaml", ".yml"})

Source = Annotated[
    str,
    typer.Argument(metavar="PATH", help="Manifests in YAML or JSON: a file, a folder with those below it; - is stdin."),
]
"""Where the manifests of a command are."""


def of(sources: Sequence[str], faults: list[Fault]) -> Iterator["Manifest"]:
    """Read every manifest of files and folders, ``-`` being stdin; what can't be read is a fault."""
    from seatrial.semantics import documents  # noqa: PLC0415 (lazy: see app)

    for file in (file for source in sources for file in _files(source)):
        text = _text(file, faults)
        if text is not None:
            yield from documents.parse(text, file, faults)


def end(lines: Iterable[str], faults: Sequence[Fault]) -> None:
    """Print what was found; wrong manifests end the command instead."""
    if faults:
        raise ConfigError(tuple(dict.fromkeys(faults)), "the manifests")
    for line in lines:
        typer.echo(line if line.isprintable() else "".join(map(_printable, line)))


def _printable(character: str) -> str:
    """Spell out what would act on a terminal: names are anybody's."""
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def _files(source: str) -> Sequence[str]:
    folder = Path(source)
    if source == _STDIN or not folder.is_dir():
        return (source,)
    files = sorted(str(path) for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
    if not files:
        raise UsageError(f"no manifests in {folder}", tip=f"they end in {', '.join(sorted(_SUFFIXES))}")
    return files


def _text(file: str, faults: list[Fault]) -> str | None:
    try:
        return sys.stdin.read() if file == _STDIN else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        faults.append(Fault(file, str(reason), "a file in YAML or JSON"))
        return None
