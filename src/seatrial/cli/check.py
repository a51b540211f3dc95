"""``seatrial check``: every control over the plan of a stack, without engine, cloud or credentials."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.cli.files import write
from seatrial.cli.options import Output, Project, Stack
from seatrial.errors import ConfigError, Fault
from seatrial.report import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatrial.config import Platform
    from seatrial.plan import Plan
    from seatrial.rules import Outcome

app = typer.Typer()

_FAILED = 1
"""Exit code when there are findings."""


@app.command(
    epilog="Examples: seatrial check --rule CP-01 --verbose | seatrial check --format html --output check.html"
)
def check(  # noqa: PLR0913, PLR0917 (an argument for each option)
    stack: Stack = "dev",
    project: Project = Path(),
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write what was found.")] = Format.TEXT,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", "-r", metavar="ID", help="Only this rule; again for more of them.")
    ] = None,
    output: Output = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the evidence of every rule, too.")] = False,
) -> None:
    """Prove the plan of a stack against every control.

    Exits with 1 when something is wrong that no waiver covers. What only a deployment can tell counts as wrong.
    """
    from seatrial.plan import lazy_sdk  # noqa: PLC0415 (a command imports what it runs when it runs)

    # Before anything imports Pulumi's SDK.
    lazy_sdk.install()
    planned, outcome = _checked(project, stack, rule or ())
    text = _rendered(outcome, planned, format_, is_file=output is not None, verbose=verbose)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write(text, output)
        typer.echo(_summary(outcome), err=True)
    if outcome.findings:
        raise typer.Exit(_FAILED)


def _checked(folder: Path, stack: str, ids: "Sequence[str]") -> "tuple[Plan, Outcome]":
    from seatrial import plan, rules  # noqa: PLC0415 (as above)
    from seatrial.config import load_platform  # noqa: PLC0415 (as above)
    from seatrial.project import find_project  # noqa: PLC0415 (as above)

    wanted = rules.chosen(ids)
    project = find_project(folder)
    file = project.stack_file(stack)
    platform = load_platform(file)
    _know_waived(platform, file)
    planned = plan.of_project(project, stack, platform)
    today = datetime.now(UTC).date()
    return planned, rules.check(planned, wanted, today=today, waivers=platform.waivers)


def _know_waived(platform: "Platform", file: Path) -> None:
    """Refuse waivers of rules that there aren't: they would cover nothing, and nobody would see."""
    from seatrial.rules import catalogue  # noqa: PLC0415 (as above)

    known = catalogue.ids()
    faults = [
        Fault(f"waivers[{index}].rule", waiver.rule, "the id of a rule", catalogue.near(waiver.rule).lstrip("; "))
        for index, waiver in enumerate(platform.waivers)
        if waiver.rule not in known
    ]
    if faults:
        raise ConfigError(faults, str(file))


def _rendered(outcome: "Outcome", planned: "Plan", format_: Format, *, is_file: bool, verbose: bool) -> str:
    if format_ is not Format.TEXT:
        from seatrial import report  # noqa: PLC0415 (as above)

        return report.render(outcome, planned, format_)
    from seatrial.report import text  # noqa: PLC0415 (as above)

    width = shutil.get_terminal_size((120, 0)).columns
    return text.render(outcome, width=width, verbose=verbose, color=not is_file and sys.stdout.isatty())


def _summary(outcome: "Outcome") -> str:
    from seatrial.report import wording  # noqa: PLC0415 (as above)

    return f"{wording.subject(outcome)}: {wording.summary(outcome)}"
