"""A rehearsal's status as rows of text."""

import time

from seatrial.cli.counts import changes
from seatrial.cli.progress import elapsed
from seatrial.rehearsal.operations import Operation
from seatrial.rehearsal.status import Cluster, Status


def rows(status: Status, stack: str) -> list[tuple[str, str]]:
    """Write title and text of every row."""
    account = f"running at {status.account.url}, for {elapsed(status.uptime)}" if status.account else "not running"
    clusters = [("cluster", _cluster(cluster)) for cluster in status.clusters]
    told = [("stack", stack), ("account", account), *clusters, ("engine", _engine(status))]
    if status.last:
        told += [("last", _last(status.last)), ("changes", changes(status.last.changes))]
        told += [("resources", str(status.last.resources)), ("outputs", status.last.outputs or "none")]
    return told


def _cluster(cluster: Cluster) -> str:
    if cluster.phase == "failed":
        return f"{cluster.name} {cluster.status}: its control plane failed: {cluster.reason}"
    if cluster.phase != "ready":
        return f"{cluster.name} {cluster.status}, control plane: {cluster.phase}"
    nodes = f"{cluster.ready_nodes} of {cluster.nodes} nodes ready"
    return f"{cluster.name} {cluster.status} at {cluster.endpoint}, Kubernetes {cluster.version}, {nodes}"


def _engine(status: Status) -> str:
    return f"busy: {status.working}" if status.working else "idle"


def _last(last: Operation) -> str:
    began = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(last.started))
    return f"{last.kind} {last.result}, began {began}, took {elapsed(last.seconds)}"
