"""What the engine prints: kept in a file, its last lines at hand, turned into a failure that a person can read."""

from collections import deque
from pathlib import Path
from typing import Self

from seatrial.errors import DeploymentFailed
from seatrial.rehearsal.account import client
from seatrial.rehearsal.events import Diagnosis, Watch

_LINES_KEPT = 12
"""Last lines that a failure without diagnosis shows."""


class EngineFailed(DeploymentFailed):
    """The engine ended without success."""

    def __init__(self, message: str, *, tip: str, watch: Watch) -> None:
        """Keep what the engine did until then, for the next operation."""
        self.watch = watch
        super().__init__(message, tip=tip)


class EngineLog:
    """The output of one operation."""

    def __init__(self, path: Path) -> None:
        """Write to ``path``, in place of what an earlier operation of that name left."""
        self.path = path
        self._file = path.open("w", encoding="utf-8")
        self._last: deque[str] = deque(maxlen=_LINES_KEPT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __call__(self, line: str) -> None:
        """Take in one line."""
        self._last.append(line)
        self._file.write(f"{line}\n")

    def failure(self, watch: Watch, account: Path) -> EngineFailed:
        """Say what went wrong: the account ended, a provider said so, or else the engine's last words."""
        said = [line for diagnosis in watch.diagnoses for line in _told(diagnosis)]
        title = "the engine could not finish:" if said else "the engine ended unexpectedly:"
        message = "\n".join([title, *(said or self._last)])
        if not client.is_running(account):
            words = client.last_words(account)
            message = f"the emulated account ended while the engine worked on it{f': {words}' if words else ''}"
        return EngineFailed(message, tip=_tip(self.path), watch=watch)


def _told(diagnosis: Diagnosis) -> list[str]:
    lines = diagnosis.message.splitlines()
    if not diagnosis.resource:
        return [f"  {line}" for line in lines]
    return [f"  {diagnosis.resource}", *(f"    {line}" for line in lines)]


def _tip(path: Path) -> str:
    return (
        "what was made so far is in the state: `seatrial rehearse up` goes on from there, "
        f"`seatrial rehearse down` removes it; everything the engine said is in {path}"
    )
