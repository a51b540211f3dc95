"""A rehearsal's status as rows of text."""

import time

from seatrial.cli.counts import changes
from seatrial.cli.progress import elapsed
from seatrial.rehearsal.operations import Operation
from seatrial.rehearsal.status import Status


def rows(status: Status, stack: str) -> list[tuple[str, str]]:
    """Write title and text of every row."""
    account = f"running at {status.account.url}, for {elapsed(status.uptime)}" if status.account else "not running"
    told = [("stack", stack), ("account", account), ("engine", _engine(status))]
    if status.last:
        told += [("last", _last(status.last)), ("changes", changes(status.last.changes))]
        told += [("resources", str(status.last.resources)), ("outputs", status.last.outputs or "none")]
    return told


def _engine(status: Status) -> str:
    return f"busy: {status.working}" if status.working else "idle"


def _last(last: Operation) -> str:
    began = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(last.started))
    return f"{last.kind} {last.result}, began {began}, took {elapsed(last.seconds)}"
