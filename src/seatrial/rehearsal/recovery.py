"""Cleaning up after a command, an engine or an account that was killed: the next operation starts from the truth."""

from seatrial.rehearsal import snapshot
from seatrial.rehearsal.account import client
from seatrial.rehearsal.engine import Engine
from seatrial.rehearsal.engine_log import EngineFailed
from seatrial.rehearsal.operations import Operation, Result
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.state import StateFolder


def recover(engine: Engine, state: StateFolder, last: Operation | None, progress: Progress) -> None:
    """Finish what was cut off; there is nothing to do after an operation that went well.

    A resource that was being created may or may not exist in the account. Its creation is sent again, with the token of
    the first attempt and from the description of then: the account answers as it did, or does it now. Either way the
    state knows the resource afterwards, and nothing is created twice.
    """
    if last is None or last.result is Result.SUCCEEDED:
        return
    engine.unlock()
    pending = _pending(engine, last)
    if pending:
        progress.begin(f"resuming {len(pending)} interrupted creation{'s' if len(pending) != 1 else ''}")
        progress.end(_resume(engine, state, pending, progress))
        engine.forget_pending()


def _pending(engine: Engine, last: Operation) -> list[str]:
    current = engine.snapshot()
    known = {resource["urn"] for resource in current.get("resources") or []}
    uncertain = [urn for urn in last.uncertain if urn not in known]
    return list(dict.fromkeys([*snapshot.pending_creates(current), *uncertain]))


def _resume(engine: Engine, state: StateFolder, pending: list[str], progress: Progress) -> str:
    try:
        engine.resume(progress, pending)
    except EngineFailed as failed:
        if not failed.watch.finished or not client.is_running(state.account):
            raise
        # The account refused, so nothing was made; the operation itself will tell why.
        return "refused by the account"
    return "resumed"
