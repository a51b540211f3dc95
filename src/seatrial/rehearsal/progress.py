"""What long work tells about itself; the command line decides how it looks."""

from typing import Protocol


class Progress(Protocol):
    """Receives what happens, phase by phase."""

    def begin(self, phase: str) -> None:
        """Start a phase of the work, such as ``building pulumi``."""
        ...

    def advance(self, done: int, total: int | None, current: str) -> None:
        """Say how far the phase is, of how much where that is known, and what it is at."""
        ...

    def note(self, text: str) -> None:
        """Tell something that stays to be read, outside of the phase's own line."""
        ...

    def end(self, result: str) -> None:
        """Finish the phase with its result."""
        ...


class Terse:
    """Passes on how work goes, but not what was found where."""

    def __init__(self, progress: Progress) -> None:
        """Tell ``progress``."""
        self.begin, self.advance, self.end = progress.begin, progress.advance, progress.end

    def note(self, text: str) -> None:
        """Ignore it."""


class Silent:
    """Tells nobody."""

    def begin(self, phase: str) -> None:
        """Ignore it."""

    def advance(self, done: int, total: int | None, current: str) -> None:
        """Ignore it."""

    def note(self, text: str) -> None:
        """Ignore it."""

    def end(self, result: str) -> None:
        """Ignore it."""
