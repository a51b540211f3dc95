"""Where a running account answers: ``endpoint.json`` in its folder."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from seatrial.rehearsal.account import files

FILE = "endpoint.json"
"""Name of the file in the account's folder; there while the server is ready."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A running account."""

    url: str
    """``https://127.0.0.1:PORT``: ``AWS_ENDPOINT_URL``."""
    pid: int
    """The server's process."""
    created: float
    """When that process started, in seconds since the epoch: a reused pid has another one."""
    ca: str
    """File of the certificate authority to verify against: ``AWS_CA_BUNDLE``."""
    region: str
    """Region of the account."""

    def serves(self, folder: Path) -> bool:
        """Whether the server was started on this folder: it keeps to the path if the folder is moved."""
        return Path(self.ca).parent == folder.absolute()


def write(folder: Path, endpoint: Endpoint) -> None:
    """Say that the server is ready."""
    files.write(folder / FILE, json.dumps(asdict(endpoint)).encode())


def read(folder: Path) -> Endpoint | None:
    """Read what the server said last; nothing when it hasn't, has quit, or what it said can't be read."""
    try:
        return Endpoint(**json.loads((folder / FILE).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def remove(folder: Path) -> None:
    """Say that the server is gone."""
    (folder / FILE).unlink(missing_ok=True)
