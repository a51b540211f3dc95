"""A control plane of fake processes: how it begins, fails, ends and begins again."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal import processes
from seatrial.rehearsal.control_plane import ControlPlane, Phase, crew, plane, ports

if TYPE_CHECKING:
    from conftest import Wait, Yard


def _alive(plane: "Yard", name: str = "one") -> list[psutil.Process]:
    return processes.alive(plane.root / name / "processes")


@contextmanager
def _listening(port: int) -> Generator[None]:
    with socket.create_server(("127.0.0.1", port)):
        yield


def _port(plane: ControlPlane) -> int:
    return int(plane.endpoint.rpartition(":")[2])


def test_it_becomes_ready_in_the_background(yard: "Yard", wait: "Wait") -> None:
    one = yard.plane()
    before = one.phase

    yard.await_start(one)

    assert (before, one.phase, one.reason) == (Phase.STARTING, Phase.READY, "")
    assert one.ready_seconds
    assert wait(lambda: len(_alive(yard)) == 5)


def test_it_can_be_started_while_it_runs(yard: "Yard") -> None:
    one = yard.plane()
    yard.await_start(one)
    running = _alive(yard)

    one.start()

    assert one.phase is Phase.READY
    assert _alive(yard) == running


def test_its_end_is_the_end_of_all_its_processes_and_not_of_its_data(yard: "Yard") -> None:
    one = yard.plane()
    yard.await_start(one)

    one.stop()
    one.stop()

    assert (one.phase, one.ready_seconds) == (Phase.STARTING, None)
    assert _alive(yard) == []
    assert (yard.root / "one" / "etcd" / "member").is_dir()


def test_it_can_be_stopped_before_anything_was_started(yard: "Yard") -> None:
    one = yard.plane()

    one.stop()

    assert one.phase is Phase.STARTING


def test_it_can_be_stopped_while_it_starts(yard: "Yard", wait: "Wait") -> None:
    one = yard.plane(kube_apiserver={"missing": ["readyz"]})
    one.start()
    assert wait(lambda: len(_alive(yard)) == 2)

    one.stop()

    assert one.phase is Phase.STARTING
    assert _alive(yard) == []


def test_removing_it_leaves_nothing(yard: "Yard") -> None:
    one = yard.plane()
    yard.await_start(one)
    running = _alive(yard)

    one.remove()

    assert not (yard.root / "one").exists()
    assert not any(process.is_running() for process in running)


def test_another_one_on_its_folder_goes_on_at_the_same_place(yard: "Yard") -> None:
    first = yard.plane()
    yard.await_start(first)
    first.stop()

    second = yard.plane()
    yard.await_start(second)

    assert second.phase is Phase.READY
    assert (second.endpoint, second.authority) == (first.endpoint, first.authority)


def test_two_of_them_run_side_by_side(yard: "Yard") -> None:
    one, two = yard.plane("one"), yard.plane("two")
    one.start()
    yard.await_start(two)
    yard.await_start(one)

    assert (one.phase, two.phase) == (Phase.READY, Phase.READY)
    assert one.endpoint != two.endpoint


def test_it_is_not_ready_while_no_pod_could_be(yard: "Yard", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plane, "PATIENCE", 2.0)
    one = yard.plane(kube_apiserver={"missing": ["serviceaccounts/default"]})

    yard.await_start(one)

    assert one.phase is Phase.FAILED
    assert one.reason.endswith("isn't ready 2 seconds after the start")
    assert _alive(yard) == []


def test_a_process_that_can_not_start_is_named_with_its_last_words(yard: "Yard") -> None:
    one = yard.plane(kube_scheduler={"say": "unknown flag: --nonsense", "exit": 1})

    yard.await_start(one)

    assert one.phase is Phase.FAILED
    assert one.reason == "kube-scheduler ended with exit code 1\n  unknown flag: --nonsense"
    assert _alive(yard) == []


def test_why_a_process_panicked_is_told_and_not_where_its_threads_were(yard: "Yard") -> None:
    trace = "\n".join(["goroutine 1 [running]:", *["main.main()"] * 20])
    one = yard.plane(etcd={"say": f"panic: no space left on device\n\n{trace}", "exit": 2})

    yard.await_start(one)

    assert one.reason == "etcd ended with exit code 2\n  panic: no space left on device"


def test_long_last_words_are_cut(yard: "Yard") -> None:
    one = yard.plane(etcd={"say": "\n".join(["x" * 5000] * 100), "exit": 1})

    yard.await_start(one)

    assert len(one.reason) < 5000


def test_a_process_that_ends_later_ends_it_all(yard: "Yard", wait: "Wait") -> None:
    one = yard.plane()
    yard.await_start(one)

    (yard.root / "one" / "kwok.end").touch()

    assert wait(lambda: one.phase is Phase.FAILED)
    assert one.reason == "kwok ended with exit code 3\n  told to end"
    assert _alive(yard) == []


def test_a_killed_process_is_told_by_its_signal(yard: "Yard", wait: "Wait") -> None:
    one = yard.plane()
    yard.await_start(one)

    processes.alive(yard.root / "one" / "processes", "kube-apiserver")[0].kill()

    assert wait(lambda: one.phase is Phase.FAILED)
    assert one.reason == "kube-apiserver ended by signal 9"


def test_one_that_failed_can_be_started_again(yard: "Yard") -> None:
    one = yard.plane(kube_scheduler={"exit": 1})
    yard.await_start(one)
    assert one.phase is Phase.FAILED

    yard.order("one")
    yard.await_start(one)

    assert (one.phase, one.reason) == (Phase.READY, "")


def test_a_missing_executable_is_a_failure_and_said_so(yard: "Yard") -> None:
    yard.tools.etcd.unlink()
    one = yard.plane()

    yard.await_start(one)

    assert one.phase is Phase.FAILED
    assert "etcd ended with exit code 1" in one.reason
    assert "No such file or directory" in one.reason


def test_a_fault_that_nobody_thought_of_is_a_failure(yard: "Yard") -> None:
    one = yard.plane(signing_key="no key")

    yard.await_start(one)

    assert one.phase is Phase.FAILED
    assert one.reason


def test_a_process_that_does_not_listen_is_ended_by_force(yard: "Yard", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "GRACE", 0.3)
    one = yard.plane(kube_scheduler={"deaf": True})
    yard.await_start(one)

    one.stop()

    assert _alive(yard) == []


def test_processes_that_a_killed_account_left_are_ended_first(yard: "Yard") -> None:
    one = yard.plane()
    records = yard.root / "one" / "processes"
    with subprocess.Popen(processes.tethered(records, "etcd", ["sleep", "60"], parent=str(os.getpid()))) as left:
        while not processes.alive(records):
            assert left.poll() is None

        yard.await_start(one)

        assert one.phase is Phase.READY
        assert left.wait() == -9


def test_the_processes_die_with_the_account(yard: "Yard", wait: "Wait") -> None:
    """The system kills them: `stop` is never called."""
    yard.plane()
    with subprocess.Popen([sys.executable, "-c", yard.account, *yard.described()], stdout=subprocess.PIPE) as account:
        assert account.stdout
        said = account.stdout.readline()
        running = wait(lambda: len(_alive(yard)) == 5)
        account.kill()

    assert (said, running) == (b"ready\n", True)
    assert wait(lambda: not _alive(yard))


def test_a_port_that_was_taken_before_the_first_start_is_given_up(yard: "Yard") -> None:
    one = yard.plane()
    port = _port(one)

    with _listening(port):
        yard.await_start(one)

    assert one.phase is Phase.READY
    assert _port(one) != port
    assert str(_port(one)) in one.admin_kubeconfig.read_text()


def test_a_port_that_is_lost_on_the_way_is_given_up(yard: "Yard", monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look for a free port and the process that listens there, somebody else came."""
    one = yard.plane()
    port, look, looks = _port(one), ports.taken, list[list[int]]()

    def taken(of: ports.Ports) -> list[int]:
        looks.append(look(of) if looks else [])
        return looks[-1]

    monkeypatch.setattr(ports, "taken", taken)
    with _listening(port):
        yard.await_start(one)

    assert one.phase is Phase.READY
    assert _port(one) != port
    assert looks[:3] == [[], [port], [port]]


def test_a_port_that_is_taken_later_is_named(yard: "Yard") -> None:
    one = yard.plane()
    yard.await_start(one)
    one.stop()

    with _listening(_port(one)):
        yard.await_start(one)

    assert one.phase is Phase.FAILED
    assert f"another process listens on port {_port(one)} of 127.0.0.1" in one.reason
    assert "end that process" in one.reason


def test_without_free_ports_nothing_is_made(yard: "Yard", monkeypatch: pytest.MonkeyPatch) -> None:
    one = yard.plane()
    monkeypatch.setattr(ports, "RANGE", range(_port(one), _port(one) + 1))
    monkeypatch.setattr(ports, "_ATTEMPTS", 1)

    with pytest.raises(EnvironmentFault, match="no 5 free ports found"):
        yard.plane("two")


def test_logs_do_not_grow_for_ever(yard: "Yard", wait: "Wait", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "LOG_LIMIT", 10)
    one = yard.plane(kube_scheduler={"say": "a few words"})

    yard.await_start(one)

    assert wait(lambda: not (yard.root / "one" / "logs" / "kube-scheduler.log").read_text())


def test_what_was_said_before_the_last_start_is_kept(yard: "Yard") -> None:
    one = yard.plane(kube_scheduler={"say": "alas", "exit": 1})
    yard.await_start(one)
    yard.order("one")

    yard.await_start(one)

    logs = yard.root / "one" / "logs"
    assert (logs / "kube-scheduler.previous.log").read_text() == "alas\n"
    assert (logs / "kube-scheduler.log").read_text() == ""


def test_the_caller_s_own_settings_stay_outside(yard: "Yard", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETCD_DATA_DIR", "/elsewhere")
    one = yard.plane()
    yard.await_start(one)

    environment = json.loads((yard.root / "one" / "etcd.asked.json").read_text())["environment"]

    assert "ETCD_DATA_DIR" not in environment
    assert environment["HOME"] == str(yard.root / "one")


def test_nobody_else_can_read_what_it_has(yard: "Yard") -> None:
    one = yard.plane()
    yard.await_start(one)
    one.stop()
    shutil.rmtree(yard.root / "one" / "etcd")
    own = {path for path in _inside(yard.root / "one") if path.suffix in (".pem", ".kubeconfig", ".log")}

    assert own
    assert {path.stat().st_mode & 0o077 for path in own} == {0}
    assert (yard.root / "one").stat().st_mode & 0o777 == 0o700


def _inside(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
