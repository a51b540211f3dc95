"""The scripts by which the Automation API finds the engine, and the engine our provider."""

import sys
from pathlib import Path

from seatrial.rehearsal import processes
from seatrial.rehearsal.state import StateFolder

ENGINE = "engine"
"""Name of the engine's processes on record."""

PROVIDER = "provider"
"""Name of the provider's processes on record."""

_EXECUTABLE = 0o700


def write(state: StateFolder, pulumi: Path) -> None:
    """Write ``pulumi`` and ``pulumi-resource-aws``: each puts itself on record and ends with whoever started it."""
    provider = [sys.executable, "-P", "-m", "seatrial.rehearsal.providers.aws"]
    _write(state, "pulumi", ENGINE, [str(pulumi)])
    _write(state, "pulumi-resource-aws", PROVIDER, provider)


def _write(state: StateFolder, file: str, name: str, program: list[str]) -> None:
    path = state.binaries / file
    path.write_text(processes.script(state.processes, name, program), encoding="utf-8")
    path.chmod(_EXECUTABLE)
