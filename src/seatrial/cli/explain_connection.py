"""``seatrial explain connection``: whether the policies of a plan let a connection pass, and which decide."""

from pathlib import Path
from typing import Annotated

import typer

from seatrial.cli.options import Project, Stack, Verbose
from seatrial.errors import UsageError

EXAMPLE = "Example: seatrial explain connection 'dev/*' kube-system/coredns:53/udp"

_DENIED = 1


def connection(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FROM",
            help="namespace/workload of the plan, namespace/key=value for a pod with that label, namespace/* for any"
            " pod; or an address, or a CIDR block.",
        ),
    ],
    destination: Annotated[
        str, typer.Argument(metavar="TO:PORT[/udp]", help="As FROM; TCP unless it says udp or sctp.")
    ],
    *,
    stack: Stack = "dev",
    project: Project = Path(),
    verbose: Verbose = False,  # noqa: ARG001 (acts while it is parsed)
) -> None:
    """Tell whether network policies let a connection pass, and what Amazon's plugin makes of it; exit 1 if not."""
    end, port, protocol = _end(destination)
    from seatrial.cli import planned, verdicts  # noqa: PLC0415 (lazy: see app)

    plan, _ = planned.load(project, stack)
    from seatrial.cli.planned_network import Network  # noqa: PLC0415 (as above)

    answer = Network(plan).answer(source, end, port, protocol)
    for line in verdicts.of_connection(answer.explanation, answer.unknown):
        typer.echo(line)
    for remark in answer.remarks:
        typer.echo(f"  on EKS: {remark}")
    if answer.unknown or not answer.explanation.allowed:
        raise typer.Exit(_DENIED)


def _end(text: str) -> tuple[str, int, str]:
    name, _, rest = text.rpartition(":")
    port, _, protocol = rest.partition("/")
    if not (name and port.isdecimal()):
        raise UsageError(f"no port in {text!r}", tip="write TO:PORT or TO:PORT/udp, such as kube-system/coredns:53/udp")
    is_bracketed = name.startswith("[")
    return name[1:-1] if is_bracketed else name, int(port), protocol or "TCP"
