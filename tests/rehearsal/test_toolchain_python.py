"""The AWS CLI: found, or installed into an environment of its own, whole or not at all."""

import sys
from pathlib import Path

import pytest

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal import toolchain
from seatrial.rehearsal.progress import Silent
from seatrial.rehearsal.toolchain import AWS, Origin, modules, work

_PIP = """
echo "$*" >> "$SAID"
env | grep -c "^PIP_USER=" >> "$SAID"
echo Collecting awscli==1.2.3
[ -e "$BROKEN" ] && { echo "ERROR: hashes differ" >&2; exit 1; }
printf '#!/bin/sh\\necho aws-cli/1.46.3\\n' > "$(dirname "$0")/aws"; chmod 700 "$(dirname "$0")/aws"
echo Successfully installed awscli
"""
"""A Python that pretends to be pip."""

_PYTHON = """
[ "$1 $2" = "-m venv" ] || exit 9
mkdir -p "$3/bin"
printf '#!/bin/sh\\n%s' "$PIP_SCRIPT" > "$3/bin/python"; chmod 700 "$3/bin/python"
echo made
"""
"""A Python that makes environments."""


class Told(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def begin(self, phase: str) -> None:
        self.lines.append(phase)

    def advance(self, done: int, total: int | None, current: str) -> None:
        self.lines.append(f"{done}/{total} {current}")

    def end(self, result: str) -> None:
        self.lines.append(result)


def _executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without the AWS CLI, and a Python that is quick."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SAID", str(tmp_path / "said"))
    monkeypatch.setenv("BROKEN", str(tmp_path / "broken"))
    monkeypatch.setenv("PIP_SCRIPT", _PIP)
    for variable in ("SEATRIAL_TOOLCHAIN", "KUBEBUILDER_ASSETS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "executable", str(_executable(tmp_path / "python", _PYTHON)))
    return tmp_path


@pytest.mark.parametrize("version", ["aws-cli/2.15.30 Python/3.11.6 Linux/5.10", "aws-cli/1.18.0 Python/3.8.0"])
def test_one_on_path_is_used(machine: Path, version: str) -> None:
    path = _executable(machine / "bin" / "aws", f"echo {version}")

    located = toolchain.provide(AWS, Silent())

    assert (located.path, located.origin) == (path, Origin.PATH)


def test_one_that_knows_no_tokens_is_passed_over(machine: Path) -> None:
    path = _executable(machine / "bin" / "aws", "echo aws-cli/1.16.190")

    assert toolchain.find(AWS).refused == (f"{path} is 1.16.190; needed is 1.18.0 or later, before 3.0.0",)


def test_a_missing_one_is_installed_once_and_then_found(machine: Path) -> None:
    told = Told()

    installed = toolchain.provide(AWS, told)
    found = toolchain.find(AWS).found

    assert (installed.origin, installed.version) == (Origin.BUILT, modules.pinned_version(AWS))
    assert installed.path.is_relative_to(machine / "cache" / "seatrial" / "toolchain")
    assert found == installed
    assert toolchain.provide(AWS, told) == installed
    total = (modules.folder(AWS) / "requirements.txt").read_text().count("==")
    assert told.lines == [
        f"installing aws {installed.version} (once; about a minute)",
        "0/None made",
        f"1/{total} Collecting awscli==1.2.3",
        f"1/{total} Successfully installed awscli",
        f"installed aws {installed.version}",
    ]


def test_only_what_the_hashes_name_is_installed(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_USER", "1")

    toolchain.provide(AWS, Silent())

    arguments, users = (machine / "said").read_text().splitlines()
    assert "--require-hashes" in arguments
    assert "--no-deps" in arguments
    assert arguments.endswith(f"-r {modules.folder(AWS) / 'requirements.txt'}")
    assert users == "0"


def test_a_failing_installation_is_told_and_not_taken_for_the_tool(machine: Path) -> None:
    (machine / "broken").touch()

    with pytest.raises(EnvironmentFault, match=r"installing aws .* failed:\n(.*\n)*ERROR: hashes differ") as told:
        toolchain.provide(AWS, Silent())

    assert AWS.install in told.value.tip
    assert toolchain.find(AWS).found is None


def test_what_an_interrupted_installation_left_is_replaced(machine: Path) -> None:
    left = modules.environment(AWS) / "bin" / "aws"
    _executable(left, "echo half")
    (modules.environment(AWS) / "rubbish").touch()
    assert toolchain.find(AWS).found is None

    toolchain.provide(AWS, Silent())

    assert "half" not in left.read_text()
    assert not (modules.environment(AWS) / "rubbish").exists()
    assert machine in left.parents


@pytest.mark.usefixtures("machine")
def test_another_python_has_another_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    first = modules.place(AWS)
    monkeypatch.setattr(sys, "base_prefix", "/opt/python")

    assert modules.place(AWS) != first


def test_every_package_is_pinned_with_hashes() -> None:
    text = (modules.folder(AWS) / "requirements.txt").read_text()
    packages = [block for block in text.replace("\\\n", " ").splitlines() if "==" in block]

    assert packages
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "about a minute"), (60, "about a minute"), (61, "about 2 minutes"), (240, "about 4 minutes")],
)
def test_how_long_it_takes_in_words(seconds: int, words: str) -> None:
    assert work.duration(seconds) == words
