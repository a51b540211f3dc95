"""Waiting for something to become true, until the time is over or the engine asks to stop."""

import threading
import time
from collections.abc import Iterator

from seatrial.rehearsal.providers.refusals import Cancelled

_FIRST_PAUSE = 0.05
_FACTOR = 1.5


def pauses(seconds: float, cancelled: threading.Event, longest: float = 5.0) -> Iterator[None]:
    """Yield until the time is over, pausing a little longer each time, ``longest`` seconds at most."""
    deadline = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while True:
        yield
        if time.monotonic() + pause > deadline:
            return
        if cancelled.wait(pause):
            raise Cancelled
        pause = min(pause * _FACTOR, longest)
