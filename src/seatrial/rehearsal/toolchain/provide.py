"""Getting a tool: found first, built second, and told which."""

from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.toolchain import modules
from seatrial.rehearsal.toolchain.build import build
from seatrial.rehearsal.toolchain.locate import Located, Origin, find
from seatrial.rehearsal.toolchain.tools import Tool


def provide(tool: Tool, progress: Progress) -> Located:
    """Find a tool on the machine, or build it; tell which is used and why others aren't."""
    search = find(tool)
    for refusal in search.refused:
        progress.note(f"not used: {refusal}")
    located = search.found or Located(tool, build(tool, progress), modules.pinned_version(tool), Origin.BUILT)
    return used(located, progress)


def used(located: Located, progress: Progress) -> Located:
    """Tell which tool is used."""
    progress.note(f"using {located}")
    return located
