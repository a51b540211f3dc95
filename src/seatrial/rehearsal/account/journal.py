"""What the account remembers across ``kill -9``: every service's state, and answers to repeat.

One SQLite file. State and answer of a call are written in one transaction before the call is
answered, so an acknowledged change is never lost and a repeated token never finds half of one.
``synchronous=OFF``: a killed process loses nothing, the operating system has the pages; only a
power cut could, and then the rehearsal is begun anew.
"""

import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import EnvironmentFault

KEPT_ANSWERS = 10_000
"""How many recorded answers are kept: a platform has some hundred resources."""

_TABLES = """
CREATE TABLE IF NOT EXISTS states (service TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS answers (id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE,
                                    status INTEGER NOT NULL, kind TEXT NOT NULL, content BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful response, as it can be given again."""

    status: int
    kind: str
    """Content type."""
    content: bytes


class JournalFault(EnvironmentFault):
    """The file can't be read or written; whoever has changed something since must not go on."""


class Journal:
    """The file, open for as long as the server runs."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it; JournalFault when it isn't what was written."""
        self._path = path
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None)
        with self._told("read"):
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=OFF")
            self._database.executescript(_TABLES)

    def states(self) -> dict[str, bytes]:
        """Every service's last state."""
        return dict(self._database.execute("SELECT service, content FROM states"))

    def answer(self, token: str) -> Answer | None:
        """Give what was answered to ``token``, if it was answered successfully."""
        row = self._database.execute("SELECT status, kind, content FROM answers WHERE token = ?", [token]).fetchone()
        return Answer(*row) if row else None

    def commit(self, states: Mapping[str, bytes], token: str = "", answer: Answer | None = None) -> None:
        """Keep changed states, and the answer to ``token`` with them; JournalFault when that can't be."""
        with self._told("written"), self._database:
            self._database.execute("BEGIN")
            self._database.executemany("INSERT OR REPLACE INTO states VALUES (?, ?)", states.items())
            if token and answer:
                self._remember(token, answer)

    def _remember(self, token: str, answer: Answer) -> None:
        row = (token, answer.status, answer.kind, answer.content)
        cursor = self._database.execute(
            "INSERT OR REPLACE INTO answers (token, status, kind, content) VALUES (?, ?, ?, ?)", row
        )
        self._database.execute("DELETE FROM answers WHERE id <= ?", [(cursor.lastrowid or 0) - KEPT_ANSWERS])

    def close(self) -> None:
        """Fold the log into the file and let go of it."""
        self._database.close()

    @contextmanager
    def _told(self, what: str) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as fault:
            raise JournalFault(f"{self._path} can't be {what}: {fault}") from None
