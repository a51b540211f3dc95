"""Where faults become text and an exit code; nothing else prints errors or exits because of them."""

import errno
import os
import tempfile
import traceback
from collections.abc import Generator
from contextlib import contextmanager, suppress
from signal import SIGINT

import typer

from seatrial.errors import ConfigError, EnvironmentFault, Fault, SeatrialError

INTERNAL = 4
"""Exit code of a fault of seatrial itself."""

_TIPS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room there and run the command again; nothing is lost"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "give yourself the right to it, or run the command as its owner"),
    errno.EROFS: "it can only be read; work on a copy of the project in a folder that can be written",
    errno.ENAMETOOLONG: "move the project to a folder with a shorter path",
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "raise the limit of open files: ulimit -n"),
    **dict.fromkeys((errno.EPIPE, errno.EIO), "what the command writes to is closed; run it again"),
}
"""What a person can do about faults of the machine."""

_EXTRAS = "rehearsals and sweeps need more than a plan does: pip install 'seatrial[rehearsal,sweep]'"


@contextmanager
def reported(*, verbose: bool = False) -> Generator[None]:
    """Turn every exception of the block into a message on stderr and ``SystemExit``."""
    try:
        yield
    except KeyboardInterrupt:
        _tell("interrupted")
        raise SystemExit(128 + SIGINT) from None
    except Exception as fault:  # noqa: BLE001 (the edge: a bug becomes a message too)
        known = fault if isinstance(fault, SeatrialError) else _of_the_machine(fault)
        _tell(text(known) if known else _internal(fault, verbose=verbose))
        if known and verbose:
            _tell(traceback.format_exc())
        raise SystemExit(known.exit_code if known else INTERNAL) from None


def _tell(message: str) -> None:
    with suppress(OSError):  # a terminal that was closed, a pipe that nobody reads: the exit code still tells
        typer.echo(message, err=True)


def _of_the_machine(fault: Exception) -> EnvironmentFault | None:
    """Name what no program can do anything about, but a person can."""
    if isinstance(fault, ModuleNotFoundError) and not (fault.name or "seatrial").startswith("seatrial"):
        return EnvironmentFault(f"the Python package {fault.name} is not installed", tip=_EXTRAS)
    tip = _TIPS.get(fault.errno or 0) if isinstance(fault, OSError) else None
    if not isinstance(fault, OSError) or tip is None:
        return None
    where = f"{fault.filename}: " if fault.filename else ""
    return EnvironmentFault(f"{where}{fault.strerror}", tip=tip)


def text(fault: SeatrialError) -> str:
    """Say what a person needs to read: the fault, then what to do about it."""
    message = _configuration(fault) if isinstance(fault, ConfigError) else str(fault)
    tip = f"\nTIP: {fault.tip}" if fault.tip else ""
    return f"ERROR: {message}{tip}"


def _configuration(error: ConfigError) -> str:
    count = len(error.faults)
    where = f" in {error.source}" if error.source else " in the description of the platform"
    title = f"{count} fault{'s' if count != 1 else ''}{where}"
    return "\n\n".join([title, *map(_fault, error.faults)])


def _fault(fault: Fault) -> str:
    lines = [f"  {fault.path}", f"    found    {fault.found}", f"    allowed  {fault.allowed}"]
    if fault.hint:
        lines.append(f"    hint     {fault.hint}")
    return "\n".join(lines)


def _internal(fault: Exception, *, verbose: bool) -> str:
    summary = f"ERROR: seatrial failed: {type(fault).__name__}: {fault}"
    if verbose:
        return f"{summary}\n{traceback.format_exc()}"
    try:
        where = f"in {_written_traceback()}"
    except OSError:  # a full disk, no folder for temporary files
        where = f"that follows\n{traceback.format_exc()}"
    return f"{summary}\nTIP: this is a fault of seatrial; please report it with the traceback {where}"


def _written_traceback() -> str:
    handle, path = tempfile.mkstemp(prefix="seatrial-crash-", suffix=".txt")
    with os.fdopen(handle, "w") as file:
        file.write(traceback.format_exc())
    return path
