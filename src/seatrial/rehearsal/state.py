"""Where a rehearsal keeps everything: one folder per stack, readable by its owner only."""

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import files

_HOME = Path(".seatrial", "rehearsal")
"""Where the folders of all stacks lie, in the project's folder."""


class Damaged(EnvironmentFault):
    """A file of a rehearsal isn't what was written to it."""

    def __init__(self, path: Path, why: str) -> None:
        """Say which file, and how to begin anew without it."""
        tip = "put a good copy there, or delete the stack's folder, which ends all that runs from it, and begin anew"
        super().__init__(f"{path} is damaged: {why}", tip=tip)


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The folder of one stack's rehearsal."""

    root: Path
    """``<project>/.seatrial/rehearsal/<stack>``"""

    @property
    def lock(self) -> Path:
        """Held by the command that works on the stack."""
        return self.root / "lock"

    @property
    def account(self) -> Path:
        """The emulated account: its state, certificates, calls, log."""
        return self.root / "account"

    @property
    def work(self) -> Path:
        """What the engine deploys: copies of the project's and the stack's file."""
        return self.root / "work"

    @property
    def backend(self) -> Path:
        """The engine's state."""
        return self.root / "backend"

    @property
    def home(self) -> Path:
        """The engine's own files, in place of ``~/.pulumi``."""
        return self.root / "home"

    @property
    def temporary(self) -> Path:
        """The engine's temporary files: a killed engine can't remove them."""
        return self.root / "tmp"

    @property
    def binaries(self) -> Path:
        """Scripts that start the engine and its providers."""
        return self.root / "bin"

    @property
    def tools(self) -> Path:
        """Links to the tools that a person looks around with: kubectl, Helm, the AWS CLI."""
        return self.root / "tools"

    @property
    def kubeconfig(self) -> Path:
        """The platform's kubeconfig, as its output has it."""
        return self.root / "kubeconfig"

    @property
    def processes(self) -> Path:
        """Records of the engine and its providers while they live."""
        return self.root / "processes"

    @property
    def provider(self) -> Path:
        """What the provider remembers across restarts."""
        return self.root / "provider"

    @property
    def logs(self) -> Path:
        """What the engine said, one file an operation."""
        return self.root / "logs"

    @property
    def passphrase(self) -> Path:
        """What the engine encrypts secrets with."""
        return self.root / "passphrase"

    @property
    def credentials(self) -> Path:
        """The deployer's access key."""
        return self.root / "credentials.json"

    @property
    def operation(self) -> Path:
        """What was done last and how it ended; see ``seatrial.rehearsal.operations``."""
        return self.root / "operation.json"

    @property
    def outputs(self) -> Path:
        """The outputs as they were written, to tell whether the file elsewhere is still this stack's."""
        return self.root / "outputs.json"

    @property
    def pending(self) -> Path:
        """URNs of resources whose creation was cut off, for the provider."""
        return self.root / "pending-creates.json"

    def exists(self) -> bool:
        """Tell whether there is anything to take down."""
        return self.root.is_dir()

    def make(self) -> None:
        """Make the folder and those in it, out of version control."""
        files.folder(self.root)
        files.write(self.root.parents[1] / ".gitignore", b"*\n")
        for folder in (
            self.work,
            self.backend,
            self.home,
            self.temporary,
            self.binaries,
            self.tools,
            self.processes,
            self.provider,
            self.logs,
        ):
            files.folder(folder)
        if not self.passphrase.exists():
            files.write(self.passphrase, secrets.token_urlsafe().encode())

    def remove(self) -> None:
        """Remove the folder, and what it lies in once no other stack has one there.

        The record of the last operation goes late, so that a removal that is cut off is known for one, and the lock
        last of all: from then on a waiting command may begin anew.
        """
        last = (self.operation, self.lock)
        for path in self.root.iterdir():
            if path not in last:
                _remove(path)
        for path in last:
            path.unlink(missing_ok=True)
        home = self.root.parent
        if _removed_if_empty(self.root) and _removed_if_empty(home):
            (home.parent / ".gitignore").unlink(missing_ok=True)
            _removed_if_empty(home.parent)


def folder_of(project: Path, stack: str) -> StateFolder:
    """Say where a stack's rehearsal keeps everything."""
    return StateFolder(project / _HOME / stack)


def write_json(path: Path, document: Mapping[str, object] | list[str]) -> None:
    """Write a private file whole or not at all; keys are sorted."""
    files.write(path, json.dumps(document, indent=2, sort_keys=True).encode() + b"\n")


def read_json(path: Path) -> dict[str, object] | None:
    """Read what ``write_json`` wrote; nothing where there is no such file, Damaged when it isn't what was written."""
    try:
        document: object = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Damaged(path, str(error)) from None
    if not isinstance(document, dict):
        raise Damaged(path, "it isn't an object")
    return cast("dict[str, object]", document)


def empty(folder: Path) -> None:
    """Remove what is in a folder, not the folder."""
    shutil.rmtree(folder)
    files.folder(folder)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _removed_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:  # something is in it: of another stack, of a person, of a command that begins anew
        return False
    return True
