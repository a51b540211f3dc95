"""Killed and interrupted at the worst moments: the next command finishes the job, and nothing is made twice.

That nothing was made twice, or made and forgotten, `down` shows: it asks the account for everything that is left.
"""

import os
import signal
import subprocess
import time
from typing import Any

import psutil
import pytest

from seatrial.rehearsal import processes
from seatrial.rehearsal.account import client

pytestmark = pytest.mark.rehearsal

_MADE_BUT_UNANSWERED = (
    {"service": "ec2", "operation": "CreateVpc", "kind": "reset-after"},
    {"service": "ec2", "operation": "CreateVpc", "kind": "delay", "after": 1, "seconds": 60},
)
"""The first call makes the network and breaks off before the answer, its repetition hangs."""


def _up_until_made(workshop: Any) -> "subprocess.Popen[str]":
    workshop.open_account()
    workshop.disturb(*_MADE_BUT_UNANSWERED)
    process = workshop.start("up")
    assert _soon(lambda: len(_networks(workshop)) == 1), process.communicate(timeout=10)
    workshop.disturb({**_MADE_BUT_UNANSWERED[1], "after": 0})
    return process


def _networks(workshop: Any) -> list[str]:
    return [network["VpcId"] for network in workshop.aws("ec2").describe_vpcs()["Vpcs"]]


def _soon(condition: Any, patience: float = 60.0) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and not condition():
        time.sleep(0.05)
    return bool(condition())


def _finish(workshop: Any, made: list[str]) -> None:
    if client.is_running(workshop.state().account):
        workshop.disturb()
    told = workshop.run("up")
    assert "dev is up" in told
    assert _networks(workshop) == made
    assert "nothing changed" in workshop.run("up")
    assert "left in the account" not in workshop.run("down")


def _processes_of(workshop: Any) -> list[psutil.Process]:
    return processes.alive(workshop.state().processes)


def test_the_command_is_killed(workshop: Any) -> None:
    process = _up_until_made(workshop)
    made = _networks(workshop)

    process.kill()
    process.communicate(timeout=10)

    assert _soon(lambda: not _processes_of(workshop), 10), "the engine or its provider outlived the command"
    assert "up interrupted" in workshop.run("status")
    _finish(workshop, made)


def test_the_engine_is_killed(workshop: Any) -> None:
    process = _up_until_made(workshop)
    made = _networks(workshop)

    for engine in processes.alive(workshop.state().processes, "engine"):
        engine.kill()
    _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "ERROR: the engine ended unexpectedly" in said
    assert "Traceback" not in said
    assert not _processes_of(workshop)
    _finish(workshop, made)


def test_the_provider_is_killed(workshop: Any) -> None:
    process = _up_until_made(workshop)
    made = _networks(workshop)

    for provider in processes.alive(workshop.state().processes, "provider"):
        provider.kill()
    _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "Traceback" not in said
    assert not _processes_of(workshop)
    _finish(workshop, made)


def test_the_account_is_killed(workshop: Any) -> None:
    process = _up_until_made(workshop)
    made = _networks(workshop)

    endpoint = client.find(workshop.state().account)
    assert endpoint is not None
    os.kill(endpoint.pid, signal.SIGKILL)
    _, said = process.communicate(timeout=120)

    assert process.returncode == 1
    assert "ERROR: the emulated account ended" in said
    assert "Traceback" not in said
    assert "not running" in workshop.run("status")
    _finish(workshop, made)
    assert client.find(workshop.state().account) is None


def test_down_finishes_what_a_killed_up_began(workshop: Any) -> None:
    process = _up_until_made(workshop)

    process.kill()
    process.communicate(timeout=10)
    workshop.disturb()

    assert "left in the account" not in workshop.run("down")
    assert not (workshop.folder / ".seatrial").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_command_in_good_order(workshop: Any, number: int, code: int) -> None:
    process = workshop.start("up")
    assert _soon(lambda: workshop.state().account.is_dir() and client.is_running(workshop.state().account))
    assert _soon(lambda: len(_networks(workshop)) == 1)

    os.killpg(process.pid, number)  # as a terminal does
    _, said = process.communicate(timeout=60)

    assert process.returncode == code, said
    assert f"interrupted by {signal.Signals(number).name}" in said
    assert "seatrial rehearse up" in said
    assert not _processes_of(workshop)
    assert "running at" in workshop.run("status")
    _finish(workshop, _networks(workshop))


def test_a_killed_down_goes_on(workshop: Any) -> None:
    workshop.run("up")
    process = workshop.start("down")
    assert _soon(lambda: "DeleteNodegroup" in {call["operation"] for call in workshop.calls()})

    process.kill()
    process.communicate(timeout=10)

    assert "left in the account" not in workshop.run("down")
    assert not (workshop.folder / ".seatrial").exists()


def test_down_works_when_the_account_is_gone(workshop: Any) -> None:
    workshop.run("up")
    client.stop(workshop.state().account)

    assert "left in the account" not in workshop.run("down")


def test_a_second_command_on_the_same_stack_is_told_who_works_on_it(workshop: Any) -> None:
    process = _up_until_made(workshop)

    said = workshop.run("up", code=3)

    assert "`seatrial rehearse up --stack dev`, process " in said
    workshop.disturb()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=90)
