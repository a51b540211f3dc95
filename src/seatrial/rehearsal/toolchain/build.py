"""Building a tool from what pins it, into the user's cache."""

from collections.abc import Callable
from pathlib import Path

from seatrial.rehearsal import locks
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.toolchain import compilation, golang, installation, modules
from seatrial.rehearsal.toolchain.tools import GoModule, Tool


def build(tool: Tool, progress: Progress) -> Path:
    """Build a tool unless another process just did; it appears whole or not at all."""
    make = _maker(tool)
    place = modules.place(tool)
    place.mkdir(parents=True, exist_ok=True)
    with locks.waiting(place / "lock", lambda: progress.note(f"another command is building {tool.name}: waiting")):
        if not modules.is_built(tool):
            make(progress)
    return modules.cached(tool)


def _maker(tool: Tool) -> Callable[[Progress], None]:
    source = tool.source
    if isinstance(source, GoModule):
        go = golang.find(tool)
        return lambda progress: compilation.compile_(go, tool, source, progress)
    return lambda progress: installation.install(tool, progress)
