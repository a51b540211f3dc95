"""A project of its own for every rehearsal, and its end whatever happens."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.rehearsal import credentials, processes
from seatrial.rehearsal.account import client
from seatrial.rehearsal.state import StateFolder, folder_of

REPOSITORY = Path(__file__).parents[2]

_PATIENCE = 120.0


def small(suffix: str) -> dict[str, Any]:
    """Describe the least that is a platform: two zones, one node group, few add-ons."""
    off = {"enabled": False}
    return {
        "environment": "dev",
        "environmentSuffix": suffix,
        "owner": "platform-team",
        "costCenter": "engineering",
        "network": {"zoneCount": 2, "nat": "single", "flowLogs": {"enabled": False}},
        "nodeGroups": {"general": {"minSize": 1, "desiredSize": 1, "maxSize": 2}},
        "addons": {"ebsCsi": off, "metricsServer": off},
    }


@dataclass
class Workshop:
    """A project folder with stacks, and the command line in it."""

    folder: Path
    descriptions: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def describe(self, stack: str = "dev", **changes: Any) -> None:
        """Write a stack file: the small platform with changes."""
        self.descriptions[stack] = {**self.descriptions.get(stack, small(stack)), **changes}
        document = {"config": {"seatrial:platform": self.descriptions[stack]}}
        (self.folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(document))

    def state(self, stack: str = "dev") -> StateFolder:
        """Say where a stack's rehearsal keeps everything."""
        return folder_of(self.folder, stack)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `seatrial rehearse ...` as a person does: leader of its own group, as in a terminal."""
        return subprocess.Popen(
            [sys.executable, "-m", "seatrial.cli", "rehearse", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run `seatrial rehearse ...` to its end; give what it printed, after checking how it ended."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=_PATIENCE)
        assert process.returncode == code, f"{arguments} exited {process.returncode}\n{out}\n{err}"
        return out + err

    def open_account(self, stack: str = "dev") -> None:
        """Start the account before the first `up`, so that it can be disturbed."""
        start = "import sys, pathlib; from seatrial.rehearsal.account import client; client.start(pathlib.Path(sys.argv[1]), 'us-east-2')"
        subprocess.run([sys.executable, "-c", start, self.state(stack).account], check=True)

    def disturb(self, *rules: dict[str, Any], stack: str = "dev") -> None:
        """Put fault rules in place of all others."""
        client.inject(self.state(stack).account, rules)

    def calls(self, stack: str = "dev") -> list[dict[str, Any]]:
        """List every call that the account was asked."""
        return client.calls(self.state(stack).account)

    def aws(self, service: str, stack: str = "dev") -> Any:
        """Make a client of a service, as the account's root."""
        endpoint = client.find(self.state(stack).account)
        assert endpoint is not None
        return credentials.client(service, endpoint, credentials.ROOT)

    def outputs(self, path: str = "cfn-outputs/flat-outputs.json") -> dict[str, str]:
        """Read the outputs file."""
        return json.loads((self.folder / path).read_text())

    def discard(self) -> None:
        """End everything that any stack left."""
        for stack in self.descriptions:
            state = self.state(stack)
            if state.exists():
                processes.kill(state.processes)
                client.stop(state.account)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def workshop(tmp_path: Path) -> Generator[Workshop]:
    """A project with the small platform as its stack ``dev``."""
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_bytes((REPOSITORY / "Pulumi.yaml").read_bytes())
    workshop = Workshop(folder)
    workshop.describe()
    try:
        yield workshop
    finally:
        workshop.discard()


def soon(condition: Callable[[], bool], patience: float = 60.0) -> bool:
    """Wait until something holds, and tell whether it does."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def kill_group(process: "subprocess.Popen[str]") -> None:
    """Kill a command with -9."""
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=_PATIENCE)
