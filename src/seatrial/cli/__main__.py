"""Entry point of ``seatrial`` and ``python -m seatrial.cli``."""

import os
import sys
import threading

from seatrial.cli import app, edge

_GRACE = 5.0
"""Seconds in which a command that has ended must leave."""


def command() -> None:
    """Run :func:`main` as a process, which ends even where a thread waits for an engine that is gone."""
    try:
        main()
    except SystemExit as ended:
        leave = threading.Timer(_GRACE, os._exit, [ended.code if isinstance(ended.code, int) else 0])
        leave.daemon = True
        leave.start()
        raise


def main() -> None:
    """Run the command that ``sys.argv`` asks for, then exit with its code."""
    arguments = sys.argv[1:]
    with edge.reported(verbose="--verbose" in arguments):
        app.build(arguments)(args=arguments, prog_name="seatrial")


if __name__ == "__main__":
    command()
