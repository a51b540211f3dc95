"""The Go modules that pin the tools, and the cache of what was built from them."""

import hashlib
import os
import platform
import re
import sys
from pathlib import Path

import seatrial
from seatrial.rehearsal.toolchain.tools import Tool

_PACKAGED = "go_modules"
"""Folder of the installed package that holds the modules; a source tree has them in ``toolchain/`` instead."""


def folder(tool: Tool) -> Path:
    """Find the Go module of a tool, in the installed package or in the source tree."""
    package = Path(seatrial.__file__).parent
    packaged = package / _PACKAGED
    modules = packaged if packaged.is_dir() else package.parents[1] / "toolchain"
    return modules / tool.module


def pinned_version(tool: Tool) -> str:
    """Read the version that ``go.mod`` pins, without the ``v``."""
    text = (folder(tool) / "go.mod").read_text()
    return re.findall(rf"^\s*(?:require\s+)?{re.escape(tool.required)} v(\S+)", text, re.MULTILINE)[0]


def go_version(tool: Tool) -> str:
    """Read the Go language version that the module needs."""
    return re.findall(r"^go (\S+)$", (folder(tool) / "go.mod").read_text(), re.MULTILINE)[0]


def cached(tool: Tool) -> Path:
    """Say where the built tool lies: a folder of its own for every content of its module and kind of machine."""
    content = b"".join((folder(tool) / name).read_bytes() for name in ("go.mod", "go.sum"))
    machine = f"{sys.platform}-{platform.machine()}".encode()
    return cache() / hashlib.sha256(content + machine).hexdigest()[:16] / tool.name


def cache() -> Path:
    """Say where built tools are kept for every project of this user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "seatrial" / "toolchain"
