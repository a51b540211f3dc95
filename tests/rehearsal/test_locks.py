import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal import locks

_HOLD = """
import sys
from pathlib import Path
from seatrial.rehearsal import locks
with locks.exclusive(Path(sys.argv[1]), "seatrial rehearse up --stack dev"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _other_process_holds(path: Path) -> "Generator[subprocess.Popen[bytes]]":
    other = subprocess.Popen([sys.executable, "-c", _HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        yield other


def test_a_second_command_learns_who_works_on_the_stack(tmp_path: Path) -> None:
    lock = tmp_path / "lock"

    with (
        _other_process_holds(lock),
        pytest.raises(EnvironmentFault, match=r"`seatrial rehearse up --stack dev`, process \d+, since \d\d:"),
        locks.exclusive(lock, "seatrial rehearse down"),
    ):
        pytest.fail("two commands worked on one stack")


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with _other_process_holds(lock) as other:
        other.kill()
        other.wait()

        with locks.exclusive(lock, "seatrial rehearse up"):
            assert json.loads(lock.read_text())["command"] == "seatrial rehearse up"


def test_it_is_known_whether_somebody_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    before = locks.is_held(lock)

    with locks.exclusive(lock, "seatrial rehearse up"):
        during = locks.is_held(lock)

    assert (before, during, locks.is_held(lock)) == (False, True, False)


def test_a_file_that_its_holder_deleted_is_not_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between opening the file and locking it, `down` may delete it with the folder; another may make it anew."""
    lock = tmp_path / "lock"
    lock.touch()
    flock = fcntl.flock
    taken: list[int] = []

    def delete_before_the_first(descriptor: int, operation: int) -> None:
        if not taken:
            lock.unlink()
        taken.append(descriptor)
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", delete_before_the_first)

    with locks.exclusive(lock, "seatrial rehearse up"):
        assert "rehearse up" in locks.holder(lock)
    assert len(taken) == 2


def test_a_file_that_was_replaced_is_not_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"

    with locks.exclusive(lock, "seatrial rehearse down"):
        lock.unlink()

        with locks.exclusive(lock, "seatrial rehearse up"):
            assert "rehearse up" in locks.holder(lock)


def test_a_folder_that_the_last_holder_deleted_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "stack" / "lock"
    opened = os.open
    attempts: list[object] = []

    def delete_before_the_first(path: Path, *arguments: int) -> int:
        if not attempts:
            lock.parent.rmdir()
        attempts.append(path)
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", delete_before_the_first)

    with locks.exclusive(lock, "seatrial rehearse up"):
        assert lock.is_file()
    assert len(attempts) == 2


def test_a_holder_that_has_not_said_yet_who_it_is_is_named_so(tmp_path: Path) -> None:
    assert locks.holder(tmp_path / "lock") == "one that just started"


def test_waiting_says_so_once_and_then_has_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    waits: list[float] = []

    with _other_process_holds(lock) as other:

        def on_wait() -> None:
            waits.append(time.monotonic())
            threading.Timer(0.1, other.kill).start()

        with locks.waiting(lock, on_wait):
            assert len(waits) == 1


def test_nobody_waits_for_a_free_lock(tmp_path: Path) -> None:
    waits: list[str] = []

    with locks.waiting(tmp_path / "lock", lambda: waits.append("waits")):
        assert not waits
