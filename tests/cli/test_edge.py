"""Every exception becomes a message and an exit code, and nothing but that."""

import errno
import os
import tempfile
from pathlib import Path

import pytest

from seatrial.cli import edge
from seatrial.errors import ConfigError, DeploymentFailed, EnvironmentFault, Fault, SeatrialError, UsageError

FAULT = Fault("network.nat", "singel", "one of none, single", "did you mean single?")


def _told(error: BaseException, capsys: pytest.CaptureFixture[str], *, verbose: bool = False) -> tuple[object, str]:
    with pytest.raises(SystemExit) as ended, edge.reported(verbose=verbose):
        raise error
    out, err = capsys.readouterr()
    assert out == ""
    return ended.value.code, err


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        pytest.param(UsageError("no such stack"), 2, "ERROR: no such stack\n", id="usage"),
        pytest.param(EnvironmentFault("no Go", tip="get it"), 3, "ERROR: no Go\nTIP: get it\n", id="environment"),
        pytest.param(DeploymentFailed("refused"), 1, "ERROR: refused\n", id="deployment"),
        pytest.param(SeatrialError("other"), 4, "ERROR: other\n", id="other"),
        pytest.param(KeyboardInterrupt(), 130, "interrupted\n", id="ctrl-c"),
    ],
)
def test_a_fault_is_a_message_and_an_exit_code(
    error: BaseException, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _told(error, capsys) == (code, message)


def test_every_fault_of_a_description_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    error = ConfigError([FAULT, Fault("owner", "(missing)", "text")], "Pulumi.dev.yaml")

    code, message = _told(error, capsys)

    assert code == 2
    assert message == (
        "ERROR: 2 faults in Pulumi.dev.yaml\n\n"
        "  network.nat\n    found    singel\n    allowed  one of none, single\n    hint     did you mean single?\n\n"
        "  owner\n    found    (missing)\n    allowed  text\n"
    )


def test_one_fault_without_a_file_is_counted_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    _, message = _told(ConfigError([FAULT]), capsys)

    assert message.startswith("ERROR: 1 fault in the description of the platform\n")


def test_a_fault_reads_as_one_line_where_it_is_not_laid_out() -> None:
    assert str(ConfigError([FAULT, Fault("owner", "(missing)", "text")])) == (
        "network.nat: found singel; allowed: one of none, single (did you mean single?)\n"
        "owner: found (missing); allowed: text"
    )


def test_a_traceback_is_shown_to_who_asks(capsys: pytest.CaptureFixture[str]) -> None:
    _, message = _told(UsageError("no such stack"), capsys, verbose=True)

    assert message.startswith("ERROR: no such stack\nTraceback")


def test_a_fault_of_seatrial_itself_is_kept_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    code, message = _told(ValueError("odd"), capsys)

    (file,) = tmp_path.iterdir()
    assert code == 4
    assert message == (
        "ERROR: seatrial failed: ValueError: odd\n"
        f"TIP: this is a fault of seatrial; please report it with the traceback in {file}\n"
    )
    assert "raise error\nValueError: odd\n" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_fault_of_seatrial_itself_is_shown_to_who_asks(capsys: pytest.CaptureFixture[str]) -> None:
    code, message = _told(ValueError("odd"), capsys, verbose=True)

    assert code == 4
    assert message.startswith("ERROR: seatrial failed: ValueError: odd\nTraceback")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "TIP: make room there and run the command again; nothing is lost"),
        (errno.EACCES, "TIP: give yourself the right to it"),
        (errno.EROFS, "TIP: it can only be read; work on a copy"),
    ],
)
def test_a_fault_of_the_machine_is_told_with_what_to_do(
    number: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, message = _told(OSError(number, os.strerror(number), "some/file"), capsys)

    assert code == 3
    assert message.startswith(f"ERROR: some/file: {os.strerror(number)}\n{says}")


def test_a_fault_of_the_machine_may_be_of_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(OSError(errno.ENOSPC, "no space"), capsys)[1].startswith("ERROR: no space\n")


def test_a_file_that_seatrial_has_lost_is_a_fault_of_its_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert _told(FileNotFoundError(errno.ENOENT, "no such file", "x"), capsys)[0] == 4


def test_a_traceback_that_cannot_be_kept_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")

    code, message = _told(ValueError("odd"), capsys)

    assert code == 4
    assert "with the traceback that follows\nTraceback" in message


def test_nobody_reads_but_the_exit_code_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("typer.echo", closed)

    with pytest.raises(SystemExit) as ended, edge.reported():
        raise UsageError("no such stack")
    assert ended.value.code == 2


def test_a_block_that_ends_well_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with edge.reported():
        pass

    assert capsys.readouterr() == ("", "")


def test_a_package_that_is_not_installed_is_named_with_what_installs_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, message = _told(ModuleNotFoundError("No module named 'boto3'", name="boto3"), capsys)

    assert code == 3
    assert message == (
        "ERROR: the Python package boto3 is not installed\n"
        "TIP: rehearsals and sweeps need more than a plan does: pip install 'seatrial[rehearsal,sweep]'\n"
    )


@pytest.mark.parametrize("name", ["seatrial.lost", None])
def test_a_module_of_its_own_that_is_lost_is_a_fault_of_its_own(
    name: str | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert _told(ModuleNotFoundError("lost", name=name), capsys)[0] == 4
