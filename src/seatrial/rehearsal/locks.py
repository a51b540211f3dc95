"""Locks between commands: one command at a time works on a stack, or builds a tool."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import files


@contextmanager
def exclusive(path: Path, command: str) -> Generator[None]:
    """Hold a lock, or say by EnvironmentFault who holds it.

    The file tells who that is: the command, its pid, since when. It may be deleted while it is held.
    """
    descriptor = _take(path)
    if descriptor is None:
        raise EnvironmentFault(
            f"another command works on this: {holder(path)}", tip="wait until it is done, or stop it"
        )
    try:
        os.truncate(descriptor, 0)
        os.write(descriptor, json.dumps({"command": command, "pid": os.getpid(), "since": time.time()}).encode())
        yield
    finally:
        os.close(descriptor)


@contextmanager
def waiting(path: Path, on_wait: Callable[[], None]) -> Generator[None]:
    """Hold a lock, waiting for it where another process has it; ``on_wait`` is called before."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _try(descriptor):
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> str:
    """Say who holds a lock, as far as its file tells."""
    try:
        said = json.loads(path.read_text())
        since = time.strftime("%H:%M:%S", time.localtime(said["since"]))
        return f"`{said['command']}`, process {said['pid']}, since {since}"
    except (OSError, ValueError, KeyError):
        return "one that just started"


def is_held(path: Path) -> bool:
    """Tell whether some process holds a lock."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _try(descriptor)
    finally:
        os.close(descriptor)


def _take(path: Path) -> int | None:
    while True:
        files.folder(path.parent)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # its last holder deleted the folder meanwhile
            continue
        if not _try(descriptor):
            os.close(descriptor)
            return None
        if _is_file(descriptor, path):
            return descriptor
        os.close(descriptor)  # its last holder deleted it meanwhile: lock the file that is there now


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
