"""``seatrial evaluate``: what Kubernetes would decide about anybody's manifests, without a cluster."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.errors import ConfigError, Fault, UsageError

if TYPE_CHECKING:
    from seatrial.semantics.documents import Manifest
    from seatrial.semantics.network_policy import Cluster

app = typer.Typer(
    name="evaluate",
    help="Decide about manifests as Kubernetes would, without a cluster.",
    epilog="Example: seatrial evaluate pod-security --level restricted deployment.yaml",
    no_args_is_help=True,
)

_STDIN = "-"
_SUFFIXES = frozenset({".json", ".yaml", ".yml"})
_FINDINGS = 1
"""Exit code of a command that found something."""

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR", exists=True, file_okay=False, help="The folder of the manifests, read with its own folders."
    ),
]

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
        for manifest in _manifests(files, faults)
        for violation in of_fields(manifest.read(faults), deciding)
    ]
    _end(lines, faults)
    if lines:
        raise typer.Exit(_FINDINGS)


@app.command(epilog="Example: seatrial evaluate connections manifests")
def connections(
    folder: Folder,
    *,
    as_nodes: AsNodes = False,
) -> None:
    """Print every connection that NetworkPolicies allow between workloads and with the world outside."""
    from seatrial.semantics.network_policy import reachability  # noqa: PLC0415 (lazy: see app)

    for connection in reachability.of_cluster(_cluster(folder, as_nodes=as_nodes)):
        typer.echo(str(connection))


@app.command(epilog="Example: seatrial evaluate explain manifests shop/web shop/db 5432/TCP")
def explain(
    folder: Folder,
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
    files = sorted(str(path) for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
    if not files:
        raise UsageError(f"no manifests in {folder}", tip=f"they end in {', '.join(sorted(_SUFFIXES))}")
    mode = HostNetwork.AS_NODES if as_nodes else HostNetwork.AS_PODS
    found = cluster.of_objects([manifest.read(faults) for manifest in _manifests(files, faults)], mode)
    _end([], faults)
    return found


def _manifests(files: Sequence[str], faults: list[Fault]) -> Iterator["Manifest"]:
    from seatrial.semantics import documents  # noqa: PLC0415 (lazy: see app)

    for file in files:
        text = _text(file, faults)
        if text is not None:
            yield from documents.parse(text, file, faults)


def _text(file: str, faults: list[Fault]) -> str | None:
    try:
        return sys.stdin.read() if file == _STDIN else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        faults.append(Fault(file, str(reason), "a file in YAML or JSON"))
        return None


def _title(manifest: "Manifest") -> str:
    from seatrial.semantics.fields import title  # noqa: PLC0415 (lazy: see app)

    return title(manifest.value, namespace="default")


def _end(lines: Iterable[str], faults: Sequence[Fault]) -> None:
    """Print what was found; wrong manifests end the command instead."""
    if faults:
        raise ConfigError(tuple(dict.fromkeys(faults)), "the manifests")
    for line in lines:
        typer.echo(line)
