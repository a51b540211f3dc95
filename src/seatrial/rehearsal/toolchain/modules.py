"""What pins the tools, and the cache of what was built from it."""

import hashlib
import os
import platform
import re
import sys
from pathlib import Path

import seatrial
from seatrial.rehearsal.toolchain.tools import GoModule, PythonPackage, Tool

_PACKAGED = "go_modules"
"""Folder of the installed package that holds the modules; a source tree has them in ``toolchain/`` instead."""


def root() -> Path:
    """Find the folder of all modules, in the installed package or in the source tree."""
    package = Path(seatrial.__file__).parent
    packaged = package / _PACKAGED
    return packaged if packaged.is_dir() else package.parents[1] / "toolchain"


def folder(tool: Tool) -> Path:
    """Find the folder with what pins a tool."""
    return root() / tool.source.folder


def pinned_version(tool: Tool) -> str:
    """Read the version that is pinned, without a ``v``."""
    return required_version(folder(tool), tool.source)


def required_version(place: Path, source: GoModule | PythonPackage) -> str:
    """Read the version that a folder pins."""
    name = re.escape(source.required)
    if isinstance(source, PythonPackage):
        return re.findall(rf"^{name}==(\S+)", (place / "requirements.txt").read_text(), re.MULTILINE)[0]
    return re.findall(rf"^\s*(?:require\s+)?{name} v(\S+)", (place / "go.mod").read_text(), re.MULTILINE)[0]


def go_version(tool: Tool) -> str:
    """Read the Go language version that the module needs."""
    return re.findall(r"^go (\S+)$", (folder(tool) / "go.mod").read_text(), re.MULTILINE)[0]


def place(tool: Tool) -> Path:
    """Say where what was built lies: a folder of its own for every content of the module and kind of machine."""
    pinned, machine = _identity(tool.source)
    content = b"".join((folder(tool) / name).read_bytes() for name in pinned)
    return cache() / hashlib.sha256(content + machine.encode()).hexdigest()[:16]


def cached(tool: Tool) -> Path:
    """Say where the built executable lies."""
    if isinstance(tool.source, PythonPackage):
        return environment(tool) / "bin" / tool.name
    return place(tool) / tool.name


def environment(tool: Tool) -> Path:
    """Say where the Python environment of a tool lies."""
    return place(tool) / tool.source.folder


def completion(tool: Tool) -> Path:
    """Say which file tells that the Python environment of a tool is whole."""
    return environment(tool) / "complete"


def is_built(tool: Tool) -> bool:
    """Tell whether the tool lies in the cache, whole."""
    return cached(tool).is_file() and (isinstance(tool.source, GoModule) or completion(tool).is_file())


def cache() -> Path:
    """Say where built tools are kept for every project of this user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "seatrial" / "toolchain"


def _identity(source: GoModule | PythonPackage) -> tuple[tuple[str, ...], str]:
    """Give the files that a build depends on, and what else: a Python environment uses the Python that made it."""
    machine = f"{sys.platform}-{platform.machine()}"
    if isinstance(source, PythonPackage):
        return ("requirements.txt",), f"{machine}-{sys.base_prefix}-{sys.version}"
    return ("go.mod", "go.sum"), machine
