"""``seatrial evaluate``: what Kubernetes would decide about anybody's manifests, without a cluster."""

from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.cli import evaluate_scheduling, manifest_files
from seatrial.errors import Fault, UsageError

if TYPE_CHECKING:
    from seatrial.semantics.documents import Manifest
    from seatrial.semantics.network_policy import Cluster

app = typer.Typer(
    name="evaluate",
    help="Decide about manifests as Kubernetes would, without a cluster.",
    epilog="Example: seatrial evaluate pod-security --level restricted deployment.yaml",
    no_args_is_help=True,
)

app.command(epilog=evaluate_scheduling.EXAMPLE)(evaluate_scheduling.scheduling)

_FINDINGS = 1
"""Exit code of a command that found something."""

AsNodes = Annotated[
    bool,
    typer.Option(
        "--host-network-as-nodes",
        help="Take pods in the host's network for addresses of nodes, as Amazon's plugin does, not for pods.",
    ),
]


@app.command("pod-security", epilog="Example: kubectl get pods -A -o yaml | seatrial evaluate pod-security -")
def pod_security(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Manifests: files, folders with those below them; - is stdin."),
    ],
    *,
    level: Annotated[str, typer.Option("--level", help="privileged, baseline or restricted.")] = "restricted",
    version: Annotated[str, typer.Option("--version", help="Version of the standards: 1.28 to 1.37.")] = "latest",
) -> None:
    """Print a line for every violation of a Pod Security level; exit 1 when there is one."""
    from seatrial.semantics import workloads  # noqa: PLC0415 (lazy: see app)
    from seatrial.semantics.pod_security import decisions, of_fields  # noqa: PLC0415 (as above)

    deciding = decisions(level, version)
    faults: list[Fault] = []
    read = [(manifest, manifest.read(faults)) for manifest in manifest_files.of(sources, faults)]
    lines = [
        f"{manifest.source}: {_title(manifest)}: {violation.message}"
        for manifest, fields in read
        for violation in of_fields(fields, deciding)
    ]
    manifest_files.end(lines, faults)
    _summarize(len(lines), level, sum(workloads.pod(fields) is not None for _, fields in read))
    if lines:
        raise typer.Exit(_FINDINGS)


@app.command(epilog="Example: seatrial evaluate connections manifests")
def connections(
    source: manifest_files.Source,
    *,
    as_nodes: AsNodes = False,
) -> None:
    """Print every connection that NetworkPolicies allow between workloads and with the world outside."""
    from seatrial.semantics.network_policy import reachability  # noqa: PLC0415 (lazy: see app)

    for connection in reachability.of_cluster(_cluster(source, as_nodes=as_nodes)):
        typer.echo(str(connection))


@app.command(epilog="Example: seatrial evaluate explain manifests shop/web shop/db 5432/TCP")
def explain(
    source: manifest_files.Source,
    sender: Annotated[str, typer.Argument(metavar="SRC", help="A workload, namespace/name; or an address outside.")],
    receiver: Annotated[str, typer.Argument(metavar="DST", help="As SRC.")],
    port: Annotated[str, typer.Argument(metavar="PORT[/PROTO]", help="A port of DST; TCP unless it says UDP or SCTP.")],
    *,
    as_nodes: AsNodes = False,
) -> None:
    """Print which policies allow a connection, or isolate its ends; exit 1 when it can't pass."""
    from seatrial.cli import verdicts  # noqa: PLC0415 (lazy: see app)
    from seatrial.semantics import network_policy  # noqa: PLC0415 (as above)

    number, _, protocol = port.partition("/")
    if not number.isdecimal():
        raise UsageError(f"no port {number!r}", tip="write PORT or PORT/PROTO, such as 53/UDP")
    cluster = _cluster(source, as_nodes=as_nodes)
    found = network_policy.explain(cluster, sender, receiver, int(number), protocol or "TCP")
    for line in verdicts.of_connection(found):
        typer.echo(line)
    if not found.allowed:
        raise typer.Exit(_FINDINGS)


def _summarize(violations: int, level: str, judged: int) -> None:
    """Say how much was judged, beside the violations: nothing refused and nothing read would look the same."""
    found = f"{violations or 'no'} violation{'' if violations == 1 else 's'} of {level}"
    typer.echo(f"{found} in {judged} object{'' if judged == 1 else 's'} with pods", err=True)


def _cluster(source: str, *, as_nodes: bool) -> "Cluster":
    from seatrial.semantics.network_policy import HostNetwork, cluster  # noqa: PLC0415 (lazy: see app)

    faults: list[Fault] = []
    mode = HostNetwork.AS_NODES if as_nodes else HostNetwork.AS_PODS
    found = cluster.of_objects([manifest.read(faults) for manifest in manifest_files.of([source], faults)], mode)
    manifest_files.end([], faults)
    return found


def _title(manifest: "Manifest") -> str:
    from seatrial.semantics.fields import title  # noqa: PLC0415 (lazy: see app)

    return title(manifest.value, namespace="default")
