"""Runs a command as a user would and measures it from outside: wall time, memory of every process that it starts."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

INTERVAL = 0.05
"""Seconds between two looks at memory and processor time."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "account": ("seatrial.rehearsal.account",),
    "providers": ("seatrial.rehearsal.providers.aws", "seatrial.rehearsal.providers.kubernetes", "/aws", "/helm"),
    "control plane": ("/etcd", "/kube-apiserver", "/kube-controller-manager", "/kube-scheduler", "/kwok"),
    "engine": ("/pulumi",),
}
"""Part of a rehearsal to what the first words of its processes' command lines end with or are."""

COMMAND = "command"
"""The part that is none of those: the command itself, in which the program runs."""


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
    parts: Mapping[str, float]
    """Processor seconds by part of a rehearsal, as far as the looks at it saw them."""


@dataclass(slots=True)
class _Watch:
    """What looking at a command's processes again and again adds up to."""

    folder: Path
    peak: float = 0.0
    first: dict[tuple[int, float], float] = field(default_factory=dict[tuple[int, float], float])
    """Processor seconds of a process when it was first seen: what it used before belongs to somebody else."""
    last: dict[tuple[int, float], tuple[str, float]] = field(default_factory=dict[tuple[int, float], tuple[str, float]])
    """Part and processor seconds of a process when it was last seen."""

    def look(self, process: psutil.Process, began: float) -> None:
        """Look once."""
        resident = 0.0
        for each in {process, *_descendants(process), *_detached(self.folder)}:
            with contextlib.suppress(psutil.Error):
                resident += _rss(each)
                self._note(each, began)
        self.peak = max(self.peak, resident)

    def _note(self, process: psutil.Process, began: float) -> None:
        created = process.create_time()
        used = sum(process.cpu_times()[:2])
        self.first.setdefault((process.pid, created), 0.0 if created >= began - 1 else used)
        self.last[process.pid, created] = (part(process.cmdline()), used)

    def parts(self) -> dict[str, float]:
        """Add processor seconds up by part."""
        total = dict.fromkeys([*PARTS, COMMAND], 0.0)
        for key, (part, used) in self.last.items():
            total[part] += used - self.first[key]
        return total


def part(words: Sequence[str]) -> str:
    """Tell by its first words what a process is; the engine's program may be a script of that name."""
    known = [part for part, names in PARTS.items() if any(word.endswith(names) for word in words[:5])]
    return known[0] if known else COMMAND


class CommandFailed(Exception):
    """A measured command ended with another exit code than 0: its times mean nothing."""


def run(command: Sequence[str], folder: Path, *, sample: bool = False) -> Run:
    """Run a command in a folder; with ``sample``, look at memory too, which costs the machine a little."""
    watch = _Watch(folder)
    out, err = folder / ".benchmark-out", folder / ".benchmark-err"
    with out.open("w") as stdout, err.open("w") as stderr:
        since, began = time.time(), time.perf_counter()
        process = psutil.Popen(list(command), cwd=folder, stdout=stdout, stderr=stderr, env=_environment())
        while sample and process.poll() is None:
            watch.look(process, since)
            time.sleep(INTERVAL)
        code = process.wait()
        seconds = time.perf_counter() - began
    finished = Run(seconds, watch.peak / 2**20, out.read_text(), err.read_text(), watch.parts())
    out.unlink()
    err.unlink()
    if code:
        raise CommandFailed(f"{' '.join(command)} ended with {code}:\n{finished.errors}")
    return finished


def _environment() -> dict[str, str]:
    """Leave the environment as it is, but for colours: what is measured is text."""
    return {**os.environ, "NO_COLOR": "1"}


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
