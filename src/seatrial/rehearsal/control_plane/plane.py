"""A control plane: etcd, kube-apiserver, controllers, scheduler and kwok for one cluster, on loopback."""

import datetime as dt
import shutil
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal import processes
from seatrial.rehearsal.account import files
from seatrial.rehearsal.control_plane import certificates, ports, programs, settings
from seatrial.rehearsal.control_plane.blueprint import Blueprint, Folder, Tools
from seatrial.rehearsal.control_plane.crew import Crew
from seatrial.rehearsal.control_plane.probe import Probe

PATIENCE = 120.0
"""Seconds that a start may take; on two idle cores it takes some five."""

_TICK = 0.05
"""Seconds between two looks while it starts."""

_INTERVAL = 0.25
"""Seconds between two looks while it runs."""


class Phase(StrEnum):
    """How far a control plane is."""

    STARTING = "starting"
    """Not yet of use: before its start, on the way, or stopped."""

    READY = "ready"
    """The API answers and the controllers work."""

    FAILED = "failed"
    """It could not start, or one of its processes ended; all others were ended too."""


@dataclass(frozen=True, slots=True)
class _State:
    phase: Phase = Phase.STARTING
    reason: str = ""
    ready_seconds: float | None = None


class _Stopped(Exception):
    """Somebody asked for the end."""


class ControlPlane:
    """Runs a control plane in the background; a second one on the same folder goes on where the first ended."""

    def __init__(self, blueprint: Blueprint, tools: Tools) -> None:
        """Make the folder with ports and certificates, or find them there; nothing is started."""
        self._blueprint, self._tools = blueprint, tools
        self._folder = Folder(blueprint.folder)
        for path in (self._folder.root, self._folder.certificates, self._folder.settings, self._folder.logs):
            files.folder(path)
        files.folder(self._folder.processes)
        self._ports = ports.remembered(self._port_file)
        certificates.ensure(self._folder, blueprint.service_address, dt.datetime.now(dt.UTC))
        self._state = _State()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def phase(self) -> Phase:
        """Tell how far it is."""
        return self._state.phase

    @property
    def reason(self) -> str:
        """Say why it failed, with the last lines that the process said; empty otherwise."""
        return self._state.reason

    @property
    def ready_seconds(self) -> float | None:
        """Tell how many seconds the last start took; nothing until it is ready."""
        return self._state.ready_seconds

    @property
    def endpoint(self) -> str:
        """Give the URL of the API; it stays the same, unless its port is lost before it has ever been ready."""
        return f"https://{ports.HOST}:{self._ports.api}"

    @property
    def authority(self) -> bytes:
        """Give the certificate that the API is verified against, PEM."""
        return self._folder.certificate(certificates.AUTHORITY).read_bytes()

    @property
    def admin_kubeconfig(self) -> Path:
        """Say where the kubeconfig of EKS's own components is: there, and right, once it is ready."""
        return self._folder.kubeconfig(certificates.ADMIN)

    def start(self) -> None:
        """Begin, and return at once; nothing happens while it runs."""
        if self._thread and self._thread.is_alive() and self.phase is not Phase.FAILED:
            return
        self.stop()
        self._stop.clear()
        # One thread for all processes, which end with it.
        self._thread = threading.Thread(target=self._run, name=f"control plane {self._blueprint.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End every process and wait for it; the data stays."""
        self._stop.set()
        if self._thread:
            self._thread.join()
        processes.kill(self._folder.processes)
        self._state = _State()

    def remove(self) -> None:
        """End it, and delete everything that it had."""
        self.stop()
        shutil.rmtree(self._folder.root, ignore_errors=True)

    @property
    def _port_file(self) -> Path:
        return self._folder.root / "ports.json"

    @property
    def _has_served(self) -> Path:
        """Say which file tells that it has been ready once: from then on its endpoint is known to others."""
        return self._folder.root / "served"

    def _run(self) -> None:
        try:
            self._begin()
        except _Stopped:
            return
        except Exception as fault:  # noqa: BLE001 (nobody else would ever hear of it)
            self._state = _State(Phase.FAILED, str(fault) or repr(fault))

    def _begin(self) -> None:
        """Run until the end; begin anew with other ports where somebody took one before the first time."""
        while True:
            self._choose_ports()
            try:
                self._serve()
            except EnvironmentFault:
                if self._has_served.exists() or not ports.taken(self._ports):
                    raise
                shutil.rmtree(self._folder.data, ignore_errors=True)

    def _choose_ports(self) -> None:
        taken = ports.taken(self._ports)
        if taken and self._has_served.exists():
            numbers = " and ".join(map(str, taken))
            raise EnvironmentFault(
                f"another process listens on port {numbers} of {ports.HOST}, which this cluster had before: end that "
                "process and start the account again, or remove the cluster"
            )
        if taken:
            self._ports = ports.choose(self._port_file)

    def _serve(self) -> NoReturn:
        with self._crew() as crew:
            settings.write(self._blueprint, self._folder, self.endpoint, self._tools.version)
            self._launch(crew)
            while True:
                self._pause(crew, _INTERVAL)
                crew.trim()

    @contextmanager
    def _crew(self) -> Generator[Crew]:
        processes.kill(self._folder.processes)  # what an account that was killed has left
        crew = Crew(self._folder)
        try:
            yield crew
        finally:
            crew.end()

    def _launch(self, crew: Crew) -> None:
        began = time.monotonic()
        probe = Probe(self._folder, self._ports)
        blueprint, tools = self._blueprint, self._tools
        stages = (
            (programs.storage(blueprint, tools, self._ports), probe.stores),
            (programs.api(blueprint, tools, self._ports), probe.serves),
            (programs.clients(blueprint, tools, self._ports), probe.works),
        )
        for members, is_there in stages:
            crew.start(members)
            self._await(crew, is_there, members[0].name, began + PATIENCE)
        self._has_served.touch(mode=0o600)
        self._state = _State(Phase.READY, ready_seconds=time.monotonic() - began)

    def _await(self, crew: Crew, is_there: Callable[[], bool], name: str, deadline: float) -> None:
        while not is_there():
            self._pause(crew, _TICK)
            if time.monotonic() > deadline:
                raise EnvironmentFault(f"{name} isn't ready {PATIENCE:.0f} seconds after the start")

    def _pause(self, crew: Crew, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise _Stopped
        if reason := crew.ended():
            raise EnvironmentFault(reason)
