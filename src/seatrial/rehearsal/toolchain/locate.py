"""Finding a tool that is already on the machine."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from seatrial.rehearsal.toolchain import modules
from seatrial.rehearsal.toolchain.tools import Tool, Version, version_in, written

DIRECTORY_VARIABLE = "SEATRIAL_TOOLCHAIN"
"""Environment variable: a folder whose executables come before all others."""

ASSETS_VARIABLE = "KUBEBUILDER_ASSETS"
"""Environment variable: where projects that test against a real Kubernetes API have etcd, kube-apiserver, kubectl."""

_PATIENCE = 30
"""Seconds that a tool may take to print its version."""


class Origin(StrEnum):
    """Where a tool comes from."""

    CHOSEN = DIRECTORY_VARIABLE
    ASSETS = ASSETS_VARIABLE
    PATH = "PATH"
    BUILT = "built"


@dataclass(frozen=True, slots=True)
class Located:
    """A tool that can be used."""

    tool: Tool
    """What it is."""

    path: Path
    """Its executable."""

    version: str
    """What it says it is."""

    origin: Origin
    """Where it comes from."""

    def __str__(self) -> str:
        return f"{self.tool.name} {self.version} ({self.origin}: {self.path})"


@dataclass(frozen=True, slots=True)
class Search:
    """What looking for a tool gave."""

    found: Located | None
    """The first that will do."""

    refused: tuple[str, ...]
    """Why others on the way won't."""


def find(tool: Tool) -> Search:
    """Look for a tool: in the chosen folder, among the assets, on PATH, among those built earlier."""
    refused: list[str] = []
    for origin, path in _candidates(tool):
        version = _version(tool, path)
        if version is not None and tool.accepts(version):
            return Search(Located(tool, path, written(version), origin), tuple(refused))
        refused.append(_refusal(tool, path, version))
    return Search(_built(tool), tuple(refused))


def _candidates(tool: Tool) -> list[tuple[Origin, Path]]:
    folders = [(Origin.CHOSEN, DIRECTORY_VARIABLE), (Origin.ASSETS, ASSETS_VARIABLE), (Origin.PATH, "PATH")]
    places = [(origin, os.environ.get(variable)) for origin, variable in folders]
    found = [(origin, shutil.which(tool.name, path=place)) for origin, place in places if place]
    return [(origin, Path(path).absolute()) for origin, path in found if path]


def _built(tool: Tool) -> Located | None:
    pinned = modules.pinned_version(tool)
    version = version_in(pinned)
    wanted = version is not None and tool.accepts(version) and modules.is_built(tool)
    return Located(tool, modules.cached(tool), pinned, Origin.BUILT) if wanted else None


def _version(tool: Tool, path: Path) -> Version | None:
    # A home of its own: the Pulumi CLI makes ~/.pulumi even to print its version.
    with tempfile.TemporaryDirectory(prefix="seatrial-") as home:
        environment = {**os.environ, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        try:
            answer = subprocess.run(  # noqa: S603 (the tool that was asked for)
                [path, *tool.version_arguments],
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
                env=environment,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    return version_in(answer.stdout) if answer.returncode == 0 else None


def _refusal(tool: Tool, path: Path, version: Version | None) -> str:
    lowest, beyond = tool.accepted
    if version is None:
        return f"{path} doesn't print its version"
    because = f" ({tool.because})" if tool.because else ""
    return f"{path} is {written(version)}; needed is {written(lowest)} or later, before {written(beyond)}{because}"
