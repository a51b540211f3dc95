"""The program of a project, run as ``pulumi up`` runs it: in its folder, as a script."""

import contextlib
import os
import runpy
import sys
import traceback
from collections.abc import Generator
from pathlib import Path

from seatrial.errors import SeatrialError


class ProgramFailed(SeatrialError):
    """The project's own program raised something, or ended by itself."""

    exit_code = 2


def run(file: Path) -> None:
    """Run a program, which registers resources and exports outputs.

    What it prints goes to stderr: stdout is for what a command was asked for.

    Raises:
        ProgramFailed: It ended with an exit code. Whatever else it raises comes out as it is.

    """
    with _in_folder(file.parent), contextlib.redirect_stdout(sys.stderr):
        try:
            runpy.run_path(str(file), run_name="__main__")
        except SystemExit as ended:
            if ended.code:
                raise ProgramFailed(f"{file} ended with exit code {ended.code}") from ended


@contextlib.contextmanager
def _in_folder(folder: Path) -> Generator[None]:
    """Let the program find its files and modules where Pulumi lets it find them."""
    before = Path.cwd()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        os.chdir(before)


@contextlib.contextmanager
def reported(file: Path) -> Generator[None]:
    """Turn what a program raises into a message that says where in its files; seatrial's own faults stay as they are.

    Raises:
        ProgramFailed: The program, or what it called, raised an exception.

    """
    try:
        yield
    except SeatrialError:
        raise
    except Exception as fault:
        place = _place(fault, file.parent)
        if place is None:
            raise
        tip = "mend the program; `pulumi preview` would fail alike"
        raise ProgramFailed(f"{place}: {type(fault).__name__}: {fault}", tip=tip) from fault


def _place(fault: Exception, folder: Path) -> str | None:
    """Give the last line of the project's own files that the exception went through."""
    if isinstance(fault, SyntaxError) and fault.filename:
        return f"{fault.filename}:{fault.lineno}"
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder) and _is_own(frame.filename, folder)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else None


def _is_own(file: str, folder: Path) -> bool:
    """Leave out what is installed below the folder."""
    return "site-packages" not in Path(file).relative_to(folder).parts
