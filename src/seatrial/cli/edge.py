"""Where faults become text and an exit code; nothing else prints errors or exits because of them."""

import os
import tempfile
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from signal import SIGINT

import typer

from seatrial.errors import ConfigError, Fault, SeatrialError

INTERNAL = 4
"""Exit code of a fault of seatrial itself."""


@contextmanager
def reported(*, verbose: bool = False) -> Generator[None]:
    """Turn every exception of the block into a message on stderr and ``SystemExit``."""
    try:
        yield
    except SeatrialError as fault:
        typer.echo(text(fault), err=True)
        if verbose:
            typer.echo(traceback.format_exc(), err=True)
        raise SystemExit(fault.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        raise SystemExit(128 + SIGINT) from None
    except Exception as fault:  # noqa: BLE001 (the edge: a bug becomes a message too)
        typer.echo(_internal(fault, verbose=verbose), err=True)
        raise SystemExit(INTERNAL) from None


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
    return f"{summary}\nTIP: this is a fault of seatrial; please report it with the traceback in {_written_traceback()}"


def _written_traceback() -> str:
    handle, path = tempfile.mkstemp(prefix="seatrial-crash-", suffix=".txt")
    with os.fdopen(handle, "w") as file:
        file.write(traceback.format_exc())
    return path
