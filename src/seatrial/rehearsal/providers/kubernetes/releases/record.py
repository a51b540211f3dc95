"""Tells which releases were rendered, for who sums a rehearsal up: a line of JSON for each in ``charts.jsonl``."""

import json
import os
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "charts.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """How one release was made."""

    release: str
    """Its id: ``namespace/name``."""
    chart: str
    version: str
    rendered: bool
    reason: str = ""
    """Why it wasn't."""


@dataclass(frozen=True, slots=True)
class Record:
    """The releases of a stack."""

    folder: Path | None
    """Where the file is; None: nowhere."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, line: Line) -> None:
        """Put a line in place of the release's earlier one."""
        self._replace(line.release, [asdict(line)])

    def remove(self, release: str) -> None:
        """Forget a release that is gone."""
        self._replace(release, [])

    def _replace(self, release: str, fresh: list[dict[str, object]]) -> None:
        if self.folder is None:
            return
        path = self.folder / FILE
        with self._lock:
            written = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            kept = [it for it in map(json.loads, written) if it["release"] != release]
            text = "".join(f"{json.dumps(it)}\n" for it in (*kept, *fresh))
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            staging = path.with_name(f".{FILE}.{os.getpid()}")
            staging.write_text(text, encoding="utf-8")
            staging.replace(path)
