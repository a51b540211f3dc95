"""The tether's own steps; that they work together is seen on real processes in ``test_processes``."""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from seatrial.rehearsal import tether


class Library:
    """Stands in for the C library: tying the test's own process to its parent would outlast the test."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []

    def prctl(self, *arguments: int) -> int:
        self.asked.append(arguments)
        return 0


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    fake = Library()

    def load(_: None) -> Library:
        return fake

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setattr(os, "setsid", lambda: None)
    return fake


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []

    def become(_: str, command: list[str]) -> None:
        commands.append(command)

    monkeypatch.setattr(os, "execvp", become)
    return commands


def _main(monkeypatch: pytest.MonkeyPatch, records: Path, parent: int) -> None:
    monkeypatch.setattr(sys, "argv", ["tether.py", str(records), "engine", str(parent), "pulumi", "version"])
    tether.main()


def test_a_process_is_put_on_record_tied_and_replaced(
    library: Library, became: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")

    _main(monkeypatch, tmp_path, os.getppid())

    (record,) = tmp_path.iterdir()
    document = json.loads(record.read_text())
    assert (record.name, document["name"]) == (f"engine-{os.getpid()}.json", "engine")
    assert document["started"] == pytest.approx(psutil.Process().create_time() - psutil.boot_time())
    assert library.asked == [(1, signal.SIGKILL)]
    assert became == [["pulumi", "version"]]


def test_where_the_system_has_no_tie_the_record_must_do(
    library: Library, became: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    _main(monkeypatch, tmp_path, os.getppid())

    assert library.asked == []
    assert became


@pytest.mark.usefixtures("library")
def test_a_parent_that_is_gone_is_noticed(
    became: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as ended:
        _main(monkeypatch, tmp_path, os.getppid() + 1)

    assert ended.value.code == 128 + signal.SIGKILL
    assert became == []
