"""Puts what MiniStack lacks into its place: services, operations, refusals, repeated answers."""

from typing import Protocol

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.emulator import Handler, Reply


class Memory(Protocol):
    """Knows what was answered to the call at hand before."""

    def recall(self) -> Reply | None:
        """That answer."""
        ...


def install(memory: Memory) -> None:
    """Stand in front of every service's handler; IAM has allowed the call by then."""
    handlers = emulator.handlers()
    for name, handler in list(handlers.items()):
        handlers[name] = _wrapped(memory, handler)


def settle() -> None:
    """Let happen what has become due since the last call."""


def _wrapped(memory: Memory, handler: Handler) -> Handler:
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Reply:
        known = memory.recall()
        return known or await handler(method, path, headers, body, query)

    return handle
