"""A control plane's executables: of one minor version, and as near as can be to the configured one."""

from pathlib import Path

import pytest

import seatrial
from seatrial.errors import EnvironmentFault
from seatrial.rehearsal import toolchain
from seatrial.rehearsal.progress import Silent
from seatrial.rehearsal.toolchain import (
    KUBE_APISERVER,
    KUBE_CONTROLLER_MANAGER,
    KUBE_SCHEDULER,
    Origin,
    kubernetes,
    modules,
)
from seatrial.rehearsal.toolchain.tools import version_in

_COMPONENTS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")


class Told(Silent):
    """Keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def _executable(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o700)
    return path


def _install(folder: Path, version: str, *names: str) -> None:
    for name in names:
        _executable(folder, name, f"Kubernetes v{version}")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with etcd and kwok, and modules that pin Kubernetes 1.36 and 1.34."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for variable in ("SEATRIAL_TOOLCHAIN", "KUBEBUILDER_ASSETS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(seatrial, "__file__", str(tmp_path / "seatrial" / "__init__.py"))
    for name, pinned in {
        "kubernetes": "k8s.io/kubernetes v1.36.2",
        "kubernetes-1.34": "k8s.io/kubernetes v1.34.1",
    }.items():
        _pin(tmp_path, name, pinned)
    _pin(tmp_path, "etcd", "go.etcd.io/etcd/server/v3 v3.6.5")
    _pin(tmp_path, "kwok", "sigs.k8s.io/kwok v0.8.0")
    _executable(tmp_path / "bin", "etcd", "etcd Version: 3.6.5")
    _executable(tmp_path / "bin", "kwok", "kwok version v0.8.0")
    return tmp_path


def _pin(machine: Path, name: str, required: str) -> None:
    folder = machine / "seatrial" / "go_modules" / name
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text(f"go 1.26\n\nrequire {required}\n")
    (folder / "go.sum").write_text("")


def test_the_configured_version_is_found(machine: Path) -> None:
    _install(machine / "bin", "1.36.1", *_COMPONENTS)
    told = Told()

    found = toolchain.provide_kubernetes("1.36", told)

    parts = (found.etcd, found.kube_apiserver, found.kube_controller_manager, found.kube_scheduler, found.kwok)
    names = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
    assert [part.path for part in parts] == [machine / "bin" / name for name in names]
    assert found.version == "1.36.1"
    assert len(told.notes) == 5
    assert all(note.startswith("using ") for note in told.notes)


def test_a_version_that_nothing_pins_will_do_where_all_of_it_is_found(machine: Path) -> None:
    _install(machine / "bin", "1.33.5", *_COMPONENTS)
    told = Told()

    assert toolchain.provide_kubernetes("1.33", told).version == "1.33.5"
    assert sum("using kube-" in note for note in told.notes) == 3


def test_otherwise_the_nearest_that_is_pinned_is_taken_and_said_so(machine: Path) -> None:
    _install(machine / "bin", "1.33.5", "kube-apiserver")
    _install(machine / "chosen", "1.34.9", *_COMPONENTS)
    told = Told()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEATRIAL_TOOLCHAIN", str(machine / "chosen"))

        found = toolchain.provide_kubernetes("1.33", told)

    assert found.version == "1.34.9"
    assert (
        "Kubernetes 1.33 is configured; the rehearsal runs 1.34, the nearest of those that it can build (1.36, 1.34)"
        in told.notes
    )


def test_no_two_minor_versions_are_mixed(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = machine / "assets"
    _install(assets, "1.35.0", "kube-apiserver")
    _install(machine / "bin", "1.36.2", *_COMPONENTS)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(assets))
    told = Told()

    found = toolchain.provide_kubernetes("1.36", told)

    assert found.version == "1.36.2"
    assert (
        f"not used: {assets / 'kube-apiserver'} is 1.35.0; needed is 1.36.0 or later, before 1.37.0 "
        "(a control plane is of one minor version)"
    ) in told.notes


def test_what_is_among_the_assets_comes_before_path(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(machine / "assets", "1.36.0", "kube-apiserver")
    _install(machine / "bin", "1.36.2", *_COMPONENTS)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(machine / "assets"))

    found = toolchain.provide_kubernetes("1.36", Silent())

    assert (found.kube_apiserver.origin, found.kube_scheduler.origin) == (Origin.ASSETS, Origin.PATH)


def test_what_was_built_from_another_minor_version_is_not_taken(machine: Path) -> None:
    for tool in (KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBE_SCHEDULER):
        built = modules.cached(tool)
        built.parent.mkdir(parents=True, exist_ok=True)
        built.touch()

    found = toolchain.provide_kubernetes("1.37", told := Told())

    assert machine in found.kube_apiserver.path.parents
    assert (found.version, found.kube_apiserver.origin) == ("1.36.2", Origin.BUILT)
    assert any("Kubernetes 1.37 is configured; the rehearsal runs 1.36" in note for note in told.notes)


def test_each_pinned_version_is_built_in_a_folder_of_its_own(machine: Path) -> None:
    (newer,), (older,) = (
        {modules.place(tool) for tool in kubernetes.components(minor, folder)}
        for minor, folder in kubernetes.pinned().items()
    )

    assert newer != older
    assert machine in older.parents


def test_what_can_neither_be_found_nor_built_is_named(machine: Path) -> None:
    _install(machine / "bin", "1.36.2", "kube-apiserver", "kube-scheduler")

    with pytest.raises(EnvironmentFault, match="there is no kube-controller-manager on this machine, and no Go"):
        toolchain.provide_kubernetes("1.36", Silent())


@pytest.mark.parametrize(
    ("wanted", "known", "chosen"),
    [
        ("1.36", ["1.36", "1.35"], "1.36"),
        ("1.35", ["1.36", "1.34"], "1.36"),
        ("1.33", ["1.36", "1.34"], "1.34"),
        ("1.40", ["1.36", "1.34"], "1.36"),
        ("1.9", ["1.36", "1.10"], "1.10"),
    ],
)
def test_the_nearest_version(wanted: str, known: list[str], chosen: str) -> None:
    assert kubernetes.nearest(wanted, known) == chosen


def test_the_table_agrees_with_what_the_modules_pin() -> None:
    """Where it doesn't, a tool that was just built would not be taken for one that will do."""
    assert kubernetes.pinned()["1.36"] == "kubernetes"
    assert kubernetes.components("1.36") == (KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBE_SCHEDULER)
    for tool in toolchain.TOOLS:
        version = version_in(modules.pinned_version(tool))
        assert version is not None
        assert tool.accepts(version), tool.name
