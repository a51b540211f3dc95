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
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path
