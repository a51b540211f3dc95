"""Makes an interrupted creation repeatable: its calls carry tokens that a second attempt sends again."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOKEN_HEADER = "x-seatrial-token"  # noqa: S105 (the name of a header)
"""A call with a token that the account already answered gets the same answer, and nothing is made twice."""

_READS = ("Describe", "Get", "List", "Batch")

current: ContextVar["Creation | None"] = ContextVar("current", default=None)
"""The creation that the calling thread is busy with."""


@dataclass(slots=True)
class Creation:
    """One attempt to make a resource."""

    identity: str
    """Unique to the resource, the same in every attempt to make it."""
    resumed: bool = False
    """Whether an earlier attempt may have made some of it."""
    _answered: dict[str, int] = field(default_factory=dict[str, int])

    def token(self, operation: str) -> str:
        """Return the token of the next call of the operation. A call that failed is repeated with the same one."""
        return f"{self.identity}:{operation}:{self._answered.get(operation, 0)}"

    def answer(self, operation: str) -> None:
        """Count a call of the operation that was answered."""
        self._answered[operation] = self._answered.get(operation, 0) + 1


class Creations:
    """Remembers the creations of a stack."""

    def __init__(self, folder: Path | None, pending: Iterable[str] = ()) -> None:
        """Keep them in the folder, if there is one; ``pending`` are URNs whose creation was interrupted."""
        self._folder = folder
        self._pending = set(pending)

    def begin(self, urn: str) -> Creation:
        """Return the interrupted creation of the resource, else a new one that is on disk already."""
        stored = self._stored(urn) if urn in self._pending else None
        self._pending.discard(urn)
        if stored:
            return Creation(stored, resumed=True)
        identity = uuid.uuid4().hex
        self._store(urn, identity)
        return Creation(identity)

    def _file(self, urn: str) -> Path | None:
        return self._folder and self._folder / hashlib.sha256(urn.encode()).hexdigest()[:32]

    def _stored(self, urn: str) -> str | None:
        file = self._file(urn)
        return file.read_text(encoding="ascii") if file and file.exists() else None

    def _store(self, urn: str, identity: str) -> None:
        file = self._file(urn)
        if file is None:
            return
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        staging = file.with_suffix(".new")
        with staging.open("w", encoding="ascii") as target:
            target.write(identity)
            target.flush()
            os.fsync(target.fileno())
        staging.replace(file)


def attach(events: Any) -> None:
    """Give every mutating call of a client that is made during a creation its token."""
    events.register("provide-client-params", _add_idempotency)
    events.register("before-call", _add_token)
    events.register("after-call", _count_answer)


def _add_idempotency(params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
    """Fill in AWS's own token where the operation takes one: it does for AWS what ours does for an emulated account."""
    creation = current.get()
    if creation is None:
        return params
    token = hashlib.sha256(creation.token(model.name).encode()).hexdigest()
    return {**dict.fromkeys(model.idempotent_members, token), **params}


def _add_token(model: Any, params: dict[str, Any], **_: Any) -> None:
    creation = current.get()
    if creation and not model.name.startswith(_READS):
        params["headers"][TOKEN_HEADER] = creation.token(model.name)


def _count_answer(model: Any, http_response: Any, **_: Any) -> None:
    creation = current.get()
    if creation and http_response.status_code < 300:  # noqa: PLR2004 (HTTP's success)
        creation.answer(model.name)
