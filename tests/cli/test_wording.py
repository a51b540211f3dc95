"""Counts, durations, status and progress in words."""

import io
import sys
from pathlib import Path

import pytest

from seatrial.cli import counts, progress, status
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.events import Change
from seatrial.rehearsal.operations import Operation, Result
from seatrial.rehearsal.status import Cluster, Status


def _cluster(phase: str, reason: str = "") -> Cluster:
    return Cluster(
        name="eks-cluster-dev",
        status="ACTIVE",
        phase=phase,
        reason=reason,
        endpoint="https://127.0.0.1:20002",
        version="1.36.2",
        nodes=4,
        ready_nodes=3,
    )


CLUSTERS = (_cluster("ready"),)

ENDPOINT = Endpoint("https://127.0.0.1:20001", 1, 0.0, "ca.pem", "us-east-2")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "nothing changed"),
        ({"same": 73}, "nothing changed, 73 unchanged"),
        ({"create": 3, "same": 70}, "3 created, 70 unchanged"),
        ({"delete": 1, "update": 2, "create": 3, "replace": 4}, "3 created, 2 updated, 4 replaced, 1 deleted"),
    ],
)
def test_changes_are_counted_in_words(changes: dict[str, int], words: str) -> None:
    assert counts.changes(changes) == words


def test_a_change_names_what_differs() -> None:
    updated = Change(resource="eks-vpc-dev (aws:ec2/vpc:Vpc)", kind="update", properties=("tags", "cidrBlock"))
    created = Change(resource="eks-vpc-dev (aws:ec2/vpc:Vpc)", kind="create", properties=())

    assert counts.told(updated) == "update eks-vpc-dev (aws:ec2/vpc:Vpc): tags, cidrBlock"
    assert counts.told(created) == "create eks-vpc-dev (aws:ec2/vpc:Vpc)"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.9, "59 s"), (60.0, "1 min 00 s"), (185.0, "3 min 05 s")]
)
def test_durations_read_as_people_say_them(seconds: float, words: str) -> None:
    assert progress.elapsed(seconds) == words


@pytest.mark.parametrize(("done", "total", "words"), [(3, 12, "3/12"), (3, None, "3"), (13, 12, "13")])
def test_an_amount_without_a_known_end_is_a_number(done: int, total: int | None, words: str) -> None:
    assert progress.amount(done, total) == words


def test_a_rehearsal_that_never_was_has_three_rows() -> None:
    found = Status(account=None, uptime=0.0, clusters=(), working="", last=None)

    assert status.rows(found, "dev") == [("stack", "dev"), ("account", "not running"), ("engine", "idle")]


def test_a_running_rehearsal_says_what_it_does_and_did() -> None:
    last = Operation(
        kind="up", result=Result.FAILED, started=0.0, seconds=61, changes={"create": 2}, resources=2, outputs=""
    )
    found = Status(account=ENDPOINT, uptime=5.0, clusters=CLUSTERS, working="pid 7: seatrial rehearse down", last=last)

    rows = dict(status.rows(found, "dev"))

    assert rows["account"] == "running at https://127.0.0.1:20001, for 5 s"
    assert rows["cluster"] == "eks-cluster-dev ACTIVE at https://127.0.0.1:20002, Kubernetes 1.36.2, 3 of 4 nodes ready"
    assert rows["engine"] == "busy: pid 7: seatrial rehearse down"
    assert rows["last"].startswith("up failed, began ")
    assert rows["last"].endswith(", took 1 min 01 s")
    assert (rows["changes"], rows["resources"], rows["outputs"]) == ("2 created", "2", "none")


@pytest.mark.parametrize(
    ("phase", "reason", "words"),
    [
        ("starting", "", "eks-cluster-dev ACTIVE, control plane: starting"),
        ("none", "", "eks-cluster-dev ACTIVE, control plane: none"),
        ("failed", "etcd ended", "eks-cluster-dev ACTIVE: its control plane failed: etcd ended"),
    ],
)
def test_a_control_plane_that_is_not_ready_says_why(phase: str, reason: str, words: str) -> None:
    found = Status(account=ENDPOINT, uptime=5.0, clusters=(_cluster(phase, reason),), working="", last=None)

    assert dict(status.rows(found, "dev"))["cluster"] == words


def test_where_the_outputs_are_is_told() -> None:
    last = Operation(kind="up", outputs=str(Path("out.json")))
    found = Status(account=None, uptime=0.0, clusters=(), working="", last=last)

    assert dict(status.rows(found, "dev"))["outputs"] == "out.json"


def test_lines_come_at_the_beginning_now_and_then_and_at_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    lines = progress.reporter()

    lines.begin("deploying")
    lines.advance(1, 3, "a")
    now[0] += 10
    lines.advance(2, 3, "b")
    lines.advance(3, 3, "c")
    lines.note("by the way")
    lines.end("done")

    out, err = capsys.readouterr()
    assert out == ""
    assert err == "deploying ...\n  2/3 after 10 s b\nby the way\ndeploying: done\n"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_line_that_changes_and_stays_with_its_result(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    live = progress.reporter()
    live.advance(1, 3, "nothing has begun")
    live.begin("deploying")
    live.advance(2, 3, "eks-vpc-dev")
    live.note("by [the] way")
    live.begin("checking")
    live.end("done")

    told = terminal.getvalue()
    assert "by [the] way" in told
    assert "checking: done" in told
    assert "nothing has begun" not in told
