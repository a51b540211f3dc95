"""The running processes of a control plane, each with a record and a log."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from seatrial.rehearsal import processes
from seatrial.rehearsal.control_plane.blueprint import Folder
from seatrial.rehearsal.control_plane.programs import Program

GRACE = 5.0
"""Seconds that processes get to end in good order."""

LOG_LIMIT = 5_000_000
"""Bytes of a log that are kept: one that has grown beyond starts anew."""

_LINES_TOLD = 8
"""Last lines of a log that tell why its process ended."""

_LINE_LENGTH = 400
"""Characters of such a line."""


@dataclass(frozen=True, slots=True)
class _Member:
    program: Program
    process: "subprocess.Popen[bytes]"


@dataclass(slots=True)
class Crew:
    """Starts processes and ends them all. Only one thread may use it, and must live as long as they do.

    The system ends a process when the *thread* that started it ends.
    """

    folder: Folder
    """Where records and logs go."""

    _members: list[_Member] = field(default_factory=list[_Member])

    def start(self, programs: Sequence[Program]) -> None:
        """Start processes that end with this one."""
        self._members += [_Member(program, self._started(program)) for program in programs]

    def ended(self) -> str:
        """Say which process has ended and why; empty while all run."""
        for member in self._members:
            code = member.process.poll()
            if code is not None:
                return f"{member.program.name} ended {_how(code)}{_last_lines(self._log(member.program))}"
        return ""

    def trim(self) -> None:
        """Empty the logs that have grown too large."""
        for member in self._members:
            log = self._log(member.program)
            if log.stat().st_size > LOG_LIMIT:
                os.truncate(log, 0)

    def end(self) -> None:
        """End all, those that use others first: in good order, by force after a while."""
        deadline = time.monotonic() + GRACE
        # One after the other: kube-apiserver would wait for an etcd that is gone.
        for member in reversed(self._members):
            member.process.terminate()
            _await_end(member.process, deadline)
        self._members.clear()
        processes.kill(self.folder.processes)

    def _started(self, program: Program) -> "subprocess.Popen[bytes]":
        command = processes.tethered(self.folder.processes, program.name, program.command, parent=str(os.getpid()))
        with self._new_log(program) as log:
            return subprocess.Popen(  # noqa: S603 (our own arguments)
                command,
                cwd=self.folder.root,
                env=_environment(self.folder.root),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _new_log(self, program: Program) -> BinaryIO:
        log = self._log(program)
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        # Appended to, so that the file can be emptied while the process writes to it.
        return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def _log(self, program: Program) -> Path:
        return self.folder.logs / f"{program.name}.log"


def _environment(home: Path) -> dict[str, str]:
    """Leave out all that is the caller's own: etcd takes settings from ``ETCD_*``, others from the home folder."""
    return {"HOME": str(home), "PATH": os.defpath}


def _await_end(process: "subprocess.Popen[bytes]", deadline: float) -> None:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _how(code: int) -> str:
    return f"with exit code {code}" if code >= 0 else f"by signal {-code}"


def _last_lines(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    # A Go program that panics says why, and then where each of its threads was.
    said = [line for line in takewhile(lambda line: not line.startswith("goroutine "), lines) if line]
    return "".join(f"\n  {line[:_LINE_LENGTH]}" for line in said[-_LINES_TOLD:])
