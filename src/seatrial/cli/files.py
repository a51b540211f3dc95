"""Writing a result into the file that ``--output`` names."""

import os
import tempfile
from pathlib import Path

from seatrial.errors import UsageError

_MODE = 0o644
"""Results hold no secrets."""


def write(text: str, path: Path) -> None:
    """Write a file as a whole or not at all."""
    if not path.parent.is_dir():
        raise UsageError(f"can't write {path}: there is no folder {path.parent}", tip="make the folder first")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsageError(f"can't write {path}: {error.strerror}") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.chmod(_MODE)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink()
        raise UsageError(f"can't write {path}: {error.strerror}") from error
