"""``seatrial export``: a plan in the forms that other programs read."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.cli.files import write
from seatrial.cli.options import Output, Project, Stack, Verbose

if TYPE_CHECKING:
    from seatrial.plan import Plan

app = typer.Typer(
    name="export",
    help="Write a plan in a form that other programs read.",
    epilog="Example: seatrial export manifests --stack prod | seatrial evaluate pod-security -",
    no_args_is_help=True,
)


@app.command(epilog="Example: seatrial export manifests --stack prod --output manifests.yaml")
def manifests(
    stack: Stack = "dev",
    project: Project = Path(),
    output: Output = None,
    verbose: Verbose = False,  # noqa: ARG001 (acts while it is parsed)
) -> None:
    """Write every Kubernetes object of a plan as YAML, secrets hidden, charts in comments."""
    from seatrial.cli import planned  # noqa: PLC0415 (lazy: see app)

    plan, _ = planned.load(project, stack)
    from seatrial.export import manifests as exported  # noqa: PLC0415 (as above)

    _write(exported.render, plan, output)


@app.command(epilog="Example: seatrial export tfplan --output tfplan.json && checkov --file tfplan.json")
def tfplan(
    resolved: Annotated[
        bool,
        typer.Option("--resolved", help="Fill in what only a deployment can tell with the stand-ins of the plan."),
    ] = False,
    stack: Stack = "dev",
    project: Project = Path(),
    output: Output = None,
    verbose: Verbose = False,  # noqa: ARG001 (acts while it is parsed)
) -> None:
    """Write the AWS resources of a plan as Terraform's JSON does, secrets hidden.

    What only a deployment can tell is marked as unknown, as Terraform does before it has made anything.
    """
    from seatrial.cli import planned  # noqa: PLC0415 (lazy: see app)

    plan, _ = planned.load(project, stack, preview=not resolved)
    from seatrial.export import terraform  # noqa: PLC0415 (as above)

    _write(terraform.render, plan, output)


def _write(render: "Callable[[Plan], str]", plan: "Plan", output: Path | None) -> None:
    text = render(plan)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write(text, output)
