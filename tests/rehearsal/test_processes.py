import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from seatrial.rehearsal import processes

_SLEEP = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)"]


def _started(records: Path, program: list[str] | None = None) -> "subprocess.Popen[str]":
    command = processes.tethered(records, "engine", program or _SLEEP, parent=str(os.getpid()))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _end(process: "subprocess.Popen[str]") -> int:
    with process:
        process.kill()
    return process.returncode


def _soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not condition():
        time.sleep(0.01)
    return condition()


def test_a_tethered_program_is_on_record_while_it_lives(tmp_path: Path) -> None:
    process = _started(tmp_path)

    during = [found.pid for found in processes.alive(tmp_path, "engine")]
    _end(process)

    assert during == [process.pid]
    assert processes.alive(tmp_path) == []


def test_processes_of_another_name_are_not_meant(tmp_path: Path) -> None:
    process = _started(tmp_path)

    found = processes.alive(tmp_path, "provider")

    _end(process)
    assert found == []


def test_left_over_processes_are_killed_and_forgotten(tmp_path: Path) -> None:
    process = _started(tmp_path)

    ended = processes.kill(tmp_path)

    with process:
        assert process.wait() == -signal.SIGKILL
    assert ended == 1
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_only_inherited_a_recorded_pid_lives_on(tmp_path: Path) -> None:
    record = {"name": "engine", "pid": os.getpid(), "started": 1.0}
    (tmp_path / "engine-1.json").write_text(json.dumps(record))

    assert processes.kill(tmp_path) == 0


def test_a_process_may_end_while_it_is_being_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = _started(tmp_path)
    found = processes.alive(tmp_path)
    _end(process)

    def alive(_: Path) -> list[psutil.Process]:
        return found

    monkeypatch.setattr(processes, "alive", alive)
    assert processes.kill(tmp_path) == 1


def test_a_process_may_vanish_while_it_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = _started(tmp_path)

    def vanished(self: psutil.Process) -> str:
        raise psutil.NoSuchProcess(self.pid)

    monkeypatch.setattr(psutil.Process, "status", vanished)

    assert processes.alive(tmp_path) == []
    _end(process)


def test_an_interrupt_reaches_the_program(tmp_path: Path) -> None:
    process = _started(tmp_path)

    processes.interrupt(tmp_path, "engine")

    with process:
        assert process.wait() != 0


def test_a_ctrl_c_in_the_terminal_does_not_reach_the_program(tmp_path: Path) -> None:
    process = _started(tmp_path)

    group = os.getpgid(process.pid)

    _end(process)
    assert group != os.getpgrp()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_a_tethered_program_ends_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "program"
    script.write_text(processes.script(tmp_path, "engine", _SLEEP))
    script.chmod(0o700)
    starter = "import subprocess, sys; subprocess.run([sys.argv[1]])"
    parent = subprocess.Popen([sys.executable, "-c", starter, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    parent.stdout.readline()
    (child,) = processes.alive(tmp_path)

    _end(parent)

    assert _soon(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_program_whose_parent_is_gone_already_does_not_start(tmp_path: Path) -> None:
    command = processes.tethered(tmp_path, "engine", ["echo", "started"], parent="1")

    answer = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (answer.returncode, answer.stdout) == (128 + signal.SIGKILL, "")


def test_a_script_passes_arguments_on_as_they_are(tmp_path: Path) -> None:
    script = tmp_path / "program"
    script.write_text(processes.script(tmp_path, "engine", ["printf", "%s|"]))
    script.chmod(0o700)

    answer = subprocess.run([script, "two words", "$HOME"], capture_output=True, text=True, check=True)

    assert answer.stdout == "two words|$HOME|"


def test_a_group_leader_stays_one(tmp_path: Path) -> None:
    """The engine starts its providers as leaders of their own groups."""
    command = processes.tethered(tmp_path, "provider", ["echo", "started"], parent=str(os.getpid()))

    answer = subprocess.run(command, capture_output=True, text=True, check=True, process_group=0)

    assert answer.stdout == "started\n"
