"""Releases of charts, by a Helm that does as it is told."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.kubernetes.releases import helm as helms
from seatrial.rehearsal.providers.refusals import Cancelled, InitFailed, ProviderFault
from seatrial.rehearsal.providers.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Driver, FakeCluster, MakeDriver, Values

RELEASE = "kubernetes:helm.sh/v3:Release"
DEMO: Values = {
    "name": "demo",
    "namespace": "tools",
    "chart": "demo",
    "version": "0.1.0",
    "repositoryOpts": {"repo": "https://charts.test"},
    "values": {"text": "hello"},
    "atomic": True,
    "cleanupOnFail": True,
    "skipAwait": False,
    "timeout": 600,
    "compat": "true",
}


@dataclass(frozen=True, slots=True)
class FakeHelm:
    """What it is told, and what it was called with."""

    folder: Path

    @property
    def program(self) -> Path:
        return self.folder / "helm"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def calls(self) -> list[Any]:
        file = self.folder / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def commands(self) -> list[str]:
        return [call["arguments"][0] for call in self.calls]

    def order(self, **orders: Values) -> None:
        (self.folder / "orders.json").write_text(json.dumps(orders))


@pytest.fixture
def helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHelm:
    """A Helm of one's own, for providers that are made after it."""
    fake = FakeHelm(tmp_path)
    script = Path(__file__).with_name("fake_helm.py")
    fake.program.write_text(f'#!/bin/sh\nexec {sys.executable} -I {script} "$@"\n')
    fake.program.chmod(0o700)
    monkeypatch.setenv("FAKE_HELM", str(tmp_path))
    monkeypatch.setenv("SEATRIAL_HELM", str(fake.program))
    monkeypatch.setenv("SEATRIAL_STATE_DIR", str(fake.state))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SEATRIAL_CHARTS", raising=False)
    return fake


@pytest.fixture
def tools(helm: FakeHelm, make_driver: MakeDriver) -> Driver:
    """A provider that has Helm."""
    assert helm.calls == []
    return make_driver()


def _chart(path: Path, version: str = "0.1.0") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"name": "demo", "version": version, "appVersion": "7"}))
    return path


def test_release_is_made_read_changed_and_removed(tools: Driver, helm: FakeHelm) -> None:
    identity, state = tools.create(DEMO, token=RELEASE)

    assert identity == "tools/demo"
    assert state["status"] == {
        "appVersion": "7",
        "chart": "demo",
        "name": "demo",
        "namespace": "tools",
        "revision": 1,
        "status": "deployed",
        "version": "0.1.0",
    }
    assert state["resourceNames"] == {
        "ClusterRole/rbac.authorization.k8s.io/v1": ["there/x"],
        "ConfigMap/v1": ["tools/demo-settings"],
    }
    assert tools.changes(state, DEMO, token=RELEASE) == {}
    assert tools.read(RELEASE, identity, state, DEMO) == (state, DEMO)
    other = {**DEMO, "values": {"text": "bye"}, "compat": "false"}
    assert tools.changes(state, other, token=RELEASE) == {"values.text": "UPDATE"}

    changed = tools.update(state, other, token=RELEASE)
    assert (changed["status"]["revision"], changed["values"]) == (2, {"text": "bye"})

    tools.delete(RELEASE, identity, changed)
    assert tools.read(RELEASE, identity, changed, other) is None
    tools.delete(RELEASE, identity, changed)
    assert helm.commands == ["pull", "upgrade", "upgrade", "uninstall"]


def test_helm_is_told_all_and_reads_nothing_of_the_users(
    tools: Driver, helm: FakeHelm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELM_NAMESPACE", "the-users")
    monkeypatch.setenv("KUBECONFIG", "the-users")
    more = {"maxHistory": 3, "description": "why", "skipCrds": True, "createNamespace": True}

    tools.create({**DEMO, **more}, token=RELEASE)
    tools.create({**DEMO, "name": "two", "skipAwait": True, "atomic": False}, token=RELEASE)

    pull, first, second = helm.calls
    assert pull["arguments"][:6] == ["pull", "demo", "--repo", "https://charts.test", "--version", "0.1.0"]
    arguments = first["arguments"]
    assert arguments[:3] == ["upgrade", "--install", "demo"]
    for flag in ("--rollback-on-failure", "--cleanup-on-fail", "--create-namespace", "--skip-crds", "--wait"):
        assert flag in arguments
    assert arguments[-10:-2] == ["--history-max", "3", "--description", "why", "--timeout", "600s", "--values", "-"]
    assert first["input"] == {"text": "hello"}
    assert set(first["environment"]) == {"HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"}
    assert all(value.startswith(str(helm.state)) for value in first["environment"].values())
    assert not {"--wait", "--rollback-on-failure"}.intersection(second["arguments"])


def test_kubeconfig_is_private_and_goes(tools: Driver, helm: FakeHelm) -> None:
    access = helm.state / "helm" / "access"
    access.mkdir(parents=True)
    for left in ("999999999-kubeconfig", f"{os.getpid()}-in-use", "foreign"):
        (access / left).touch()
    helm.order(upgrade={"sleep": 1})
    seen: list[int] = []

    def look() -> None:
        while not seen:
            seen.extend(stat.S_IMODE(it.stat().st_mode) for it in access.iterdir() if it.stat().st_size)
            time.sleep(0.01)

    thread = threading.Thread(target=look)
    thread.start()
    tools.create(DEMO, token=RELEASE)
    thread.join()

    assert set(seen) == {0o600}
    assert stat.S_IMODE(access.stat().st_mode) & 0o077 == 0 or access.stat().st_mode
    assert {it.name for it in access.iterdir()} == {f"{os.getpid()}-in-use", "foreign"}
    assert list((helm.state / "helm" / "processes").iterdir()) == []


def test_release_without_name_gets_one(tools: Driver, helm: FakeHelm, tmp_path: Path, make_driver: MakeDriver) -> None:
    assert helm.calls == []
    bare = {name: value for name, value in DEMO.items() if name != "name"}
    driver = make_driver(Creations(tmp_path / "creating"))

    first, failures = driver.check(RELEASE, bare)

    assert not failures
    assert first["name"].startswith("it-")
    assert tools.check(RELEASE, bare, old=first)[0]["name"] == first["name"]
    again = make_driver(Creations(tmp_path / "creating", [driver.urn(RELEASE)]))
    assert again.check(RELEASE, bare)[0]["name"] == first["name"]


def test_release_without_namespace_is_in_the_kubeconfigs(tools: Driver) -> None:
    bare = {name: value for name, value in DEMO.items() if name not in {"namespace", "timeout"}}

    identity, state = tools.create(bare, token=RELEASE)

    assert (identity, state["status"]["namespace"]) == ("default/demo", "default")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (DEMO, []),
        ({**DEMO, "values": UNKNOWN}, []),
        ({**DEMO, "chart": UNKNOWN}, []),
        ({"name": "it"}, ["chart: found none"]),
        ({**DEMO, "verify": True}, ["verify: can't be rehearsed; allowed: allowNullValues, atomic"]),
    ],
)
def test_inputs_are_checked(tools: Driver, inputs: Values, said: list[str]) -> None:
    reasons = tools.check(RELEASE, inputs)[1]

    assert len(reasons) == len(said)
    assert all(reason.startswith(start) for reason, start in zip(reasons, said, strict=True))


def test_name_and_namespace_take_a_new_release(tools: Driver) -> None:
    state = {**DEMO, "status": {"status": "deployed"}, "__inputs": DEMO}

    for field in ("name", "namespace"):
        answer = tools.diff(state, {**DEMO, field: "other"}, token=RELEASE)
        assert (answer.replaces, answer.delete_before_replace) == ([field], False)


def test_preview_asks_for_nothing(tools: Driver, helm: FakeHelm, cluster: FakeCluster) -> None:
    planned = tools.create({**DEMO, "values": {"a": UNKNOWN}}, token=RELEASE, preview=True)[1]
    assert (planned["values"], planned["status"]) == ({"a": UNKNOWN}, UNKNOWN)
    assert tools.update(planned, DEMO, token=RELEASE, preview=True)["status"] == UNKNOWN

    assert (helm.calls, cluster.requests) == ([], [])


def test_secret_values_stay_secret(tools: Driver) -> None:
    assert tools.secret_outputs(DEMO, ("values",), token=RELEASE) == {"values", "__inputs"}
    assert tools.secret_outputs(DEMO, token=RELEASE) == set()


def test_what_somebody_else_upgraded_is_drift(tools: Driver, cluster: FakeCluster) -> None:
    identity, state = tools.create(DEMO, token=RELEASE)
    tools.update(state, {**DEMO, "version": "0.2.0", "values": {"text": "theirs"}}, token=RELEASE)
    assert cluster.objects

    refreshed = tools.read(RELEASE, identity, state, DEMO)

    assert refreshed
    now, inputs = refreshed
    assert inputs == {**DEMO, "version": "0.2.0", "values": {"text": "theirs"}}
    assert tools.changes(now, DEMO, token=RELEASE) == {"version": "UPDATE", "values.text": "UPDATE"}


def test_release_can_be_imported(tools: Driver) -> None:
    identity, _ = tools.create(DEMO, token=RELEASE)

    found = tools.read(RELEASE, identity)

    assert found
    assert found[1] == {name: DEMO[name] for name in ("name", "namespace", "chart", "version", "values")}
    assert tools.read(RELEASE, "nothing") is None


def test_chart_that_can_not_be_had_is_left_out(tools: Driver, helm: FakeHelm) -> None:
    said = 'Error: "https://charts.test" cannot be reached: dial tcp: lookup charts.test: no such host'
    helm.order(pull={"fail": said})

    identity, state = tools.create(DEMO, token=RELEASE)
    _, other = tools.create({**DEMO, "name": "other", "chart": "other", "version": "2.0.0"}, token=RELEASE)

    assert state["status"]["status"] == "not-rendered"
    assert state["status"]["reason"] == "https://charts.test can't be reached: no such host"
    assert helm.commands == ["pull"]
    assert other["status"]["reason"] == "chart repositories couldn't be reached a moment ago"
    assert tools.changes(state, DEMO, token=RELEASE) == {}
    assert tools.read(RELEASE, identity, state, DEMO) == (state, DEMO)
    tools.delete(RELEASE, identity, state)
    assert helm.commands == ["pull"]


def test_chart_that_comes_later_is_installed(tools: Driver, helm: FakeHelm) -> None:
    helm.order(pull={"fail": "Error: no such host"})
    _, state = tools.create(DEMO, token=RELEASE)
    helm.order()
    outage = helm.folder / "cache" / "seatrial" / "charts" / ".out-of-reach"
    assert tools.changes(state, DEMO, token=RELEASE) == {}

    os.utime(outage, (0, 0))

    assert tools.changes(state, DEMO, token=RELEASE) == {"status": "UPDATE"}
    assert tools.update(state, DEMO, token=RELEASE)["status"]["status"] == "deployed"


def test_chart_that_its_repository_lacks_does_not_put_others_off(tools: Driver, helm: FakeHelm) -> None:
    helm.order(pull={"fail": 'Error: chart "demo" version "0.1.0" not found'})

    assert tools.create(DEMO, token=RELEASE)[1]["status"]["status"] == "not-rendered"
    tools.create({**DEMO, "name": "two"}, token=RELEASE)

    assert helm.commands == ["pull", "pull"]


@pytest.mark.parametrize("where", ["given", "path"])
def test_charts_on_this_machine_need_no_repository(
    helm: FakeHelm, make_driver: MakeDriver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str
) -> None:
    archive = _chart(tmp_path / "charts" / "demo-0.1.0.tgz")
    monkeypatch.setenv("SEATRIAL_CHARTS", str(archive.parent))
    bare = {name: value for name, value in DEMO.items() if name != "repositoryOpts"}
    inputs = DEMO if where == "given" else {**bare, "chart": str(archive)}

    state = make_driver().create(inputs, token=RELEASE)[1]

    assert state["status"]["status"] == "deployed"
    assert helm.commands == ["upgrade"]


@pytest.mark.parametrize(("chart", "reason"), [("/no/where", "no chart at /no/where"), ("oci://charts.test/demo", "")])
def test_chart_is_named_in_several_ways(tools: Driver, chart: str, reason: str) -> None:
    bare = {name: value for name, value in DEMO.items() if name != "repositoryOpts"}

    state = tools.create({**bare, "chart": chart}, token=RELEASE)[1]

    assert state["status"].get("reason", "") == reason
    assert state["status"]["chart"] in {"where", "demo"}


def test_without_helm_nothing_is_rendered(
    tools: Driver, make_driver: MakeDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity, there = tools.create(DEMO, token=RELEASE)
    monkeypatch.delenv("SEATRIAL_HELM")
    monkeypatch.delenv("SEATRIAL_STATE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME")
    helmless = make_driver()

    state = helmless.create({**DEMO, "name": "two"}, token=RELEASE)[1]

    assert state["status"]["reason"] == "no Helm on this machine"
    with pytest.raises(ProviderFault, match="no Helm on this machine, which would be needed"):
        helmless.delete(RELEASE, identity, there)


def test_failed_upgrade_keeps_what_is_there(tools: Driver, helm: FakeHelm) -> None:
    _, state = tools.create(DEMO, token=RELEASE)
    helm.order(upgrade={"leave": "failed"})

    with pytest.raises(InitFailed) as failed:
        tools.update(state, {**DEMO, "values": {}}, token=RELEASE)

    assert failed.value.reason == f"it ({RELEASE}): UPGRADE FAILED: not ready"
    assert failed.value.state["status"]["status"] == "failed"
    assert tools.changes(failed.value.state, {**DEMO, "values": {}}, token=RELEASE) == {"status": "UPDATE"}


def test_failed_installation_leaves_nothing(tools: Driver, helm: FakeHelm) -> None:
    helm.order(upgrade={"leave": "nothing"})

    with pytest.raises(ProviderFault, match="not ready") as failed:
        tools.create(DEMO, token=RELEASE)

    assert not isinstance(failed.value, InitFailed)


def test_helm_that_says_nothing_is_told(tools: Driver, helm: FakeHelm) -> None:
    helm.order(upgrade={"fail": 3})

    with pytest.raises(ProviderFault, match="Helm failed without saying why"):
        tools.create(DEMO, token=RELEASE)


@pytest.mark.parametrize(
    ("left", "undone"),
    [
        ("pending-install", ["uninstall", "upgrade"]),
        ("uninstalling", ["uninstall", "upgrade"]),
        ("pending-upgrade", ["rollback", "upgrade"]),
        ("failed", ["upgrade"]),
    ],
)
def test_what_a_killed_helm_has_left_is_undone(tools: Driver, helm: FakeHelm, left: str, undone: list[str]) -> None:
    helm.order(upgrade={"leave": left})
    with pytest.raises(InitFailed):
        tools.create(DEMO, token=RELEASE)
    helm.order()
    before = len(helm.commands)

    state = tools.create(DEMO, token=RELEASE)[1]

    assert state["status"]["status"] == "deployed"
    assert helm.commands[before:] == undone


def _hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seatrial.rehearsal.providers.kubernetes.releases.releases._MARGIN", -599.5)


@pytest.mark.parametrize("stubborn", [True, False])
def test_helm_that_takes_too_long_is_ended(
    tools: Driver, helm: FakeHelm, monkeypatch: pytest.MonkeyPatch, stubborn: bool
) -> None:
    _hasten(monkeypatch)
    monkeypatch.setattr(helms, "_GRACE_SECONDS", 0.3 if stubborn else 10.0)
    if stubborn:
        helm.program.write_text("#!/bin/sh\ntrap '' INT\nsleep 30\nsleep 30\n")
    helm.order(upgrade={"sleep": 30})
    inputs: Values = {**DEMO, "chart": str(_chart(helm.folder / "it.tgz")), "repositoryOpts": {}}

    with pytest.raises(ProviderFault, match="took longer than 0 s"):
        tools.create(inputs, token=RELEASE)

    assert list((helm.state / "helm" / "processes").iterdir()) == []


def test_cancelled_engine_stops_helm(tools: Driver, helm: FakeHelm) -> None:
    helm.order(upgrade={"sleep": 30})
    inputs: Values = {**DEMO, "chart": str(_chart(helm.folder / "it.tgz")), "repositoryOpts": {}}
    cancel: Callable[[], Any] = tools.provider.cancel
    threading.Timer(0.5, lambda: tools.run(cancel())).start()

    with pytest.raises(Cancelled):
        tools.create(inputs, token=RELEASE)
