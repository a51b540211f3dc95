"""A project of its own for every rehearsal, and its end whatever happens."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.rehearsal import credentials, principals, processes
from seatrial.rehearsal.account import client, inventory
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.control_plane import Tools
from seatrial.rehearsal.state import StateFolder, folder_of

REPOSITORY = Path(__file__).parents[2]

_PATIENCE = 180.0

_START = """
import sys
from pathlib import Path
from seatrial.rehearsal.account import client
client.start(Path(sys.argv[1]), "us-east-2")
"""


def small(suffix: str) -> dict[str, Any]:
    """Describe the least that is a platform: two zones, one node group, few add-ons."""
    off = {"enabled": False}
    return {
        "environment": "dev",
        "environmentSuffix": suffix,
        "owner": "platform-team",
        "costCenter": "engineering",
        "kubernetes": {"enabled": False},
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
        subprocess.run([sys.executable, "-c", _START, self.state(stack).account], check=True)

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


URN = "urn:pulumi:dev::seatrial::seatrial:index:Network$aws:ec2/vpc:Vpc::eks-vpc-dev"
"""A resource of the fake engine."""


def step(kind: str, operation: str, urn: str = URN, **others: Any) -> dict[str, Any]:
    """Write an event about a resource, as the engine does."""
    return {kind: {"metadata": {"op": operation, "urn": urn, "type": "aws:ec2/vpc:Vpc", **others}}}


def summary(**changes: int) -> dict[str, Any]:
    """Write the event at the end of an operation."""
    return {"summaryEvent": {"durationSeconds": 1, "resourceChanges": changes}}


def complaint(message: str, urn: str = URN, severity: str = "error") -> dict[str, Any]:
    """Write a diagnostic event."""
    return {"diagnosticEvent": {"urn": urn, "message": message, "color": "never", "severity": severity}}


@dataclass
class FakePulumi:
    """The fake engine's folder: what it shall do, what it was asked."""

    folder: Path

    def script(self, **operations: list[list[dict[str, Any]]]) -> None:
        """Say what happens in the next runs of every operation."""
        (self.folder / "script.json").write_text(json.dumps(operations))

    def exports(self, **outputs: Any) -> None:
        """Say what the stack's outputs are."""
        (self.folder / "outputs.json").write_text(json.dumps(outputs))

    def holds(self, **deployment: Any) -> None:
        """Say what the state holds."""
        (self.folder / "deployment.json").write_text(json.dumps(deployment))

    def held(self) -> dict[str, Any]:
        """Read what the state holds."""
        return json.loads((self.folder / "deployment.json").read_text())

    def asked(self, beginning: str) -> list[str]:
        """List what it was asked that begins so."""
        lines = (self.folder / "asked").read_text().splitlines()
        return [line for line in lines if line.startswith(beginning)]


_VERSIONS = {
    "etcd": "3.6.5",
    "kube-apiserver": "1.36.2",
    "kube-controller-manager": "1.36.2",
    "kube-scheduler": "1.36.2",
    "kwok": "0.8.0",
    "aws": "1.46.3",
    "helm": "4.3.1",
    "kubectl": "1.36.2",
}
"""The tools besides the engine, which nothing runs here but to ask for their version."""


def _executable(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o700)


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """A Pulumi CLI that does as it is told."""
    folder = tmp_path / "fake"
    folder.mkdir()
    _executable(folder / "pulumi", f'exec {sys.executable} {Path(__file__).with_name("fake_pulumi.py")} "$@"')
    for tool, version in _VERSIONS.items():
        _executable(folder / tool, f"echo {version}")
    monkeypatch.setenv("FAKE_PULUMI", str(folder))
    monkeypatch.setenv("SEATRIAL_TOOLCHAIN", str(folder))
    fake = FakePulumi(folder)
    fake.script()
    return fake


class FakeAccount:
    """Stands in for the account's server: it runs, or it doesn't, and remembers what was done."""

    def __init__(self) -> None:
        self.endpoint: Endpoint | None = None
        self.told: list[str] = []
        self.tools: Tools | None = None

    def start(self, folder: Path, region: str, account: str = "", tools: Tools | None = None) -> Endpoint:
        """Start it."""
        self.tools = tools
        self.told.append(f"start {region}{account}")
        folder.mkdir(parents=True, exist_ok=True)
        self.endpoint = Endpoint("https://127.0.0.1:20000", os.getpid(), time.time(), str(folder / "ca.pem"), region)
        return self.endpoint

    def find(self, _folder: Path) -> Endpoint | None:
        """Find it."""
        return self.endpoint

    def clusters(self, _folder: Path) -> list[dict[str, Any]]:
        """Tell of its clusters."""
        return [{"name": "eks-cluster-dev", "status": "CREATING", "phase": "none"}]

    def is_running(self, _folder: Path) -> bool:
        """Tell whether it runs."""
        return self.endpoint is not None

    def stop(self, _folder: Path) -> None:
        """End it."""
        self.told.append("stop")
        self.endpoint = None


def _answering(value: object) -> Callable[..., object]:
    def answer(*_: object) -> object:
        return value

    return answer


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> FakeAccount:
    """An account without a server."""
    fake = FakeAccount()
    for name in ("start", "find", "is_running", "clusters", "stop"):
        monkeypatch.setattr(client, name, getattr(fake, name))

    def remove(*_: object) -> None:
        fake.told.append("remove the deployer")

    monkeypatch.setattr(credentials, "ensure", _answering(credentials.AccessKey("AKIA", "secret")))
    monkeypatch.setattr(credentials, "remove", remove)
    for name in ("ensure", "remove"):
        monkeypatch.setattr(principals, name, _answering(None))
    monkeypatch.setattr(inventory, "leftovers", _answering(dict[str, list[str]]()))
    return fake


class Told:
    """Keeps the progress that it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def begin(self, phase: str) -> None:
        """Keep it."""
        self.lines.append(phase)

    def advance(self, done: int, total: int | None, current: str) -> None:
        """Keep it."""
        self.lines.append(f"{done}/{total} {current}")

    def note(self, text: str) -> None:
        """Keep it."""
        self.lines.append(text)

    def end(self, result: str) -> None:
        """Keep it."""
        self.lines.append(result)


@pytest.fixture
def told() -> Told:
    """Progress that can be looked at afterwards."""
    return Told()
