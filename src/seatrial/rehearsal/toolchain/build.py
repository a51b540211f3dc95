"""Building a tool from its pinned Go module into the user's cache."""

import os
import signal
import subprocess
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal import locks
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.toolchain import golang, modules
from seatrial.rehearsal.toolchain.tools import Tool

_LINES_KEPT = 15
"""Last lines of a failed build that its message shows."""


def build(tool: Tool, progress: Progress) -> Path:
    """Build a tool unless another process just did; the executable appears whole or not at all."""
    go = golang.find(tool)
    target = modules.cached(tool)
    target.parent.mkdir(parents=True, exist_ok=True)
    with locks.waiting(
        target.parent / "lock", lambda: progress.note(f"another command is building {tool.name}: waiting")
    ):
        if not target.is_file():
            with _staging(target) as staging:
                _compile(go, tool, staging, progress)
                staging.replace(target)
    return target


@contextmanager
def _staging(target: Path) -> Generator[Path]:
    staging = target.with_name(f".{target.name}.partial")
    try:
        yield staging
    finally:
        staging.unlink(missing_ok=True)


def _compile(go: Path, tool: Tool, target: Path, progress: Progress) -> None:
    version = modules.pinned_version(tool)
    progress.begin(f"building {tool.name} {version} (once; a few minutes)")
    progress.advance(0, None, "fetching Go modules")
    total = golang.package_count(go, tool)
    with _compiler(go, tool, target, version) as lines:
        said = _watched(lines, total, progress)
    if not target.is_file():
        message = [f"building {tool.name} {version} failed:", *said[-_LINES_KEPT:]]
        raise EnvironmentFault("\n".join(message), tip=golang.tip(tool))
    progress.end(f"built {tool.name} {version}")


def _watched(lines: Iterable[str], total: int | None, progress: Progress) -> list[str]:
    seen: list[str] = []
    for line in lines:
        seen.append(line.rstrip())
        progress.advance(len(seen), total, seen[-1])
    return seen


@contextmanager
def _compiler(go: Path, tool: Tool, target: Path, version: str) -> Generator[Iterable[str]]:
    stamps = " ".join(f"-X {variable}={version}" for variable in tool.stamps)
    flags = ["-v", "-mod=readonly", "-trimpath", "-ldflags", f"-s -w {stamps}"]
    process = subprocess.Popen(  # noqa: S603 (our own arguments)
        [go, "build", *flags, "-o", target, tool.package],
        cwd=modules.folder(tool),
        env=golang.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,  # Ctrl-C reaches this command alone, which then ends Go with its compilers
    )
    with process:
        try:
            yield process.stdout or ()
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise
