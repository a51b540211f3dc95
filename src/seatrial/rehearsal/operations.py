"""The last operation on a stack: what it was, how it ended."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, cast

from seatrial.rehearsal import state as states
from seatrial.rehearsal.state import Damaged, StateFolder


class Result(StrEnum):
    """How an operation stands."""

    RUNNING = "running"
    """It runs, or it was cut off: the stack's lock tells which."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the engine on a stack."""

    kind: str
    """``up``, ``refresh`` or ``down``."""

    result: Result = Result.RUNNING
    """How it stands."""

    started: float = field(default_factory=time.time)
    """When it began, in seconds since the epoch."""

    seconds: float = 0.0
    """How long it took."""

    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many resources it created, updated, replaced, deleted and left as they were, in the engine's words."""

    resources: int = 0
    """How many resources the state holds since."""

    outputs: str = ""
    """File that the stack's outputs were written to."""

    uncertain: tuple[str, ...] = ()
    """URNs whose creation failed without an answer of the account's: it alone knows whether they were made."""


def save(folder: StateFolder, operation: Operation) -> None:
    """Keep an operation as the last one."""
    states.write_json(folder.operation, asdict(operation))


def last(folder: StateFolder) -> Operation | None:
    """Read the last operation; nothing when there was none yet."""
    document = cast("dict[str, Any] | None", states.read_json(folder.operation))
    if document is None:
        return None
    try:
        read: dict[str, Any] = {"result": Result(document["result"]), "uncertain": tuple(document["uncertain"])}
        return Operation(**{**document, **read})
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged(folder.operation, repr(error)) from None
