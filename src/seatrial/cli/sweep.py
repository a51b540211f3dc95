"""``seatrial sweep``: what a cluster has left in its AWS account, told, and deleted when asked."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.cli.files import write
from seatrial.cli.options import Output, Project, Stack, Verbose
from seatrial.errors import UsageError
from seatrial.ownership import Kind

if TYPE_CHECKING:
    from seatrial.sweep import Found, Swept

app = typer.Typer()

_LEFT = 1
"""Exit code when something is left over."""

_PATIENCE = 300
"""Seconds: a load balancer's interfaces take a minute or two to go, an instance as long."""


_KINDS = ", ".join(Kind)


class Format(StrEnum):
    """How to write what was found."""

    TEXT = "text"
    JSON = "json"


@app.command(epilog="Examples: seatrial sweep --stack prod | seatrial sweep --stack prod --delete --only volume")
def sweep(  # noqa: PLR0913 (an argument for each option)
    *,
    stack: Stack = "dev",
    project: Project = Path(),
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete what is left, except volumes and snapshots.")
    ] = False,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="With --delete: volumes and snapshots, too, and the data in them.")
    ] = False,
    only: Annotated[
        list[Kind] | None,
        typer.Option("--only", metavar="KIND", help=f"Look for this kind alone; may be given again. Kinds: {_KINDS}."),
    ] = None,
    cluster: Annotated[
        str, typer.Option("--cluster", metavar="NAME", help="A cluster of that name; the stack's own by default.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before deleting.")] = False,
    timeout: Annotated[
        int, typer.Option("--timeout", metavar="SECONDS", min=0, help="How long to wait for what is still in use.")
    ] = _PATIENCE,
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write what was found.")] = Format.TEXT,
    output: Output = None,
    verbose: Verbose = False,  # noqa: ARG001 (its callback does the work)
) -> None:
    """Tell what a stack's cluster has left in its AWS account: interfaces, load balancers, volumes, groups, logs.

    Asks AWS, with the AWS CLI's credentials, for what carries the cluster's marks.

    Deletes nothing without --delete, and nothing while the cluster is there.

    Exits with 1 when something is left over.
    """
    from seatrial.cli import leftovers  # noqa: PLC0415 (lazy: see app)

    _check_asked(delete=delete, with_data=with_data)
    kinds = tuple(only or Kind)
    found = _found(project, stack, cluster, kinds)
    swept = None
    if delete and found.leftovers:
        deletable = [kind for kind in kinds if with_data or not kind.holds_data]
        _agree(found, deletable, stack, yes=yes)
        swept = _swept(found, deletable, timeout)
    command = f"seatrial sweep --stack {stack}{f' --cluster {cluster}' if cluster else ''}"
    _show(leftovers.written(found, swept, command, is_json=format_ is Format.JSON), output)
    if leftovers.remain(found, swept):
        raise typer.Exit(_LEFT)


def _check_asked(*, delete: bool, with_data: bool) -> None:
    if with_data and not delete:
        raise UsageError("--with-data says what --delete may delete", tip="add --delete, or leave --with-data out")


def _found(folder: Path, stack: str, cluster: str, kinds: Sequence[Kind]) -> "Found":
    from seatrial import names  # noqa: PLC0415 (lazy: see app)
    from seatrial import sweep as sweeping  # noqa: PLC0415 (as above)
    from seatrial.config import load_platform  # noqa: PLC0415 (as above)
    from seatrial.project import find_project  # noqa: PLC0415 (as above)

    platform = load_platform(find_project(folder).stack_file(stack))
    name = cluster or names.cluster(platform.environment_suffix)
    return sweeping.look(sweeping.enter(platform.region), name, kinds)


def _agree(found: "Found", kinds: Sequence[Kind], stack: str, *, yes: bool) -> None:
    """Let a person see what would be deleted, and say so; refuse while the cluster is there."""
    if found.status:
        raise UsageError(
            f"{found.cluster} is {found.status}: what its controllers made is in use",
            tip=f"pulumi destroy --stack {stack}; sweep when the cluster is gone",
        )
    doomed = [each for each in found.leftovers if each.kind in kinds]
    if yes or not doomed:
        return
    if not sys.stdin.isatty():
        raise UsageError("--delete asks before it deletes, and there is no terminal to ask at", tip="add --yes")
    from seatrial.cli import leftovers  # noqa: PLC0415 (lazy: see app)

    for line in leftovers.listed(doomed):
        typer.echo(line, err=True)
    account = f"account {found.account.id}, {found.account.region}"
    typer.confirm(f"delete these from {account}, for ever?", abort=True, err=True)


def _swept(found: "Found", kinds: Sequence[Kind], timeout: int) -> "Swept":
    from seatrial import sweep as sweeping  # noqa: PLC0415 (lazy: see app)
    from seatrial.cli import progress  # noqa: PLC0415 (as above)

    reporter = progress.reporter()
    reporter.begin("sweeping")
    patience = sweeping.Patience(seconds=timeout)
    swept = sweeping.sweep(found.account, found.cluster, kinds, patience, reporter.advance)
    reporter.end("done")
    return swept


def _show(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
    else:
        write(text, output)
