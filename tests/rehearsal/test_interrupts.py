import os
import signal
import threading

import pytest

from seatrial.rehearsal import interrupts
from seatrial.rehearsal.interrupts import Interrupted


def _signal(number: int) -> None:
    os.kill(os.getpid(), number)


def _work(told: list[str]) -> None:
    _signal(signal.SIGINT)
    told.append("ends by itself")


def _work_under_two_signals() -> None:
    _signal(signal.SIGTERM)
    _signal(signal.SIGINT)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_command_and_says_how_to_go_on(number: int, code: int) -> None:
    with pytest.raises(Interrupted) as told, interrupts.reported("do this"):
        _signal(number)

    assert (told.value.exit_code, told.value.tip) == (code, "do this")
    assert str(told.value) == f"interrupted by {signal.Signals(number).name}"


def test_handlers_of_before_are_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with interrupts.reported(""):
        during = signal.getsignal(signal.SIGTERM)

    assert signal.getsignal(signal.SIGTERM) is before is not during


def test_a_command_that_was_started_to_outlive_its_terminal_does() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupts.reported(""):
            _signal(signal.SIGHUP)
            during = signal.getsignal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)

    assert during is signal.SIG_IGN


def test_work_in_good_order_goes_on_to_its_end_after_a_signal() -> None:
    told: list[str] = []

    with (
        pytest.raises(Interrupted),
        interrupts.reported(""),
        interrupts.graceful(lambda: told.append("cancel"), lambda: told.append("kill")),
    ):
        _work(told)

    assert told == ["cancel", "ends by itself"]


def test_a_second_signal_is_impatience() -> None:
    told: list[str] = []

    with (
        pytest.raises(Interrupted) as raised,
        interrupts.reported(""),
        interrupts.graceful(lambda: told.append("cancel"), lambda: told.append("kill")),
    ):
        _work_under_two_signals()

    assert told == ["cancel", "kill"]
    assert raised.value.exit_code == 143


def test_that_the_work_failed_because_of_the_signal_is_no_news() -> None:
    def fail_once_interrupted() -> None:
        _signal(signal.SIGINT)
        raise ValueError("cancelled")

    with pytest.raises(Interrupted), interrupts.reported(""), interrupts.graceful(lambda: None, lambda: None):
        fail_once_interrupted()


def test_without_a_signal_nothing_is_different() -> None:
    with interrupts.reported(""), interrupts.graceful(lambda: None, lambda: None):
        done = True

    assert done


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with interrupts.reported(""):
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert seen == [signal.getsignal(signal.SIGTERM)]
