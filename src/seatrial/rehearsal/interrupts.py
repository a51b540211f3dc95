"""Ctrl-C, SIGTERM and a closed terminal: obeyed at once, or in good order where the engine is at work."""

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

from seatrial.errors import SeatrialError

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_Handler = Callable[[int, FrameType | None], object]


class Interrupted(SeatrialError):
    """A signal ended the command; what to do next is in the tip."""

    def __init__(self, number: int, *, tip: str = "") -> None:
        """Keep the signal; the command exits as a shell would tell it: 128 + number."""
        self.exit_code = 128 + number
        super().__init__(f"interrupted by {signal.Signals(number).name}", tip=tip)


class _Stop(BaseException):  # not an Exception: nobody on the way may swallow it
    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


@contextmanager
def reported(tip: str) -> Generator[None]:
    """End the block at the first signal, by Interrupted with this tip."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise _Stop(number)

    try:
        with _handled(stop):
            yield
    except _Stop as stopped:
        raise Interrupted(stopped.number, tip=tip) from None


@contextmanager
def graceful(cancel: Callable[[], None], kill: Callable[[], None]) -> Generator[None]:
    """Let the block end by itself after a signal: ``cancel`` at the first, ``kill`` at later ones; then end as told."""
    received: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        (cancel if len(received) == 1 else kill)()

    try:
        with _handled(pass_on):
            yield
    finally:
        if received:
            raise _Stop(received[0])


def _outlives(number: int) -> bool:
    """Tell whether the command was started to go on when its terminal closes: by ``nohup``."""
    return number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN


@contextmanager
def _handled(handler: _Handler) -> Generator[None]:
    if threading.current_thread() is not threading.main_thread():  # signals reach the main thread only
        yield
        return
    before = {number: signal.signal(number, handler) for number in _SIGNALS if not _outlives(number)}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
