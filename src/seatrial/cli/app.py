"""The command tree.

A command's module is imported when the command is asked for, and imports what it runs inside its function: ``plan``
waits neither for the Automation API nor for the AWS SDK.
"""

import importlib
from collections.abc import Sequence
from typing import Annotated

import typer

from seatrial.cli.options import Verbose

COMMANDS = ("plan", "check", "rules", "evaluate", "explain", "export", "rehearse", "sweep", "schema", "toolchain")
"""Modules of this package that hold commands, in the order of ``--help``; each offers a Typer called ``app``."""

_EXIT_CODES = "Exit codes: 0 fine, 1 findings or failed, 2 usage or configuration, 3 environment, 4 internal."


def build(arguments: Sequence[str] = ()) -> typer.Typer:
    """Build the application with the command that the arguments name, or with all of them when they name none."""
    root = typer.Typer(
        name="seatrial",
        help="A production Amazon EKS platform, proven before it touches AWS.",
        epilog=_EXIT_CODES,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    root.callback()(_root)
    for name in _wanted(arguments):
        commands: typer.Typer = importlib.import_module(f"seatrial.cli.{name}").app
        root.add_typer(commands)
    return root


def _wanted(arguments: Sequence[str]) -> Sequence[str]:
    first = next((argument for argument in arguments if not argument.startswith("-")), "")
    return (first,) if first in COMMANDS else COMMANDS


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 (30 ms that only this option needs)

        typer.echo(f"seatrial {version('seatrial')}")
        raise typer.Exit


def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    pass
