"""Installing a tool that is a Python package, with exactly the packages that its hashes name."""

import os
import shutil
import sys
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.toolchain import modules, work
from seatrial.rehearsal.toolchain.tools import Tool

_OPTIONS = ("--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes")
"""Nothing beyond the list, nothing that isn't what it was when the list was made, nothing that runs while it comes."""


def install(tool: Tool, progress: Progress) -> None:
    """Install a tool into an environment of its own in the cache.

    Such an environment knows where it lies, so it is made in place; a file tells that it is whole.
    """
    version = modules.pinned_version(tool)
    progress.begin(f"installing {tool.name} {version} (once; {work.duration(tool.build_seconds)})")
    environment = modules.environment(tool)
    shutil.rmtree(environment, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(environment)], tool, version, progress, None)
    requirements = modules.folder(tool) / "requirements.txt"
    command = [str(environment / "bin" / "python"), "-m", "pip", "install", *_OPTIONS, "-r", str(requirements)]
    _run(command, tool, version, progress, requirements.read_text().count("=="))
    modules.completion(tool).touch()
    progress.end(f"installed {tool.name} {version}")


def _run(command: list[str], tool: Tool, version: str, progress: Progress, total: int | None) -> None:
    def tell(said: list[str]) -> None:
        progress.advance(sum(line.startswith("Collecting ") for line in said), total, said[-1].strip())

    done = work.run(command, Path(modules.environment(tool)).parent, _variables(), tell)
    if done.code:
        tip = f"install {tool.name} ({tool.install}) and have it on PATH, or see above why it can't be installed"
        raise EnvironmentFault(done.failure(f"installing {tool.name} {version}"), tip=tip)


def _variables() -> dict[str, str]:
    """Leave out what would make Python, or pip, look elsewhere than into the new environment."""
    own = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in own}
