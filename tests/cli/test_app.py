"""The command line as a person meets it."""

import logging
import shlex
import subprocess
import sys
from collections.abc import Generator, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import cast

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from seatrial.cli import app
from seatrial.cli.__main__ import main


def _run(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "seatrial.cli", *arguments], cwd=folder, check=False, capture_output=True, text=True
    )


def _main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["seatrial", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.fixture
def quiet_again() -> Generator[None]:
    """Take back what ``--verbose`` does to logging."""
    root, ours = logging.getLogger(), logging.getLogger("seatrial")
    handlers, levels = [*root.handlers], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_the_version_is_that_of_the_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _main(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"seatrial {version('seatrial')}\n"


def test_help_names_every_command_and_the_exit_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _main(monkeypatch, "--help") == 0

    told = capsys.readouterr().out
    assert all(f" {name} " in told for name in app.COMMANDS)
    assert "2 usage or configuration" in told


@pytest.mark.parametrize("command", app.COMMANDS)
def test_every_command_has_help(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _main(monkeypatch, command, "--help") == 0
    assert f"seatrial {command}" in capsys.readouterr().out


def _described(command: TyperGroup | TyperCommand) -> Iterator[TyperGroup | TyperCommand]:
    yield command
    for each in command.commands.values() if isinstance(command, TyperGroup) else ():
        yield from _described(cast("TyperGroup | TyperCommand", each))


EVERY = [*_described(cast("TyperGroup", typer.main.get_command(app.build())))][1:]


@pytest.mark.parametrize("command", EVERY, ids=lambda command: str(command.name))
def test_every_help_has_an_example(command: TyperGroup | TyperCommand) -> None:
    assert (command.epilog or "").startswith(("Example: ", "Examples: "))
    assert "seatrial " in (command.epilog or "")


QUESTIONS = sorted({each.epilog or "" for each in EVERY if "seatrial explain" in (each.epilog or "")})


@pytest.mark.parametrize("example", QUESTIONS)
def test_what_an_example_asks_about_is_allowed(example: str) -> None:
    done = _run(*shlex.split(example)[2:], folder=Path(__file__).parents[2])

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [["launch"], ["plan", "--colour"], ["rehearse", "sideways"], ["plan", "--format", "yaml"]],
    ids=["command", "option", "subcommand", "value"],
)
def test_what_is_not_there_is_a_usage_error(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _main(monkeypatch, *arguments) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert "Usage: seatrial" in err


@pytest.mark.usefixtures("quiet_again")
def test_verbose_logs_what_is_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert _main(monkeypatch, "rehearse", "status", "--verbose") == 2

    assert logging.getLogger("seatrial").level == logging.DEBUG
    assert "Traceback" in capsys.readouterr().err


def test_a_planned_stack_needs_neither_the_aws_sdk_nor_the_engine(tmp_path: Path) -> None:
    program = (
        "import sys; from seatrial.cli import app; app.build(['plan']); import seatrial.cli.plan;"
        "print([name for name in ('boto3', 'ministack', 'pulumi', 'rich') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert told.stdout == "[]\n"


def test_a_folder_without_a_project_is_told_so(tmp_path: Path) -> None:
    done = _run("plan", folder=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert f"no Pulumi.yaml in {tmp_path}" in done.stderr
    assert "Traceback" not in done.stderr


_STUCK = """
import sys, threading
from seatrial.cli import __main__

__main__._GRACE = 0.2
threading.Thread(target=threading.Event().wait).start()
sys.argv = ["seatrial", *sys.argv[1:]]
__main__.command()
"""


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["plan", "--stack", "none"], 2)])
def test_a_command_that_has_ended_leaves_whatever_its_threads_wait_for(arguments: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "-c", _STUCK, *arguments], timeout=60, capture_output=True, check=False)

    assert done.returncode == code
    assert done.stdout or done.stderr
