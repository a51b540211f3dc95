"""Everything that seatrial raises on purpose.

::

    SeatrialError
    ├── ConfigError        the description of the platform is wrong (exit 2)
    ├── UsageError         the command was asked for something it can't do (exit 2)
    └── EnvironmentFault   the machine lacks something: a tool, a port, a lock (exit 3)
        └── ...            subclasses live beside what raises them
    DeploymentFailed       the engine or the account refused; the state is kept (exit 1)

``cli`` turns each into a message and an exit code; nothing below it prints or exits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class SeatrialError(Exception):
    """Root of the tree: a fault that a person can do something about."""

    exit_code = 4
    """What the command line exits with when this reaches it."""

    def __init__(self, message: str = "", *, tip: str = "") -> None:
        """Keep the message, and what to do about it when that isn't obvious."""
        self.tip = tip
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the description."""

    path: str
    """Where, as in the stack file: ``nodeGroups.spot.minSize``."""
    found: str
    """What stands there, printed as YAML would; ``(missing)`` when nothing does."""
    allowed: str
    """What may stand there."""
    hint: str = ""
    """What to do, when it isn't obvious: a near miss, a command, a link."""


class ConfigError(SeatrialError):
    """The description of the platform is wrong: every fault at once."""

    exit_code = 2

    def __init__(self, faults: Sequence[Fault], source: str = "") -> None:
        """Keep the faults; ``source`` names the file that they are in."""
        self.faults = tuple(faults)
        self.source = source
        super().__init__("\n".join(_line(fault) for fault in self.faults))


def _line(fault: Fault) -> str:
    text = f"{fault.path}: found {fault.found}; allowed: {fault.allowed}"
    return f"{text} ({fault.hint})" if fault.hint else text


_LISTED_MOST = 10


def listed(words: Iterable[str]) -> str:
    """Write the words that are allowed, or there: of many the first ten, and how many more there are."""
    every = list(words)
    more = len(every) - _LISTED_MOST
    return ", ".join(every) if more <= 0 else f"{', '.join(every[:_LISTED_MOST])} and {more} more"


class UsageError(SeatrialError):
    """The command was asked for something that it can't do."""

    exit_code = 2


class EnvironmentFault(SeatrialError):
    """The machine lacks something that the command needs."""

    exit_code = 3


class DeploymentFailed(SeatrialError):
    """The engine or the account refused; what was made so far is in the state."""

    exit_code = 1
