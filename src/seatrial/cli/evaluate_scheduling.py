"""``seatrial evaluate scheduling``: where pods go, and where they go when a node is drained or lost."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

import typer

from seatrial.cli import manifest_files
from seatrial.errors import Fault, UsageError

if TYPE_CHECKING:
    from seatrial.semantics.scheduling import Drained, Loss, Node, Schedule, Workloads

EXAMPLE: Final = "Example: kubectl get nodes -o yaml > manifests/nodes.yaml; seatrial evaluate scheduling manifests"

_FINDINGS: Final = 1


def scheduling(
    source: manifest_files.Source,
    *,
    drain: Annotated[str, typer.Option("--drain", metavar="NODE", help="Drain a node, as budgets allow.")] = "",
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="NODE", help="Lose a node; again for more of them.")
    ] = None,
    without_zone: Annotated[
        str, typer.Option("--without-zone", metavar="ZONE", help="Lose every node of a zone.")
    ] = "",
) -> None:
    """Print the node of every pod, or why none takes it; exit 1 when a pod waits, or a budget blocks a drain.

    Nodes are objects of the manifests too, with status.allocatable. No node is added: what is there has to do.
    """
    from seatrial.semantics import scheduling as evaluator  # noqa: PLC0415 (lazy: see app)

    if sum(map(bool, (drain, without, without_zone))) > 1:
        raise UsageError("more than one thing is to happen", tip="drain a node, or lose nodes, or lose a zone")
    workloads, nodes = _read(source)
    if drain:
        found = evaluator.drain(evaluator.schedule(workloads, nodes), drain, workloads.budgets)
        lines, is_fine = _drained(found), found.is_empty and not found.schedule.pending
    elif without or without_zone:
        lost = without or _of_zone(nodes, without_zone)
        loss = evaluator.without(workloads, nodes, lost)
        lines, is_fine = _lost(loss), loss.is_survived
    else:
        schedule = evaluator.schedule(workloads, nodes)
        lines, is_fine = _placed(schedule), not schedule.pending
    manifest_files.end(lines, ())
    if not is_fine:
        raise typer.Exit(_FINDINGS)


def _read(source: str) -> "tuple[Workloads, tuple[Node, ...]]":
    from seatrial.semantics import scheduling as evaluator  # noqa: PLC0415 (lazy: see app)

    faults: list[Fault] = []
    objects = [manifest.read(faults) for manifest in manifest_files.of([source], faults)]
    workloads, nodes = evaluator.of_fields(objects), evaluator.nodes(objects)
    manifest_files.end((), faults)
    if not nodes:
        raise UsageError(f"no nodes in {source}", tip="add them: kubectl get nodes -o yaml")
    return workloads, nodes


def _of_zone(nodes: "tuple[Node, ...]", zone: str) -> list[str]:
    found = [node.name for node in nodes if node.zone == zone]
    if not found:
        known = ", ".join(sorted({node.zone for node in nodes} - {""}))
        raise UsageError(f"no node in a zone {zone!r}", tip=f"the nodes are in: {known}")
    return found


def _placed(schedule: "Schedule") -> Iterator[str]:
    yield from sorted(f"{pod} => {node}" for pod, node in schedule.placements.items())
    yield from map(str, schedule.pending)


def _drained(found: "Drained") -> Iterator[str]:
    lost = set(found.lost)
    waiting = {each.pod: each for each in found.schedule.pending}
    for pod in found.evicted:
        place = found.schedule.placements.get(pod)
        yield f"evicted {pod} => {place}" if place else f"evicted {pod}: {'lost' if pod in lost else 'waits'}"
    for each in (*found.blocked, *waiting.values()):
        yield str(each)
    yield f"{found.node} is {'empty' if found.is_empty else 'not empty'}"


def _lost(loss: "Loss") -> Iterator[str]:
    yield f"lost {', '.join(loss.lost)}"
    for pod, node in loss.after.placements.items():
        before = loss.before.placements.get(pod)
        if before != node:
            yield f"{pod}: {before or 'waiting'} => {node}"
    yield from map(str, loss.after.pending)
