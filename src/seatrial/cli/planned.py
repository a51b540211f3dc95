"""The plan of a stack, for commands that answer questions about it."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatrial.config import Platform
    from seatrial.plan import Plan


def load(folder: Path, stack: str, *, preview: bool = False) -> "tuple[Plan, Platform]":
    """Plan a stack of the project in a folder; a preview leaves unknown what only a deployment can tell."""
    from seatrial.plan import lazy_sdk  # noqa: PLC0415 (lazy: see app)

    # Before anything imports Pulumi's SDK.
    lazy_sdk.install()
    from seatrial import plan  # noqa: PLC0415 (as above)
    from seatrial.config import load_platform  # noqa: PLC0415 (as above)
    from seatrial.project import find_project  # noqa: PLC0415 (as above)

    project = find_project(folder)
    platform = load_platform(project.stack_file(stack))
    return plan.of_project(project, stack, platform, preview=preview), platform
