"""The shipped stacks, each rehearsed once for all tests of this folder, and looked at as the people they name."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from seatrial.config import Platform, load_platform
from seatrial.rehearsal import credentials
from seatrial.rehearsal.account import client
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.kubernetes_api import Cluster, Refused
from seatrial.rehearsal.state import StateFolder, folder_of

REPOSITORY = Path(__file__).parents[2]

_PATIENCE = 600.0


@dataclass
class Running:
    """A stack that is up."""

    folder: Path
    stack: str
    clusters: dict[str, Cluster] = field(default_factory=dict[str, Cluster])

    @property
    def state(self) -> StateFolder:
        """Where the rehearsal keeps everything."""
        return folder_of(self.folder, self.stack)

    @property
    def platform(self) -> Platform:
        """What was asked for."""
        return load_platform(self.folder / f"Pulumi.{self.stack}.yaml")

    @property
    def outputs(self) -> dict[str, str]:
        """The flat outputs."""
        return json.loads((self.folder / f"{self.stack}.json").read_text())

    @property
    def endpoint(self) -> Endpoint:
        """The account."""
        endpoint = client.find(self.state.account)
        assert endpoint is not None
        return endpoint

    def seatrial(self, *arguments: str) -> str:
        """Run `seatrial rehearse ...` to its end."""
        command = [sys.executable, "-m", "seatrial.cli", "rehearse", *arguments, "--stack", self.stack]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=_PATIENCE)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def aws(self, service: str, key: credentials.AccessKey = credentials.ROOT) -> Any:
        """Make a client of an AWS service, as the account's root unless told otherwise."""
        return credentials.client(service, self.endpoint, key)

    def environment(self, who: str = "") -> dict[str, str]:
        """Give the environment that `rehearse env --as WHO` makes in a shell."""
        arguments = ["env", *(["--as", who] if who else [])]
        lines = [line for line in self.seatrial(*arguments).splitlines() if line.startswith(("export", "unset"))]
        script = "\n".join([*lines, "env -0"])
        bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        told = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, env=bare)
        return dict(item.split("=", 1) for item in told.stdout.split("\0") if item)

    def run(self, *command: str, who: str = "", given: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a tool as somebody, as in a shell after `rehearse env --as WHO`."""
        environment = self.environment(who)
        path = shutil.which(command[0], path=environment["PATH"])
        assert path is not None
        return subprocess.run(
            [path, *command[1:]],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            timeout=_PATIENCE,
        )

    def cluster(self, who: str = "") -> Cluster:
        """Enter the cluster as somebody, by the platform's own kubeconfig."""
        if who not in self.clusters:
            environment = self.environment(who)
            kubeconfig = Path(environment["KUBECONFIG"]).read_text()
            self.clusters[who] = Cluster.of_kubeconfig(kubeconfig, environment)
        return self.clusters[who]

    def refusal(self, manifest: Mapping[str, Any]) -> str:
        """Try to create a pod without making it; give the API server's refusal, empty when it is admitted."""
        path = f"/api/v1/namespaces/{manifest['metadata']['namespace']}/pods"
        try:
            self.cluster().request("POST", path, dict(manifest), {"dryRun": "All"})
        except Refused as refused:
            return str(refused)
        return ""

    def token(self, namespace: str, account: str, audience: str = "sts.amazonaws.com") -> str:
        """Ask the API server for a service account's token."""
        request = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"audiences": [audience], "expirationSeconds": 600},
        }
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
        return self.cluster().request("POST", path, request)["status"]["token"]


def _up(folder: Path, stack: str) -> Running:
    for name in ("Pulumi.yaml", f"Pulumi.{stack}.yaml"):
        shutil.copy(REPOSITORY / name, folder / name)
    running = Running(folder, stack)
    running.seatrial("up", "--outputs", str(folder / f"{stack}.json"))
    return running


def _down(running: Running) -> None:
    """Take it down, and hold the promise that nothing is left: no resource, no process, no file."""
    said = running.seatrial("down")
    assert "left in the account" not in said, said
    assert not running.state.root.exists()
    left = [each.cmdline() for each in psutil.process_iter() if _names(each, str(running.state.root))]
    assert left == []


def _names(process: psutil.Process, folder: str) -> bool:
    try:
        return any(folder in word for word in process.cmdline())
    except psutil.Error:
        return False


def _rehearsed(factory: pytest.TempPathFactory, stack: str) -> Generator[Running]:
    running = _up(factory.mktemp(stack), stack)
    yield running
    _down(running)


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """The shipped dev stack."""
    yield from _rehearsed(tmp_path_factory, "dev")


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """The shipped prod stack."""
    yield from _rehearsed(tmp_path_factory, "prod")


@pytest.fixture(params=["dev", "prod"])
def running(request: pytest.FixtureRequest) -> Running:
    """Each of the shipped stacks."""
    return request.getfixturevalue(request.param)
