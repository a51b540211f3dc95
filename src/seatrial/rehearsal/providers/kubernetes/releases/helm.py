"""Runs Helm: with settings of its own, tied to this process, and told to stop when the engine stops."""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from seatrial.rehearsal import processes
from seatrial.rehearsal.providers.refusals import Cancelled, ProviderFault

_TICK = 0.1
_GRACE_SECONDS = 10.0
"""How long Helm may take to stop in good order."""

_SHOWN = 2000
"""How many characters of what Helm complained about are told."""


class HelmFailed(ProviderFault):
    """Helm said no."""


@dataclass(frozen=True, slots=True)
class Helm:
    """The tool."""

    program: Path
    home: Path
    """Where it keeps what it keeps; nothing of the user's own Helm is read."""
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when the engine asks to stop."""

    def run(self, arguments: Sequence[str], *, values: Mapping[str, Any] | None = None, seconds: float) -> str:
        """Return what Helm prints; ``values`` reach it by its input, so that no file has them."""
        command = [str(self.program), *arguments]
        records = _folder(self.home / "processes")
        process = subprocess.Popen(  # noqa: S603 (without a shell)
            processes.tethered(records, "helm", command, parent=str(os.getpid())),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment(),
        )
        try:
            output, errors = self._followed(process, json.dumps(values or {}), seconds)
        finally:
            (records / f"helm-{process.pid}.json").unlink(missing_ok=True)
        if process.returncode:
            raise HelmFailed(_complaint(errors))
        return output

    @contextmanager
    def access(self, kubeconfig: str | Mapping[str, Any]) -> Generator[list[str]]:
        """Give the arguments that lead to a cluster: its kubeconfig is in a private file until Helm is done."""
        folder = _folder(self.home / "access")
        _sweep(folder)
        text = kubeconfig if isinstance(kubeconfig, str) else json.dumps(kubeconfig)
        descriptor, path = tempfile.mkstemp(prefix=f"{os.getpid()}-", dir=folder)  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            yield ["--kubeconfig", path]
        finally:
            Path(path).unlink()

    def _environment(self) -> dict[str, str]:
        foreign = ("HELM_", "KUBE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        own = {f"HELM_{name.upper()}_HOME": str(_folder(self.home / name)) for name in ("cache", "config", "data")}
        return {**kept, **own}

    def _followed(self, process: "subprocess.Popen[str]", given: str, seconds: float) -> tuple[str, str]:
        deadline = time.monotonic() + seconds
        while not (fault := self._reason_to_stop(deadline, seconds)):
            try:
                return process.communicate(given, timeout=_TICK)
            except subprocess.TimeoutExpired:
                given = ""
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # it leads its group: what it started goes too
            process.communicate()
        raise fault

    def _reason_to_stop(self, deadline: float, seconds: float) -> ProviderFault | None:
        if self.cancelled.is_set():
            return Cancelled()
        return HelmFailed(f"took longer than {seconds:.0f} s") if time.monotonic() > deadline else None


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _sweep(folder: Path) -> None:
    """Remove what killed processes have left."""
    for file in folder.iterdir():
        pid = file.name.partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            with suppress(FileNotFoundError):
                file.unlink()


def _complaint(errors: str) -> str:
    """Return what Helm says is wrong, without its warnings."""
    lines = [line for line in errors.strip().splitlines() if not line.startswith(("WARNING", "level=", "time="))]
    return "\n".join(lines).removeprefix("Error: ")[-_SHOWN:] or "Helm failed without saying why"
