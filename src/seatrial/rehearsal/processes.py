"""Processes on record: who runs for a stack, and the end of those that a killed command left behind."""

import json
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from seatrial.rehearsal import tether

_PATIENCE = 10.0
"""Seconds that a killed process may take to go."""

_TICK = 0.01
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Record:
    """A process as it wrote itself down."""

    name: str
    """What it is: ``engine``, ``provider``."""

    pid: int
    """Its number, which the system may give to another process later."""

    started: float
    """When it started, in seconds since the machine did: tells it from such another one, however the clock is set."""


def tethered(records: Path, name: str, program: Sequence[str], *, parent: str) -> list[str]:
    """Build the command that runs a program on record and tied to a parent (a pid, or ``$PPID`` in a script)."""
    return [sys.executable, "-I", tether.__file__, str(records), name, parent, *program]


def script(records: Path, name: str, program: Sequence[str]) -> str:
    """Write the shell script of a program on record and tied to whoever starts it."""
    before, after = tethered(records, name, program, parent="")[:5], program
    return f'#!/bin/sh\nexec {shlex.join(before)} "$PPID" {shlex.join(after)} "$@"\n'


def alive(records: Path, name: str = "") -> list[psutil.Process]:
    """Find the recorded processes that live, of one name or all."""
    found = (_living(record) for record in _read(records) if name in ("", record.name))
    return [process for process in found if process]


def interrupt(records: Path, name: str) -> None:
    """Ask the processes of a name to stop in good order."""
    for process in alive(records, name):
        process.send_signal(signal.SIGINT)


def kill(records: Path) -> int:
    """End every recorded process that lives, wait until they are gone, forget the records; tell how many there were."""
    living = alive(records)
    for process in living:
        _kill(process)
    _await_end(living)
    for path in records.glob("*.json"):
        path.unlink(missing_ok=True)
    return len(living)


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()


def _await_end(processes: Sequence[psutil.Process]) -> None:
    # Not by waitpid: whoever started one of them still has to learn how it ended.
    deadline = time.monotonic() + _PATIENCE
    while any(map(_runs, processes)) and time.monotonic() < deadline:
        time.sleep(_TICK)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _read(records: Path) -> list[Record]:
    return [record for path in sorted(records.glob("*.json")) for record in _record(path)]


def _record(path: Path) -> Iterator[Record]:
    # A record that isn't whole tells of nobody; the process that it was of ends with its parent all the same.
    with suppress(OSError, ValueError, TypeError):
        yield Record(**json.loads(path.read_text()))


def _living(record: Record) -> psutil.Process | None:
    try:
        process = psutil.Process(record.pid)
        same = abs(process.create_time() - psutil.boot_time() - record.started) < 1
    except psutil.NoSuchProcess:
        return None
    return process if same and _runs(process) else None
