"""Remembers which resources are being created, so that an interrupted creation is repeated and not made anew."""

import hashlib
import json
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


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

    @property
    def changed_something(self) -> bool:
        """Whether any call of this attempt was answered."""
        return bool(self._answered)

    def answer(self, operation: str) -> None:
        """Count a call of the operation that was answered; reads don't count."""
        self._answered[operation] = self._answered.get(operation, 0) + 1


class Creations:
    """Remembers the creations of a stack."""

    def __init__(self, folder: Path | None, pending: Iterable[str] = ()) -> None:
        """Keep them in the folder, if there is one; ``pending`` are URNs whose creation was interrupted."""
        self._folder = folder
        self._pending = set(pending)

    @classmethod
    def from_environment(cls) -> "Creations":
        """Return the creations of the stack whose state is in ``SEATRIAL_STATE_DIR``.

        ``SEATRIAL_PENDING_CREATES`` names a JSON list of the URNs whose creation was interrupted.
        """
        folder, pending = os.environ.get("SEATRIAL_STATE_DIR"), os.environ.get("SEATRIAL_PENDING_CREATES")
        interrupted = _interrupted(Path(pending)) if pending else []
        return cls.of_stack(Path(folder), interrupted) if folder else cls(None, interrupted)

    @classmethod
    def of_stack(cls, folder: Path, pending: Iterable[str] = ()) -> "Creations":
        """Return the creations of the stack whose provider keeps its state in the folder."""
        return cls(folder / "creating", pending)

    def begin(self, urn: str) -> Creation:
        """Return the interrupted creation of the resource, else a new one that is on disk already."""
        stored = self._stored(urn) if urn in self._pending else None
        self._pending.discard(urn)
        if stored:
            return Creation(stored, resumed=True)
        identity = uuid.uuid4().hex
        self._store(urn, identity)
        return Creation(identity)

    def refuse(self, urn: str) -> None:
        """Forget a creation that made nothing: there is nothing to resume."""
        file = self._file(urn)
        if file:
            file.unlink(missing_ok=True)

    def may_have_made(self, urn: str) -> bool:
        """Whether the creation of a resource was begun, and not refused before it made something."""
        return self._stored(urn) is not None

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


def _interrupted(file: Path) -> list[str]:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
