"""Watches over the account while the engine works on it."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from seatrial.rehearsal.account import client

_INTERVAL = 0.5
"""Seconds between two looks."""


@contextmanager
def over(account: Path, on_end: Callable[[], object]) -> Generator[None]:
    """Call ``on_end`` when the account's server ends during the block: providers would try again for minutes."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_INTERVAL):
            if not client.is_running(account):
                on_end()
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
