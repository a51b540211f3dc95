"""``seatrial evaluate``: what Kubernetes would decide about anybody's manifests, without a cluster."""

from pathlib import Path
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
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Manifests in YAML or JSON; - is stdin.")],
    *,
    level: Annotated[str, typer.Option("--level", help="privileged, baseline or restricted.")] = "restricted",
    version: Annotated[str, typer.Option("--version", help="Version of the standards: 1.28 to 1.37.")] = "latest",
) -> None:
    """Print a line for every violation of a Pod Security level; exit 1 when there is one."""
    from seatrial.semantics.pod_security import decisions, of_fields  # noqa: PLC0415 (lazy: see app)

    deciding = decisions(level, version)
    faults: list[Fault] = []
    lines = [
        f"{manifest.source}: {_title(manifest)}: {violation.message}"
        for manifest in manifest_files.parsed(files, faults)
        for violation in of_fields(manifest.read(faults), deciding)
    ]
    manifest_files.end(lines, faults)
    if lines:
        raise typer.Exit(_FINDINGS)


@app.command(epilog="Example: seatrial evaluate connections manifests")
def connections(
    folder: manifest_files.Folder,
    *,
    as_nodes: AsNodes = False,
) -> None:
    """Print every connection that NetworkPolicies allow between workloads and with the world outside."""
    from seatrial.semantics.network_policy import reachability  # noqa: PLC0415 (lazy: see app)

    for connection in reachability.of_cluster(_cluster(folder, as_nodes=as_nodes)):
        typer.echo(str(connection))


@app.command(epilog="Example: seatrial evaluate explain manifests shop/web shop/db 5432/TCP")
def explain(
    folder: manifest_files.Folder,
    source: Annotated[str, typer.Argument(metavar="SRC", help="A workload, namespace/name; or an address outside.")],
    destination: Annotated[str, typer.Argument(metavar="DST", help="As SRC.")],
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
    cluster = _cluster(folder, as_nodes=as_nodes)
    found = network_policy.explain(cluster, source, destination, int(number), protocol or "TCP")
    for line in verdicts.of_connection(found):
        typer.echo(line)
    if not found.allowed:
        raise typer.Exit(_FINDINGS)


def _cluster(folder: Path, *, as_nodes: bool) -> "Cluster":
    from seatrial.semantics.network_policy import HostNetwork, cluster  # noqa: PLC0415 (lazy: see app)

    faults: list[Fault] = []
    mode = HostNetwork.AS_NODES if as_nodes else HostNetwork.AS_PODS
    found = cluster.of_objects([manifest.read(faults) for manifest in manifest_files.below(folder, faults)], mode)
    manifest_files.end([], faults)
    return found


def _title(manifest: "Manifest") -> str:
    from seatrial.semantics.fields import title  # noqa: PLC0415 (lazy: see app)

    return title(manifest.value, namespace="default")
