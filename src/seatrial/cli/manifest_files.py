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

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR", exists=True, file_okay=False, help="The folder of the manifests, read with its own folders."
    ),
]


def below(folder: Path, faults: list[Fault]) -> Iterator["Manifest"]:
    """Read every manifest below a folder."""
    files = sorted(str(path) for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
    if not files:
        raise UsageError(f"no manifests in {folder}", tip=f"they end in {', '.join(sorted(_SUFFIXES))}")
    yield from parsed(files, faults)


def parsed(files: Sequence[str], faults: list[Fault]) -> Iterator["Manifest"]:
    """Read every manifest of files, ``-`` being stdin; what can't be read is a fault."""
    from seatrial.semantics import documents  # noqa: PLC0415 (lazy: see app)

    for file in files:
        text = _text(file, faults)
        if text is not None:
            yield from documents.parse(text, file, faults)


def end(lines: Iterable[str], faults: Sequence[Fault]) -> None:
    """Print what was found; wrong manifests end the command instead."""
    if faults:
        raise ConfigError(tuple(dict.fromkeys(faults)), "the manifests")
    for line in lines:
        typer.echo(line)


def _text(file: str, faults: list[Fault]) -> str | None:
    try:
        return sys.stdin.read() if file == _STDIN else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        faults.append(Fault(file, str(reason), "a file in YAML or JSON"))
        return None
