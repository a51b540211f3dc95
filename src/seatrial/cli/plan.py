"""``seatrial plan``: every resource, edge and output of a stack, without engine, cloud or credentials."""

import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.cli.files import write
from seatrial.cli.options import Output, Project, Stack, Verbose

if TYPE_CHECKING:
    from seatrial.plan import Plan

app = typer.Typer()


class Format(StrEnum):
    """How a plan is written."""

    TABLE = "table"
    JSON = "json"
    DOT = "dot"
    MERMAID = "mermaid"


class Drawing(StrEnum):
    """What is drawn of a plan."""

    ARCHITECTURE = "architecture"
    """Zones, subnets, groups, namespaces, and who may reach whom."""
    DEPENDENCIES = "dependencies"
    """Every resource, and what it waits for."""


@app.command(epilog="Examples: seatrial plan --stack prod | seatrial plan --format mermaid --draw dependencies")
def plan(  # noqa: PLR0913, PLR0917 (an argument for each option)
    stack: Stack = "dev",
    project: Project = Path(),
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the plan.")] = Format.TABLE,
    draw: Annotated[Drawing, typer.Option(help="What dot and mermaid draw.")] = Drawing.ARCHITECTURE,
    output: Output = None,
    verbose: Verbose = False,  # noqa: ARG001 (acts while it is parsed)
) -> None:
    """Show every resource and output of a stack; as JSON, every property and dependency too.

    Needs no engine, no cloud and no credentials: a fake AWS answers, and refuses what AWS's provider would.
    """
    from seatrial.cli.planned import load  # noqa: PLC0415 (a command imports what it runs when it runs)

    planned, _ = load(project, stack)
    for message in planned.messages:
        typer.echo(f"{message.severity}: {message.text}", err=True)
    if format_ in {Format.DOT, Format.MERMAID}:
        text = _drawn(planned, format_, draw)
    else:
        text = _rendered(planned, format_, is_screen=output is None and sys.stdout.isatty())
    if output is None:
        typer.echo(text, nl=False)
    else:
        write(text, output)


def _rendered(planned: "Plan", format_: Format, *, is_screen: bool) -> str:
    if format_ is Format.TABLE:
        from seatrial.plan.render import table  # noqa: PLC0415 (0.07 s that only this format needs)

        width = shutil.get_terminal_size().columns if is_screen else None
        return table.render(planned, width=width, color=is_screen)
    from seatrial.plan.render import document  # noqa: PLC0415 (as above)

    return document.render(planned)


def _drawn(planned: "Plan", format_: Format, drawing: Drawing) -> str:
    from seatrial.plan.render import dependencies, dot, mermaid  # noqa: PLC0415 (as above)
    from seatrial.report.architecture import diagram  # noqa: PLC0415 (as above)

    laid_out = (diagram if drawing is Drawing.ARCHITECTURE else dependencies).diagram(planned)
    return (dot if format_ is Format.DOT else mermaid).render(laid_out)
