"""``seatrial toolchain``: the real tools that a rehearsal runs."""

import typer

from seatrial.cli.options import Verbose

app = typer.Typer(
    name="toolchain",
    help="Find, or build, the real tools that a rehearsal runs.",
    epilog="Example: seatrial toolchain status",
    no_args_is_help=True,
)


@app.command(epilog="Example: seatrial toolchain build")
def build(*, verbose: Verbose = False) -> None:  # noqa: ARG001 (its callback does the work)
    """Find every tool, or build it from what pins it: a Go module, or Python packages with their hashes.

    Looks in the folders that SEATRIAL_TOOLCHAIN and KUBEBUILDER_ASSETS name, on PATH, then among those built earlier.

    Building all of them needs Go and takes about a quarter of an hour on two cores; what is built is kept.
    """
    from seatrial.cli import progress  # noqa: PLC0415 (lazy: see app)
    from seatrial.rehearsal import interrupts, toolchain  # noqa: PLC0415 (as above)

    with interrupts.reported("run it again: what is built stays, and Go goes on where it stopped"):
        reporter = progress.reporter()
        missing = [tool for tool in toolchain.TOOLS if toolchain.find(tool).found is None]
        for tool in toolchain.TOOLS:
            if tool in missing:
                reporter.note(f"to be built, {missing.index(tool) + 1} of {len(missing)}: {tool.name}")
            typer.echo(toolchain.provide(tool, reporter))


@app.command(epilog="Example: seatrial toolchain status")
def status(*, verbose: Verbose = False) -> None:  # noqa: ARG001 (its callback does the work)
    """Print which tools a rehearsal would use; exit 3 when one is missing and would be built."""
    from seatrial.rehearsal import toolchain  # noqa: PLC0415 (lazy: see app)

    searches = [(tool, toolchain.find(tool)) for tool in toolchain.TOOLS]
    for tool, search in searches:
        for refusal in search.refused:
            typer.echo(f"not used: {refusal}", err=True)
        typer.echo(search.found or f"{tool.name}: not there; `seatrial toolchain build` builds it")
    if any(search.found is None for _, search in searches):
        raise typer.Exit(3)
