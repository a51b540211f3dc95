"""Runs what blocks in threads, and names the resource in what goes wrong."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from seatrial.errors import SeatrialError
from seatrial.rehearsal.providers.refusals import Cancelled, InitFailed, ProviderFault

_WORKERS = 64
"""How many resources may be waited for at once; above what engines run in parallel."""

_T = TypeVar("_T")


class Workers:
    """The threads of one provider."""

    def __init__(self, name: str) -> None:
        """Start none before they are needed."""
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix=name)
        self.cancelled = threading.Event()
        """Set when the engine asks to stop."""

    async def run(self, work: Callable[[], _T]) -> _T:
        """Run the work in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def attempt(self, subject: str, work: Callable[[], _T], secret: frozenset[str] = frozenset()) -> _T:
        """Run the work in a thread; name the resource in its error, whose ``secret`` properties stay so."""
        try:
            return await self.run(work)
        except InitFailed as failed:
            raise InitFailed(failed.identity, failed.state, f"{subject}: {failed.reason}", secret) from failed
        except Cancelled:
            raise
        except SeatrialError as fault:
            tip = f" ({fault.tip})" if fault.tip else ""
            raise ProviderFault(f"{subject}: {fault}{tip}") from fault
