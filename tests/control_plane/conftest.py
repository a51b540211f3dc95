"""Control planes of fake processes, ended whatever happens."""

import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from seatrial.rehearsal.authority import Authority
from seatrial.rehearsal.control_plane import Blueprint, ControlPlane, Phase, Tools

_FAKE = Path(__file__).with_name("fake_tool.py")

_NAMES = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")

_PATIENCE = 60.0


Wait = Callable[[Callable[[], bool]], bool]
"""Waits until something is so; tells whether it is."""


def _wait(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
    return is_so()


@pytest.fixture
def wait() -> Wait:
    """Wait until something is so."""
    return _wait


@pytest.fixture(scope="session")
def signing_key() -> str:
    """A key that signs service account tokens."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


_ACCOUNT = """
import json, pathlib, sys, time
from seatrial.rehearsal.authority import Authority
from seatrial.rehearsal.control_plane import Blueprint, ControlPlane, Phase, Tools
blueprint, tools = map(json.loads, sys.argv[1:])
for name in ("etcd", "kube_apiserver", "kube_controller_manager", "kube_scheduler", "kwok"):
    tools[name] = pathlib.Path(tools[name])
blueprint["folder"] = pathlib.Path(blueprint["folder"])
blueprint["webhook_authority"] = blueprint["webhook_authority"].encode()
plane = ControlPlane(Blueprint(**blueprint), Tools(**tools))
plane.start()
while plane.phase is Phase.STARTING:
    time.sleep(0.02)
print(plane.phase, flush=True)
time.sleep(60)
"""
"""An account's process that starts a control plane, and never ends it."""


@dataclass
class Yard:
    """Where control planes are made, one folder each."""

    root: Path
    tools: Tools
    signing_key: str
    webhook_authority: bytes = Authority("account", dt.datetime.now(dt.UTC)).certificate()
    account: str = _ACCOUNT
    made: list[ControlPlane] = field(default_factory=list[ControlPlane])

    def blueprint(self, name: str = "one") -> Blueprint:
        """Describe a control plane."""
        return Blueprint(
            name=name,
            folder=self.root / name,
            issuer="https://localhost:29999/oidc/id/ABC",
            signing_key=self.signing_key,
            service_cidr="172.20.0.0/16",
            token_webhook="https://localhost:29999/_seatrial/token-review",
            webhook_authority=self.webhook_authority,
        )

    def plane(self, name: str = "one", signing_key: str = "", **orders: dict[str, Any]) -> ControlPlane:
        """Make a control plane whose processes have orders, by their names with underscores."""
        blueprint = self.blueprint(name)
        plane = ControlPlane(replace(blueprint, signing_key=signing_key or self.signing_key), self.tools)
        self.made.append(plane)
        self.order(name, **orders)
        return plane

    def order(self, name: str = "one", **orders: dict[str, Any]) -> None:
        """Give its processes other orders."""
        said = {process.replace("_", "-"): order for process, order in orders.items()}
        (self.root / name / "orders.json").write_text(json.dumps(said))

    def await_start(self, plane: ControlPlane) -> None:
        """Start a control plane and wait for what becomes of it."""
        plane.start()
        assert _wait(lambda: plane.phase is not Phase.STARTING)

    def described(self) -> list[str]:
        """Write a blueprint and the tools as JSON."""
        return [json.dumps(asdict(part), default=_text) for part in (self.blueprint(), self.tools)]

    def asked(self, process: str, name: str = "one") -> list[str]:
        """List the arguments that a process was started with."""
        return json.loads((self.root / name / f"{process}.asked.json").read_text())["arguments"]


def _text(value: Path | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def fakes(folder: Path) -> Tools:
    """Make executables that stand in for the real ones."""
    folder.mkdir(exist_ok=True)
    for name in _NAMES:
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} -I {_FAKE} {name} "$@"\n')
        path.chmod(0o700)
    return Tools(**{name.replace("-", "_"): folder / name for name in _NAMES}, version="1.36.2")


MakeYard = Callable[[Path, Tools], AbstractContextManager[Yard]]
"""Makes a place for control planes of these executables, which ends them."""


@pytest.fixture(scope="session")
def make_yard(signing_key: str) -> MakeYard:
    """Make places for control planes."""

    @contextmanager
    def make(root: Path, tools: Tools) -> Generator[Yard]:
        yard = Yard(root, tools, signing_key)
        try:
            yield yard
        finally:
            for plane in yard.made:
                plane.stop()

    return make


@pytest.fixture
def yard(tmp_path: Path, make_yard: MakeYard) -> Generator[Yard]:
    """A place for control planes of fake processes."""
    with make_yard(tmp_path, fakes(tmp_path / "tools")) as yard:
        yield yard
