"""The Go command: is there one, is it new enough, what would it compile."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.toolchain import modules
from seatrial.rehearsal.toolchain.tools import Tool


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


def package_count(go: Path, tool: Tool) -> int | None:
    """Count the packages of a tool; fetches its modules. Nothing when Go can't tell, the build will say why."""
    answer = _run(go, tool, "list", "-deps", tool.package)
    return len(answer.stdout.splitlines()) if answer.returncode == 0 else None


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
