"""The scripts by which the Automation API finds the engine, the engine our providers, and a person the tools."""

import sys
from collections.abc import Iterable
from pathlib import Path

from seatrial.rehearsal import processes
from seatrial.rehearsal.state import StateFolder

ENGINE = "engine"
"""Name of the engine's processes on record."""

PROVIDER = "provider"
"""Name of the provider's processes on record."""

_EXECUTABLE = 0o700


SERVED = ("aws", "kubernetes")
"""Providers that are ours in a rehearsal."""


def write(state: StateFolder, pulumi: Path) -> None:
    """Write ``pulumi`` and ``pulumi-resource-…``: each puts itself on record and ends with whoever started it."""
    _write(state, "pulumi", ENGINE, [str(pulumi)])
    for name in SERVED:
        provider = [sys.executable, "-P", "-m", f"seatrial.rehearsal.providers.{name}"]
        _write(state, f"pulumi-resource-{name}", PROVIDER, provider)


def link(state: StateFolder, tools: Iterable[Path]) -> None:
    """Have tools found under their own names: by a person in a folder of their own, by the engine's side beside it."""
    for tool in tools:
        for folder in (state.tools, state.binaries):
            link = folder / tool.name
            link.unlink(missing_ok=True)
            link.symlink_to(tool)


def _write(state: StateFolder, file: str, name: str, program: list[str]) -> None:
    path = state.binaries / file
    path.write_text(processes.script(state.processes, name, program), encoding="utf-8")
    path.chmod(_EXECUTABLE)
