"""Operations of the engine, on record while they run and as they ended."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from seatrial.rehearsal import operations
from seatrial.rehearsal import state as states
from seatrial.rehearsal.engine import Outcome
from seatrial.rehearsal.engine_log import EngineFailed
from seatrial.rehearsal.operations import Operation, Result
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.state import StateFolder

_GONE = ("delete", "delete-replaced", "discard", "discard-replaced")
"""What the engine did to resources that are no more."""

_TITLES = {"up": "deploying", "refresh": "looking for drift", "down": "destroying"}


@dataclass(frozen=True, slots=True)
class Done:
    """An operation that went well."""

    operation: Operation
    """As it is on record."""

    outcome: Outcome
    """What the engine said."""


def run(
    folder: StateFolder,
    progress: Progress,
    kind: str,
    operate: Callable[[Progress, int | None], Outcome],
    *,
    total: int | None = None,
) -> Done:
    """Run an operation of the engine, on record while it runs and as it ended."""
    before = operations.last(folder)
    # What the provider remembers serves to resume creations, and by now there is none left to resume.
    states.empty(folder.provider)
    running = replace(
        before or Operation(kind=kind), kind=kind, result=Result.RUNNING, started=time.time(), uncertain=()
    )
    operations.save(folder, running)
    progress.begin(_TITLES[kind])
    try:
        outcome = operate(progress, total if total is not None else running.resources or None)
    except EngineFailed as failed:
        # Of a provider that was killed, or lost the account, the engine only knows that it gave no answer.
        begun = Creations.of_stack(folder.provider)
        uncertain = tuple(urn for urn in failed.watch.failed_creates if begun.may_have_made(urn))
        operations.save(folder, _ended(running, Result.FAILED, failed.watch.changes, uncertain=uncertain))
        raise
    done = _ended(running, Result.SUCCEEDED, outcome.changes)
    operations.save(folder, done)
    progress.end(f"done in {done.seconds:.0f} s")
    return Done(done, outcome)


def _ended(
    running: Operation, result: Result, changes: Mapping[str, int], uncertain: tuple[str, ...] = ()
) -> Operation:
    there = sum(count for kind, count in changes.items() if kind not in _GONE)
    return replace(
        running,
        result=result,
        changes=changes,
        resources=there,
        seconds=time.time() - running.started,
        uncertain=uncertain,
    )
