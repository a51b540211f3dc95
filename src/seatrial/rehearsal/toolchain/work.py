"""Commands that take long: what they say is told, and they end with this command."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LINES_KEPT = 15
"""Last lines of a failed command that its message shows."""

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    """Its exit code."""

    said: list[str]
    """All that it said, line by line."""

    def failure(self, what: str) -> str:
        """Say that something failed, with the last lines."""
        return "\n".join([f"{what} failed:", *self.said[-_LINES_KEPT:]])


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], tell: Callable[[list[str]], None]
) -> Done:
    """Run a command to its end; ``tell`` gets all lines so far with every new one."""
    said: list[str] = []
    process = subprocess.Popen(  # noqa: S603 (our own arguments)
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        process_group=0,  # Ctrl-C reaches this command alone, which then ends that one with all it started
    )
    with process:
        try:
            for line in process.stdout or ():
                said.append(line.rstrip())
                tell(said)
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise
    return Done(process.returncode, said)


def duration(seconds: int) -> str:
    """Say about how long something takes: ``about 4 minutes``, ``less than a minute``."""
    minutes = -(-seconds // _MINUTE)
    return f"about {minutes} minutes" if minutes > 1 else "about a minute"
