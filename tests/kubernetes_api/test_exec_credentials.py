"""Commands that give credentials."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.kubernetes_api import exec_credentials
from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.kubernetes_api.refusals import CredentialsFault, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import ApiServer, Kubeconfig

SCRIPT = """
import json, os, pathlib, sys
runs = pathlib.Path(sys.argv[1])
count = len(runs.read_text().splitlines()) if runs.exists() else 0
with runs.open("a") as file:
    print(json.dumps(dict(os.environ)), file=file)
status = {"token": f"token-{count}"} | json.loads(sys.argv[2])
print(json.dumps({"kind": "ExecCredential", "status": status}))
"""


class Command:
    """A command that counts its runs."""

    def __init__(self, folder: Path) -> None:
        self.runs = folder / "runs"

    def user(self, **status: Any) -> dict[str, Any]:
        arguments = ["-c", SCRIPT, str(self.runs), json.dumps(status)]
        return {"exec": {"command": sys.executable, "args": arguments, "env": [{"name": "OWN", "value": "1"}]}}

    @property
    def environments(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.runs.read_text().splitlines()]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path)


def _in(**time: float) -> str:
    return (datetime.now(UTC) + timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("status", "runs"),
    [({}, 1), ({"expirationTimestamp": _in(hours=1)}, 1), ({"expirationTimestamp": _in(seconds=5)}, 2)],
    ids=["forever", "long", "short"],
)
def test_token_is_kept_until_it_expires(
    api: ApiServer, kubeconfig: Kubeconfig, command: Command, status: dict[str, str], runs: int
) -> None:
    api.answer("GET", "/version", {})
    cluster = Cluster.of_kubeconfig(kubeconfig(api.url, command.user(**status)))

    cluster.request("GET", "/version")
    cluster.request("GET", "/version")

    assert [it.headers["Authorization"] for it in api.seen] == ["Bearer token-0", f"Bearer token-{runs - 1}"]


def test_command_has_the_environment_that_is_given(
    api: ApiServer, kubeconfig: Kubeconfig, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.answer("GET", "/version", {})
    monkeypatch.setenv("FOREIGN", "1")

    Cluster.of_kubeconfig(kubeconfig(api.url, command.user()), {"GIVEN": "1"}).request("GET", "/version")
    Cluster.of_kubeconfig(kubeconfig(api.url, command.user())).request("GET", "/version")

    given, inherited = command.environments
    assert (given["GIVEN"], given["OWN"], "FOREIGN" in given) == ("1", "1", False)
    assert json.loads(given["KUBERNETES_EXEC_INFO"])["spec"] == {"interactive": False}
    assert (inherited["FOREIGN"], inherited["OWN"]) == ("1", "1")


def test_refused_token_is_renewed_once(api: ApiServer, kubeconfig: Kubeconfig, command: Command) -> None:
    api.refuse("GET", "/version", 401, "Unauthorized", "who are you?")
    api.answer("GET", "/version", {"fine": True})

    cluster = Cluster.of_kubeconfig(kubeconfig(api.url, command.user()))

    assert cluster.request("GET", "/version") == {"fine": True}
    assert [it.headers["Authorization"] for it in api.seen] == ["Bearer token-0", "Bearer token-1"]


def test_stranger_stays_one(api: ApiServer, kubeconfig: Kubeconfig, command: Command) -> None:
    api.refuse("GET", "/version", 401, "Unauthorized", "who are you?")

    for user, runs in ((command.user(), 2), ({"token": "abc"}, 1)):
        api.seen.clear()
        with pytest.raises(Refused, match="who are you"):
            Cluster.of_kubeconfig(kubeconfig(api.url, user)).request("GET", "/version")
        assert len(api.seen) == runs


def test_token_that_was_renewed_meanwhile_is_kept(command: Command) -> None:
    exec_of = command.user()["exec"]
    credentials = exec_credentials.ExecCredentials(
        exec_credentials.ExecCommand(exec_of["command"], tuple(exec_of["args"]))
    )
    token = credentials.token()

    credentials.discard("an older one")

    assert credentials.token() == token
    credentials.discard(token)
    assert credentials.token() != token


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        ("no-such-command", [], "no command no-such-command"),
        ("/", [], "can't be run"),
        (sys.executable, ["-c", "import sys; sys.exit('not logged in')"], "failed: not logged in"),
        (sys.executable, ["-c", "print('hush')"], "gave no ExecCredential"),
        (sys.executable, ["-c", "print('[1]')"], "gave no ExecCredential"),
        (sys.executable, ["-c", "print('{\"status\": {}}')"], "gave no ExecCredential"),
    ],
    ids=["missing", "folder", "fails", "text", "list", "empty"],
)
def test_command_without_credentials_is_told(command: str, arguments: list[str], said: str) -> None:
    credentials = exec_credentials.ExecCredentials(exec_credentials.ExecCommand(command, tuple(arguments)))

    with pytest.raises(CredentialsFault, match=said) as fault:
        credentials.token()

    assert "hush" not in str(fault.value)


def test_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exec_credentials, "_SECONDS", 0.2)
    waits = exec_credentials.ExecCommand(sys.executable, ("-c", "import time; time.sleep(60)"))

    with pytest.raises(CredentialsFault, match="gave none within"):
        exec_credentials.ExecCredentials(waits).token()
