"""How a rehearsal stands, read from its folder without disturbing whoever works on it."""

import time
from dataclasses import dataclass, replace

from seatrial.rehearsal import locks, operations
from seatrial.rehearsal.account import client
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.operations import Operation, Result
from seatrial.rehearsal.state import StateFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A rehearsal as it stands."""

    account: Endpoint | None
    """The account, when it runs."""

    uptime: float
    """Seconds that it has run."""

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
        working=working,
        last=_cut_off(operations.last(state), working),
    )


def _cut_off(last: Operation | None, working: str) -> Operation | None:
    if last and last.result is Result.RUNNING and not working:
        return replace(last, result=Result.INTERRUPTED)
    return last
