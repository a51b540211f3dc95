"""Runs a program that ends with its parent and leaves a record while it lives.

::

    python -I tether.py RECORDS NAME PARENT PROGRAM [ARGUMENT ...]

Becomes the program after writing ``RECORDS/NAME-PID.json``. Where the system can (Linux), the program is killed the
moment the process that started it dies; elsewhere whoever comes next ends it by its record. A Ctrl-C in the terminal
doesn't reach it: its parent says when to stop.

Kept apart from the package's other modules because it runs before every engine and provider: it imports nothing that
takes time.
"""

import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Record this process, tie it to its parent, become the program."""
    records, name, parent, *command = sys.argv[1:]
    _record(Path(records), name)
    _tie_to(int(parent))
    _leave_terminal()
    os.execvp(command[0], command)  # noqa: S606 (the point of this program)


def _record(folder: Path, name: str) -> None:
    itself = psutil.Process()
    started = itself.create_time() - psutil.boot_time()
    content = json.dumps({"name": name, "pid": itself.pid, "started": started})
    staging = folder / f".{name}-{itself.pid}"
    staging.write_text(content)
    staging.replace(folder / f"{name}-{itself.pid}.json")


def _tie_to(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        raise SystemExit(128 + signal.SIGKILL)


def _leave_terminal() -> None:
    with suppress(PermissionError):  # it leads a process group already: the engine starts its providers so
        os.setsid()


if __name__ == "__main__":  # pragma: no cover (becomes another program, which ends the measuring)
    main()
