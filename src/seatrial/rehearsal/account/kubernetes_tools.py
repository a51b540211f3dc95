"""The executables of Kubernetes, as the account's process is told of them: a JSON file."""

import json
from dataclasses import asdict
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import files
from seatrial.rehearsal.control_plane import Tools

FILE = "kubernetes-tools.json"
"""Name of the file in the account's folder."""


def write(folder: Path, tools: Tools) -> Path:
    """Write the file, and say where it is."""
    path = folder / FILE
    files.write(path, json.dumps({name: str(value) for name, value in asdict(tools).items()}).encode())
    return path


def read(path: Path) -> Tools:
    """Read the file; ``EnvironmentFault`` when it doesn't name them all."""
    try:
        named = json.loads(path.read_bytes())
        version = str(named.pop("version"))
        return Tools(version=version, **{name: Path(value) for name, value in named.items()})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
        raise EnvironmentFault(f"{path} does not name the executables of Kubernetes: {fault}") from fault
