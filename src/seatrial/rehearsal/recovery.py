"""Cleaning up after a command, an engine or an account that was killed: the next operation starts from the truth."""

from seatrial.rehearsal import snapshot
from seatrial.rehearsal.engine import Engine
from seatrial.rehearsal.operations import Operation, Result
from seatrial.rehearsal.progress import Progress


def recover(engine: Engine, last: Operation | None, progress: Progress) -> None:
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
        engine.resume(progress, pending)
        engine.forget_pending()
        progress.end("settled")


def _pending(engine: Engine, last: Operation) -> list[str]:
    current = engine.snapshot()
    known = {resource["urn"] for resource in current.get("resources") or []}
    uncertain = [urn for urn in last.uncertain if urn not in known]
    return list(dict.fromkeys([*snapshot.pending_creates(current), *uncertain]))
