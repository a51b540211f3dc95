import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import seatrial
from seatrial.errors import EnvironmentFault
from seatrial.rehearsal import toolchain
from seatrial.rehearsal.progress import Silent
from seatrial.rehearsal.toolchain import KUBE_CONTROLLER_MANAGER, KUBE_SCHEDULER, PULUMI, Origin, golang, modules
from seatrial.rehearsal.toolchain.tools import GoModule, version_in


class Told(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.steps: list[tuple[int, int | None, str]] = []

    def note(self, text: str) -> None:
        self.notes.append(text)

    def advance(self, done: int, total: int | None, current: str) -> None:
        self.steps.append((done, total, current))


def _executable(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return path


def _pulumi(folder: Path, version: str = "v3.200.1") -> Path:
    return _executable(folder, "pulumi", f'[ "$1" = version ] && echo {version}')


_GO = """
case "$1" in
  env) echo "${FAKE_GO_VERSION:-go1.26.8}" ;;
  list) printf 'a\\nb\\nc\\n' ;;
  build)
    while [ "$1" != -o ]; do shift; done
    echo github.com/pulumi/a; echo github.com/pulumi/b
    printf '#!/bin/sh\\necho built\\n' > "$2"; chmod 700 "$2" ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing but a shell: tools go into its ``bin``."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for variable in ("SEATRIAL_TOOLCHAIN", "KUBEBUILDER_ASSETS"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_a_tool_on_path_is_used_as_it_is(machine: Path) -> None:
    path = _pulumi(machine / "bin")
    told = Told()

    located = toolchain.provide(PULUMI, told)

    assert (located.path, located.version, located.origin) == (path, "3.200.1", Origin.PATH)
    assert told.notes == [f"using pulumi 3.200.1 (PATH: {path})"]


def test_the_chosen_folder_comes_before_path(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pulumi(machine / "bin")
    chosen = _pulumi(machine / "chosen", "3.250.0")
    monkeypatch.setenv("SEATRIAL_TOOLCHAIN", str(machine / "chosen"))

    located = toolchain.provide(PULUMI, Silent())

    assert (located.path, located.origin) == (chosen, Origin.CHOSEN)


def test_a_chosen_folder_without_the_tool_is_passed_over(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _pulumi(machine / "bin")
    monkeypatch.setenv("SEATRIAL_TOOLCHAIN", str(machine))

    assert toolchain.provide(PULUMI, Silent()).path == path


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo v3.0.0-dev", "is 3.0.0; needed is 3.1.0 or later, before 4.0.0"),
        ("echo 4.0.0", "is 4.0.0; needed is 3.1.0 or later, before 4.0.0"),
        ("echo hello", "doesn't print its version"),
        ("exit 1", "doesn't print its version"),
    ],
)
def test_a_tool_of_another_version_is_passed_over_and_said_so(machine: Path, script: str, reason: str) -> None:
    path = _executable(machine / "bin", "pulumi", script)

    search = toolchain.find(PULUMI)

    assert search.found is None
    assert search.refused == (f"{path} {reason}",)


def test_why_a_tool_was_passed_over_is_told_before_another_is_built(machine: Path) -> None:
    _executable(machine / "bin", "go", _GO)
    path = _pulumi(machine / "bin", "2.0.0")
    told = Told()

    toolchain.provide(PULUMI, told)

    assert told.notes[0] == f"not used: {path} is 2.0.0; needed is 3.1.0 or later, before 4.0.0"


def test_a_tool_that_can_not_be_run_is_passed_over(machine: Path) -> None:
    path = machine / "bin" / "pulumi"
    path.write_bytes(b"\x7fELF not really")
    path.chmod(0o700)

    assert toolchain.find(PULUMI).refused == (f"{path} doesn't print its version",)


def test_asking_for_the_version_leaves_nothing_in_the_home_folder(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(machine / "home"))
    _executable(machine / "bin", "pulumi", 'mkdir -p "${PULUMI_HOME:-$HOME/.pulumi}"; echo v3.200.1')

    toolchain.find(PULUMI)

    assert not (machine / "home").exists()


def test_a_missing_tool_is_built_once_and_then_found(machine: Path) -> None:
    _executable(machine / "bin", "go", _GO)
    told = Told()

    built = toolchain.provide(PULUMI, told)
    found = toolchain.find(PULUMI).found

    assert (built.origin, built.version) == (Origin.BUILT, modules.pinned_version(PULUMI))
    assert built.path.is_relative_to(machine / "cache" / "seatrial" / "toolchain")
    assert found == built
    assert told.steps[-2:] == [(1, 3, "github.com/pulumi/a"), (2, 3, "github.com/pulumi/b")]


def test_a_build_stamps_the_version_and_needs_no_c_compiler(machine: Path) -> None:
    _executable(machine / "bin", "go", f'echo "$CGO_ENABLED $GOWORK $*" >> {machine}/said\n{_GO}')

    toolchain.provide(PULUMI, Silent())

    said = (machine / "said").read_text()
    version = modules.pinned_version(PULUMI)
    assert f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={version} " in said
    assert all(line.startswith("0 off ") for line in said.splitlines())


def test_a_failing_build_shows_its_last_lines_and_leaves_nothing(machine: Path) -> None:
    _executable(machine / "bin", "go", '[ "$1" = env ] && echo go1.26.8 && exit\necho undefined: main.x >&2\nexit 1')

    with pytest.raises(EnvironmentFault, match=r"building pulumi .* failed:\nundefined: main\.x"):
        toolchain.provide(PULUMI, Silent())

    assert toolchain.find(PULUMI).found is None


def test_what_an_interrupted_build_left_is_not_taken_for_the_tool(machine: Path) -> None:
    _executable(machine / "bin", "go", _GO)
    target = modules.cached(PULUMI)
    target.parent.mkdir(parents=True)
    partial = target.with_name(".pulumi.partial")
    partial.write_text("half")

    located = toolchain.provide(PULUMI, Silent())

    assert subprocess.run([located.path], capture_output=True, text=True, check=True).stdout == "built\n"
    assert not partial.exists()


def test_an_interrupted_build_ends_its_compilers(machine: Path) -> None:
    sleeper = f'[ "$1" = build ] || {{ echo go1.26.8; exit; }}\necho one\nsleep 61 & echo $! > {machine}/pid\nwait'
    _executable(machine / "bin", "go", sleeper)

    class Impatient(Told):
        def advance(self, done: int, total: int | None, current: str) -> None:
            super().advance(done, total, current)
            if current == "one":
                while not (machine / "pid").exists() or not (machine / "pid").read_text().strip():
                    time.sleep(0.01)
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        toolchain.provide(PULUMI, Impatient())

    pid = int((machine / "pid").read_text())
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"


_PROVIDE = """
from seatrial.rehearsal import toolchain
from seatrial.rehearsal.progress import Silent
print(toolchain.provide(toolchain.PULUMI, Silent()).path)
"""


def test_two_commands_build_it_once(machine: Path) -> None:
    _executable(machine / "bin", "go", f'echo "$1" >> {machine}/said\n[ "$1" = build ] && sleep 0.5\n{_GO}')
    command = [sys.executable, "-c", _PROVIDE]

    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as first,
        subprocess.Popen(command, stdout=subprocess.PIPE) as second,
    ):
        paths = [process.communicate()[0] for process in (first, second)]

    assert paths[0] == paths[1] != b""
    assert (machine / "said").read_text().split().count("build") == 1


def test_who_waits_for_another_build_is_told(machine: Path) -> None:
    _executable(machine / "bin", "go", _GO)
    target = modules.cached(PULUMI)
    target.parent.mkdir(parents=True)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print(flush=True); time.sleep(1)",
            str(target.parent / "lock"),
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    told = Told()

    with holder:
        toolchain.provide(PULUMI, told)

    assert told.notes[0] == "another command is building pulumi: waiting"


@pytest.mark.usefixtures("machine")
def test_without_tool_and_go_both_ways_are_told() -> None:
    with pytest.raises(EnvironmentFault, match="there is no pulumi on this machine, and no Go") as told:
        toolchain.provide(PULUMI, Silent())

    assert told.value.exit_code == 3
    assert "https://www.pulumi.com/docs/install/" in told.value.tip
    assert f"Go {modules.go_version(PULUMI)} or later (https://go.dev/dl/)" in told.value.tip


def test_a_go_that_is_too_old_is_told_with_its_version(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_GO_VERSION", "go1.19.5")
    go = _executable(machine / "bin", "go", _GO)

    with pytest.raises(EnvironmentFault, match=rf"{go} is too old to build one: go1\.19\.5"):
        toolchain.provide(PULUMI, Silent())


def test_a_go_that_refuses_the_module_is_told_in_its_words(machine: Path) -> None:
    _executable(machine / "bin", "go", 'echo "go.mod requires go >= 1.26 (running go 1.22)" >&2; exit 1')

    with pytest.raises(EnvironmentFault, match=r"too old to build one: go\.mod requires go >= 1\.26"):
        toolchain.provide(PULUMI, Silent())


def test_an_unknown_number_of_packages_is_no_fault(machine: Path) -> None:
    go = _executable(machine / "bin", "go", "exit 1")

    assert isinstance(PULUMI.source, GoModule)
    assert golang.package_count(go, PULUMI, PULUMI.source) is None


def test_an_installed_package_brings_its_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = tmp_path / "seatrial" / "go_modules" / "pulumi"
    packaged.mkdir(parents=True)
    monkeypatch.setattr(seatrial, "__file__", str(tmp_path / "seatrial" / "__init__.py"))

    assert modules.folder(PULUMI) == packaged


def test_another_content_of_the_module_is_another_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = tmp_path / "seatrial" / "go_modules" / "pulumi"
    packaged.mkdir(parents=True)
    monkeypatch.setattr(seatrial, "__file__", str(tmp_path / "seatrial" / "__init__.py"))
    (packaged / "go.mod").write_text("go 1.26\n")
    (packaged / "go.sum").write_text("a\n")
    first = modules.cached(PULUMI)

    (packaged / "go.sum").write_text("b\n")

    assert modules.cached(PULUMI) != first


def test_without_a_cache_variable_the_home_folder_has_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)

    assert modules.cache() == Path.home() / ".cache" / "seatrial" / "toolchain"


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("v3.250.0", (3, 250, 0)),
        ("etcd Version: 3.6.5\nGo Version: go1.26.8", (3, 6, 5)),
        ("Client Version: v1.36.2\nKustomize Version: v5.8.1", (1, 36, 2)),
        ("aws-cli/2.15.30 Python/3.11.6", (2, 15, 30)),
        ("v4.3", (4, 3, 0)),
        ("built by go1.26 as 4.3.1", (4, 3, 1)),
        ("hello", None),
    ],
)
def test_the_version_in_what_a_tool_says(said: str, version: tuple[int, int, int] | None) -> None:
    assert version_in(said) == version


def test_kubernetes_is_told_its_version_in_parts(machine: Path) -> None:
    _executable(machine / "bin", "go", f'echo "$*" >> {machine}/said\n{_GO}')

    toolchain.provide(KUBE_SCHEDULER, Silent())

    said = (machine / "said").read_text()
    version = modules.pinned_version(KUBE_SCHEDULER)
    major, minor, _ = version.split(".")
    for stamp in (f"gitVersion=v{version}", f"gitMajor={major}", f"gitMinor={minor}"):
        assert f"-X k8s.io/component-base/version.{stamp}" in said


def test_tools_of_one_module_lie_side_by_side(machine: Path) -> None:
    _executable(machine / "bin", "go", _GO)

    paths = [toolchain.provide(tool, Silent()).path for tool in (KUBE_SCHEDULER, KUBE_CONTROLLER_MANAGER)]

    assert paths[0].parent == paths[1].parent
    assert [path.name for path in paths] == ["kube-scheduler", "kube-controller-manager"]
