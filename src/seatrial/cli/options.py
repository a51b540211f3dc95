"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer


def _log_to_stderr(wanted: bool) -> bool:
    if wanted:
        from seatrial.cli import logs  # noqa: PLC0415 (logging costs 10 ms that only this option needs)

        logs.to_stderr()
    return wanted


Stack = Annotated[
    str, typer.Option("--stack", "-s", metavar="NAME", help="The stack: it is described by Pulumi.NAME.yaml.")
]
"""Name of the stack; every command defaults it to ``dev``."""

Verbose = Annotated[
    bool, typer.Option("--verbose", callback=_log_to_stderr, help="Log what happens, and show tracebacks.")
]
"""Logs on stderr. The error edge shows tracebacks when the option is there."""

Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE instead of stdout.")]
"""Where a result goes; None means stdout."""

Project = Annotated[
    Path,
    typer.Option("--project", "-C", metavar="DIR", file_okay=False, help="The folder that holds Pulumi.yaml."),
]
"""Folder of the project; every command defaults it to the current one."""
