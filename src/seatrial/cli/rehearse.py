"""``seatrial rehearse``: the platform, deployed by the real engine into an emulated account and a real Kubernetes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.cli.counts import changes, told
from seatrial.cli.options import Project, Stack, Verbose

if TYPE_CHECKING:
    from seatrial.rehearsal.deployment import Rehearsal
    from seatrial.rehearsal.state import StateFolder

app = typer.Typer(
    name="rehearse",
    help="Deploy the platform on this machine, by the real Pulumi engine, into an emulated AWS account with IAM "
    "enforced and a real Kubernetes control plane.",
    epilog="Example: seatrial rehearse up && seatrial rehearse test && seatrial rehearse down",
    no_args_is_help=True,
)

_HERE = Path()

OutputsFile = Annotated[
    Path | None,
    typer.Option("--outputs", metavar="FILE", help="The outputs file; cfn-outputs/flat-outputs.json by default."),
]

_TITLE_WIDTH = 12


@app.command(epilog="Examples: seatrial rehearse up | seatrial rehearse up --stack prod --refresh")
def up(
    *,
    stack: Stack = "dev",
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Report, then repair, what was changed behind the engine's back.")
    ] = False,
    outputs: OutputsFile = None,
    project: Project = _HERE,
    verbose: Verbose = False,  # noqa: ARG001 (its callback does the work)
) -> None:
    """Start the account where there is none, deploy the stack, write its outputs; a second time changes nothing.

    Interrupted at any moment, it goes on from there the next time.
    """
    from seatrial.rehearsal import deployment  # noqa: PLC0415 (lazy: see app)

    done = deployment.up(_rehearsal(project, stack), refresh=refresh, outputs_file=outputs)
    if refresh and not done.drift:
        typer.echo("drift: none")
    for change in done.drift:
        typer.echo(f"drift: {told(change)}")
    for change in done.changed:
        typer.echo(told(change))
    for chart in done.charts_not_rendered:
        typer.echo(f"chart not installed, its values checked: {chart}")
    operation = done.operation
    typer.echo(f"{stack} is up: {changes(operation.changes)}")
    typer.echo(f"{operation.resources} resources, {operation.seconds:.0f} s, outputs in {operation.outputs}")


@app.command("test", epilog="Example: seatrial rehearse test --outputs cfn-outputs/flat-outputs.json")
def accept(
    *,
    stack: Stack = "dev",
    outputs: OutputsFile = None,
    project: Project = _HERE,
    verbose: Verbose = False,  # noqa: ARG001 (its callback does the work)
) -> None:
    """Run the acceptance suite on the stack's outputs; exit 1 when a case fails."""
    from seatrial import acceptance  # noqa: PLC0415 (lazy: see app)

    report = acceptance.run(outputs or _outputs_file(project, stack))
    for line in acceptance.lines(report):
        typer.echo(line)
    if not report.passed:
        raise typer.Exit(1)


@app.command(epilog="Example: seatrial rehearse down --stack prod")
def down(
    *,
    stack: Stack = "dev",
    project: Project = _HERE,
    verbose: Verbose = False,  # noqa: ARG001 (its callback does the work)
) -> None:
    """Remove what was deployed, then the account and everything that the rehearsal keeps.

    Works from any state. Exit 1 when the engine left something in the account, or the cluster something that stood in
    its way: on AWS it would still be there.
    """
    from seatrial.rehearsal import deployment  # noqa: PLC0415 (lazy: see app)

    removed = deployment.down(_rehearsal(project, stack))
    if removed is None:
        typer.echo(f"{stack} is down: there was nothing to do")
        return
    for leftover in removed.swept:
        typer.echo(f"left by the cluster, swept: {leftover}")
    for leftover in removed.leftovers:
        typer.echo(f"left in the account: {leftover}")
    did = changes(removed.operation.changes) if removed.operation else "nothing had been deployed"
    typer.echo(f"{stack} is down: {did}")
    if removed.swept:
        typer.echo(f"on AWS it stands in the way of `pulumi destroy` until `seatrial sweep --stack {stack} --delete`")
    if removed.leftovers or removed.swept:
        raise typer.Exit(1)


@app.command(epilog="Example: seatrial rehearse status")
def status(
    *,
    stack: Stack = "dev",
    project: Project = _HERE,
    verbose: Verbose = False,  # noqa: ARG001 (its callback does the work)
) -> None:
    """Print how the rehearsal stands: its account and cluster, the engine, the last operation."""
    from seatrial.cli.status import rows  # noqa: PLC0415 (lazy: see app)
    from seatrial.rehearsal import status as statuses  # noqa: PLC0415 (as above)

    for title, text in rows(statuses.of(_state(project, stack)), stack):
        typer.echo(f"{title:<{_TITLE_WIDTH}}{text}")


@app.command(epilog='Example: eval "$(seatrial rehearse env --as dev)" && kubectl get pods --namespace dev')
def env(
    *,
    stack: Stack = "dev",
    who: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="NAME",
            help="Who to be: an administrator or a tenant of the description, stranger, deployer or root.",
        ),
    ] = "",
    project: Project = _HERE,
    verbose: Verbose = False,  # noqa: ARG001 (its callback does the work)
) -> None:
    """Print the shell's export lines for kubectl, Helm, the AWS CLI and SDKs to work on the rehearsal.

    As the administrator that the deployment enters the cluster as, unless --as names somebody else.
    """
    from seatrial.rehearsal import shell  # noqa: PLC0415 (lazy: see app)

    for line in shell.exports(_state(project, stack), stack, who=who):
        typer.echo(line)


def _rehearsal(project: Path, stack: str) -> "Rehearsal":
    from seatrial.cli import progress  # noqa: PLC0415 (lazy: see app)
    from seatrial.project import find_project  # noqa: PLC0415 (as above)
    from seatrial.rehearsal.deployment import Rehearsal  # noqa: PLC0415 (as above)
    from seatrial.rehearsal.state import folder_of  # noqa: PLC0415 (as above)

    found = find_project(project)
    state = folder_of(found.directory, stack)
    return Rehearsal(project=found, stack=stack, state=state, progress=progress.reporter())


def _state(project: Path, stack: str) -> "StateFolder":
    from seatrial.project import find_project  # noqa: PLC0415 (lazy: see app)
    from seatrial.rehearsal.state import folder_of  # noqa: PLC0415 (as above)

    return folder_of(find_project(project).directory, stack)


def _outputs_file(project: Path, stack: str) -> Path:
    from seatrial.project import find_project  # noqa: PLC0415 (lazy: see app)
    from seatrial.rehearsal import operations, outputs  # noqa: PLC0415 (as above)

    last = operations.last(_state(project, stack))
    return Path(last.outputs) if last and last.outputs else find_project(project).directory / outputs.DEFAULT
