"""Runs a command as a user would and measures it from outside: wall time, memory of every process that it starts."""

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

INTERVAL = 0.05
"""Seconds between two looks at memory."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished command."""

    seconds: float
    """Wall time, from start to exit."""
    peak_mib: float
    """Most memory that its processes had resident at one moment, added up; shared pages count in each."""
    output: str
    """What it printed on stdout."""
    errors: str
    """What it printed on stderr."""


class CommandFailed(Exception):
    """A measured command ended with another exit code than 0: its times mean nothing."""


def run(command: Sequence[str], folder: Path, *, sample: bool = False) -> Run:
    """Run a command in a folder; with ``sample``, look at memory too, which costs the machine a little."""
    peak = 0.0
    out, err = folder / ".benchmark-out", folder / ".benchmark-err"
    with out.open("w") as stdout, err.open("w") as stderr:
        began = time.perf_counter()
        process = psutil.Popen(list(command), cwd=folder, stdout=stdout, stderr=stderr, env=_environment())
        while sample and process.poll() is None:
            peak = max(peak, _resident(process, folder))
            time.sleep(INTERVAL)
        code = process.wait()
        seconds = time.perf_counter() - began
    finished = Run(seconds, peak / 2**20, out.read_text(), err.read_text())
    out.unlink()
    err.unlink()
    if code:
        raise CommandFailed(f"{' '.join(command)} ended with {code}:\n{finished.errors}")
    return finished


def _environment() -> dict[str, str]:
    """Leave the environment as it is, but for colours: what is measured is text."""
    return {**os.environ, "NO_COLOR": "1"}


def _resident(process: psutil.Process, folder: Path) -> float:
    return float(sum(_rss(each) for each in {process, *_descendants(process), *_detached(folder)}))


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return process.children(recursive=True)
    return []


def _detached(folder: Path) -> Iterator[psutil.Process]:
    """Find what a command left running on purpose: its command line names the folder."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(folder) in argument for argument in process.cmdline()):
                yield process


def _rss(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0
