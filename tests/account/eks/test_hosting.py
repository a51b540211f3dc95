"""Control planes on this machine: a folder for each, ended and removed without making anybody wait."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from seatrial.rehearsal.account.eks import hosting
from seatrial.rehearsal.account.eks.control_planes import Order, Phase, Place
from seatrial.rehearsal.account.eks.hosting import Hosting
from seatrial.rehearsal.control_plane import Blueprint, Tools

IT = Place("us-east-2", "it")
ORDER = Order(issuer="https://issuer", signing_key="KEY", service_cidr="172.20.0.0/16", token_webhook="https://hook")
TOOLS = Tools(
    etcd=Path("/etcd"),
    kube_apiserver=Path("/kube-apiserver"),
    kube_controller_manager=Path("/kube-controller-manager"),
    kube_scheduler=Path("/kube-scheduler"),
    kwok=Path("/kwok"),
    version="1.36.2",
)


class Plane:
    """A control plane whose end the test lets come."""

    made: ClassVar[list[Plane]] = []

    def __init__(self, blueprint: Blueprint, tools: Tools) -> None:
        self.blueprint, self.tools, self.did = blueprint, tools, list[str]()
        self.may_end, self.fault = threading.Event(), ""
        self.phase, self.reason, self.ready_seconds = "ready", "", 4.0
        self.endpoint, self.authority = "https://127.0.0.1:24680", b"AUTHORITY"
        self.admin_kubeconfig = blueprint.folder / "kubeconfig"
        self.made.append(self)

    def start(self) -> None:
        self.blueprint.folder.mkdir(exist_ok=True)
        self.did.append("start")

    def stop(self) -> None:
        self.did.append("stop")

    def remove(self) -> None:
        self.may_end.wait(5)
        if self.fault:
            raise OSError(self.fault)
        self.blueprint.folder.rmdir()
        self.did.append("remove")


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.001)
    return False


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(hosting, "ControlPlane", Plane)
    Plane.made.clear()
    return Hosting(tmp_path / "clusters", TOOLS, b"ACCOUNT")


def test_a_control_plane_begins_in_a_folder_of_its_own(host: Hosting, tmp_path: Path) -> None:
    host.begin(IT, ORDER)
    (plane,) = Plane.made

    assert plane.did == ["start"]
    assert plane.tools == TOOLS
    assert plane.blueprint == Blueprint(
        name="it",
        folder=tmp_path / "clusters" / "us-east-2-it",
        issuer="https://issuer",
        signing_key="KEY",
        service_cidr="172.20.0.0/16",
        token_webhook="https://hook",
        webhook_authority=b"ACCOUNT",
    )


def test_it_is_seen_as_it_is(host: Hosting) -> None:
    assert host.view(IT) is None
    host.begin(IT, ORDER)
    view = host.view(IT)

    assert view is not None
    assert (view.phase, view.version, view.ready_seconds) == (Phase.READY, "1.36.2", 4.0)
    assert (view.endpoint, view.authority) == ("https://127.0.0.1:24680", b"AUTHORITY")


def test_its_removal_is_begun_once_and_awaited_by_nobody(host: Hosting) -> None:
    host.begin(IT, ORDER)
    (plane,) = Plane.made

    assert not host.end(IT)
    assert host.view(IT) is None
    assert not host.end(IT)
    plane.may_end.set()
    assert eventually(lambda: host.end(IT))
    assert plane.did == ["start", "remove"]
    assert host.end(IT)


def test_a_removal_that_fails_is_told_and_holds_nothing_up(host: Hosting, caplog: pytest.LogCaptureFixture) -> None:
    host.begin(IT, ORDER)
    (plane,) = Plane.made
    plane.fault = "disk on fire"
    plane.may_end.set()
    with caplog.at_level(logging.WARNING):
        assert eventually(lambda: host.end(IT))

    assert caplog.messages == ["The control plane of it was not removed: disk on fire"]


def test_what_a_killed_account_left_is_removed(host: Hosting, tmp_path: Path) -> None:
    folder = tmp_path / "clusters" / "us-east-2-it"
    (folder / "processes").mkdir(parents=True)

    assert eventually(lambda: host.end(IT))
    assert not folder.exists()


def test_at_the_end_all_are_stopped_and_kept(host: Hosting, tmp_path: Path) -> None:
    host.begin(IT, ORDER)
    host.begin(Place("eu-west-1", "it"), ORDER)
    host.stop()

    assert [plane.did for plane in Plane.made] == [["start", "stop"]] * 2
    assert sorted(it.name for it in (tmp_path / "clusters").iterdir()) == ["eu-west-1-it", "us-east-2-it"]
