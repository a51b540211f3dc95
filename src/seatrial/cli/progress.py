"""Progress on stderr: a live line on a terminal, plain lines elsewhere."""

import sys
import time
from typing import TYPE_CHECKING

import typer

from seatrial.rehearsal.progress import Progress

if TYPE_CHECKING:
    from rich.status import Status

_INTERVAL = 10.0
"""Seconds between two lines about one phase where there is no terminal: enough to see that it lives."""


def reporter() -> Progress:
    """Choose by what stderr is."""
    return Live() if sys.stderr.isatty() else Lines()


class Lines:
    """Plain lines: when a phase begins, every few seconds, when it ends."""

    def __init__(self) -> None:
        self._phase = ""
        self._began = self._told = 0.0

    def begin(self, phase: str) -> None:
        """Print the phase."""
        self._phase, self._began = phase, time.monotonic()
        self._told = self._began
        _print(f"{phase} ...")

    def advance(self, done: int, total: int | None, current: str) -> None:
        """Print how far it is, unless that was just printed."""
        now = time.monotonic()
        if now - self._told >= _INTERVAL:
            self._told = now
            _print(f"  {amount(done, total)} after {elapsed(now - self._began)} {current}".rstrip())

    def note(self, text: str) -> None:
        """Print it."""
        _print(text)

    def end(self, result: str) -> None:
        """Print the phase with its result."""
        _print(f"{self._phase}: {result}")


class Live:
    """One line that changes while a phase goes on, and stays with its result."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 (only where there is a terminal)

        self._console = Console(stderr=True, highlight=False)
        self._status: Status | None = None
        self._phase = ""
        self._began = 0.0

    def begin(self, phase: str) -> None:
        """Show the phase."""
        self._close()
        self._phase, self._began = phase, time.monotonic()
        self._status = self._console.status(phase)
        self._status.start()

    def advance(self, done: int, total: int | None, current: str) -> None:
        """Show how far it is."""
        if self._status:
            since = elapsed(time.monotonic() - self._began)
            self._status.update(f"{self._phase} [bold]{amount(done, total)}[/bold] {since} [dim]{current}[/dim]")

    def note(self, text: str) -> None:
        """Print it above the line."""
        self._console.print(text, markup=False)

    def end(self, result: str) -> None:
        """Leave the phase with its result."""
        self._close()
        self._console.print(f"{self._phase}: {result}", markup=False)

    def _close(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None


def amount(done: int, total: int | None) -> str:
    """Write how far something is: ``12/40``, or ``12`` where the end isn't known."""
    return str(done) if total is None or done > total else f"{done}/{total}"


def elapsed(seconds: float) -> str:
    """Write a duration: ``42 s``, ``3 min 05 s``."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _print(text: str) -> None:
    typer.echo(text, err=True)
