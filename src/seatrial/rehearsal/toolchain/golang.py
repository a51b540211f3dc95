"""The Go command: is there one, is it new enough, what would it compile, how."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.toolchain import modules
from seatrial.rehearsal.toolchain.tools import GoModule, Tool


def environment() -> dict[str, str]:
    """Give Go an environment in which the module alone decides: no workspace, no C compiler."""
    return {**os.environ, "GOWORK": "off", "CGO_ENABLED": "0"}


def find(tool: Tool) -> Path:
    """Find a Go that can build the tool; EnvironmentFault says how to get on without."""
    go = shutil.which("go")
    if go is None:
        raise EnvironmentFault(f"there is no {tool.name} on this machine, and no Go to build one with", tip=tip(tool))
    running, message = _running(Path(go), tool)
    if _numbers(running) < _numbers(modules.go_version(tool)):
        raise EnvironmentFault(
            f"there is no {tool.name} on this machine, and {go} is too old to build one: {message or running}",
            tip=tip(tool),
        )
    return Path(go)


def tip(tool: Tool) -> str:
    """Name both ways to get a tool."""
    return (
        f"either install {tool.name} ({tool.install}) and have it on PATH, "
        f"or install Go {modules.go_version(tool)} or later (https://go.dev/dl/) and run this again: "
        f"it builds {tool.name} once"
    )


def package_count(go: Path, tool: Tool, source: GoModule) -> int | None:
    """Count the packages of a tool; fetches its modules. Nothing when Go can't tell, the build will say why."""
    answer = _run(go, tool, "list", "-deps", source.package)
    return len(answer.stdout.splitlines()) if answer.returncode == 0 else None


def arguments(source: GoModule, version: str, target: Path) -> list[str]:
    """Give the arguments of Go that build a tool: stripped, without paths of this machine, knowing its version."""
    major, minor, *_ = version.split(".")
    stamps = (
        f"-X {variable}={value.format(version=version, major=major, minor=minor)}" for variable, value in source.stamps
    )
    flags = ["-v", "-mod=readonly", "-trimpath", "-ldflags", " ".join(["-s -w", *stamps])]
    return ["build", *flags, "-o", str(target), source.package]


def _running(go: Path, tool: Tool) -> tuple[str, str]:
    # Inside the module, Go switches to the toolchain that go.mod asks for, or says why it can't.
    answer = _run(go, tool, "env", "GOVERSION")
    return (answer.stdout.strip() if answer.returncode == 0 else ""), answer.stderr.strip()


def _run(go: Path, tool: Tool, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 (our own arguments)
        [go, *arguments], cwd=modules.folder(tool), env=environment(), capture_output=True, text=True, check=False
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:2]))
