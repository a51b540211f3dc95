"""How a rehearsal stands, read from its folder without disturbing whoever works on it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from seatrial.rehearsal import locks, operations
from seatrial.rehearsal.account import client
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.operations import Operation, Result
from seatrial.rehearsal.state import StateFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster of the account, and the control plane behind it."""

    name: str
    """As EKS calls it."""

    status: str
    """As EKS says: ``ACTIVE``."""

    phase: str
    """Of its control plane: ``starting``, ``ready``, ``failed``, or ``none`` where none runs."""

    reason: str
    """Why it failed; empty otherwise."""

    endpoint: str
    """Where the Kubernetes API answers."""

    version: str
    """Kubernetes version that runs, which may not be the minor that was asked for."""

    nodes: int
    """Nodes there are."""

    ready_nodes: int
    """Nodes that are ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A rehearsal as it stands."""

    account: Endpoint | None
    """The account, when it runs."""

    uptime: float
    """Seconds that it has run."""

    clusters: tuple[Cluster, ...]
    """Its clusters, while it runs."""

    working: str
    """Which command works on the stack; empty when none does."""

    last: Operation | None
    """The last operation of the engine."""


def of(state: StateFolder) -> Status:
    """Read how the rehearsal in a folder stands."""
    account = client.find(state.account) if state.account.is_dir() else None
    working = locks.holder(state.lock) if locks.is_held(state.lock) else ""
    return Status(
        account=account,
        uptime=time.time() - account.created if account else 0.0,
        clusters=tuple(map(_cluster, client.clusters(state.account))) if account else (),
        working=working,
        last=_cut_off(operations.last(state), working),
    )


def _cluster(told: Mapping[str, Any]) -> Cluster:
    return Cluster(
        name=told["name"],
        status=told["status"],
        phase=told["phase"],
        reason=told.get("reason", ""),
        endpoint=told.get("endpoint", ""),
        version=told.get("runningVersion", ""),
        nodes=told.get("nodes", 0),
        ready_nodes=told.get("readyNodes", 0),
    )


def _cut_off(last: Operation | None, working: str) -> Operation | None:
    if last and last.result is Result.RUNNING and not working:
        return replace(last, result=Result.INTERRUPTED)
    return last
