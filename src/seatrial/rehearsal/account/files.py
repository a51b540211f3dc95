"""Files of the account's folder: written whole or not at all, readable by their owner only."""

import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put ``content`` in place of ``path`` in one step, with mode 0600."""
    staging = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    staging.replace(path)


def folder(path: Path) -> Path:
    """Make a folder that only its owner can enter."""
    missing(path)
    path.chmod(0o700)
    return path


def missing(path: Path) -> None:
    """Make a folder where there is none, and those that it lies in: nobody else can enter what wasn't there before."""
    for absent in reversed([each for each in (path, *path.parents) if not each.exists()]):
        absent.mkdir(mode=0o700, exist_ok=True)
