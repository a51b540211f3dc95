"""The stack's outputs as one flat file: what the acceptance suite, and any pipeline, reads."""

import json
from collections.abc import Mapping
from pathlib import Path

from seatrial.rehearsal.account import files
from seatrial.rehearsal.state import StateFolder

DEFAULT = Path("cfn-outputs", "flat-outputs.json")
"""Where the file lies, in the project's folder, unless asked otherwise."""


def write(path: Path, outputs: Mapping[str, object], state: StateFolder) -> None:
    """Write every output as text, sorted by name; private, since the kubeconfig is among them."""
    flat = {
        name: value if isinstance(value, str) else json.dumps(value, sort_keys=True) for name, value in outputs.items()
    }
    content = json.dumps(flat, indent=2, sort_keys=True).encode() + b"\n"
    files.missing(path.parent)
    files.write(path, content)
    files.write(state.outputs, content)


def remove(path: Path, state: StateFolder) -> None:
    """Remove the file and the folder that it leaves empty, unless another stack wrote its own there since."""
    if not (path.is_file() and state.outputs.is_file() and path.read_bytes() == state.outputs.read_bytes()):
        return
    path.unlink()
    if not any(path.parent.iterdir()):
        path.parent.rmdir()
