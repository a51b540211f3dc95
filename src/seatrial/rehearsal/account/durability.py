"""Carries the state of MiniStack's services to the journal and back.

MiniStack itself saves at shutdown only. After each call that may change something, the state
of every service in use is encoded and what differs from the last time is written.
"""

import json
from collections.abc import Iterator
from typing import Any

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.journal import Answer, Journal


class Durability:
    """Keeps the journal equal to the memory."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._written: dict[str, bytes] = {}

    def restore(self) -> None:
        """Give every service the state that it had."""
        decode = emulator.member(emulator.core("persistence"), "_json_object_hook")
        modules = emulator.state_modules()
        self._written = self._journal.states()
        for key, content in self._written.items():
            emulator.service(modules[key]).load_persisted_state(json.loads(content, object_hook=decode))

    def recall(self, token: str) -> Answer | None:
        """Give what was answered to ``token`` before."""
        return self._journal.answer(token)

    def save(self, token: str = "", answer: Answer | None = None) -> None:
        """Write what has changed; with the answer that is about to be given, if it can be asked for again."""
        changed = {key: content for key, content in _encoded() if self._written.get(key) != content}
        if changed or (token and answer):
            self._journal.commit(changed, token, answer)
            self._written |= changed


def _encoded() -> Iterator[tuple[str, bytes]]:
    encode = emulator.member(emulator.core("persistence"), "_json_default")
    for key, module in emulator.services():
        state: dict[str, Any] | None = module.get_state()
        if state is not None:
            yield key, json.dumps(state, default=encode).encode()
