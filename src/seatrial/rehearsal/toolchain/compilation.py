"""Compiling a tool from its pinned Go module."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.toolchain import golang, modules, work
from seatrial.rehearsal.toolchain.tools import GoModule, Tool


def compile_(go: Path, tool: Tool, source: GoModule, progress: Progress) -> None:
    """Compile a tool into the cache; it appears there when it is whole."""
    target = modules.cached(tool)
    version = modules.pinned_version(tool)
    progress.begin(f"building {tool.name} {version} (once; {work.duration(tool.build_seconds)})")
    progress.advance(0, None, "fetching Go modules")
    total = golang.package_count(go, tool, source)
    with _staging(target) as staging:
        command = [str(go), *golang.arguments(source, version, staging)]
        done = work.run(
            command,
            modules.folder(tool),
            golang.environment(),
            lambda said: progress.advance(len(said), total, said[-1]),
        )
        if not staging.is_file():
            raise EnvironmentFault(done.failure(f"building {tool.name} {version}"), tip=golang.tip(tool))
        staging.replace(target)
    progress.end(f"built {tool.name} {version}")


@contextmanager
def _staging(target: Path) -> Generator[Path]:
    staging = target.with_name(f".{target.name}.partial")
    try:
        yield staging
    finally:
        staging.unlink(missing_ok=True)
