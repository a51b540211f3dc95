"""Puts what MiniStack lacks into its place: services, operations, refusals, repeated answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks.module import EksModule
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Handler, Reply
from seatrial.rehearsal.account.iam import managed


class Memory(Protocol):
    """Knows what was answered to the call at hand before."""

    def recall(self) -> Reply | None:
        """Give that answer."""
        ...


@dataclass(frozen=True, slots=True)
class Extensions:
    """What stands in MiniStack's place."""

    settle: Callable[[], None]
    """Lets happen what has become due since the last call."""


def install(memory: Memory, eks: Service) -> Extensions:
    """Stand in front of every service's handler; IAM has allowed the call by then."""
    managed.install()
    module = EksModule(eks)
    emulator.loaded()["eks"] = module
    handlers = emulator.handlers()
    for name, handler in list(handlers.items()):
        handlers[name] = _wrapped(memory, handler)
    return Extensions(module.settle)


def _wrapped(memory: Memory, handler: Handler) -> Handler:
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Reply:
        known = memory.recall()
        return known or await handler(method, path, headers, body, query)

    return handle
