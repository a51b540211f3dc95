"""The plan: what a program would deploy, found out by running it without an engine and without a cloud."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from seatrial.plan.errors import PlanError, Refusal
from seatrial.plan.graph import Message, Plan, Properties, Resource, Secret, Unknown, Value

if TYPE_CHECKING:
    from seatrial.config import Platform
    from seatrial.project import Project

Program: TypeAlias = Callable[[], Mapping[str, object] | None]
"""Registers resources; returns the outputs of the stack, or None when it has none or exports them itself."""

__all__ = [
    "Message",
    "Plan",
    "PlanError",
    "Program",
    "Properties",
    "Refusal",
    "Resource",
    "Secret",
    "Unknown",
    "Value",
    "of_platform",
    "of_project",
    "run",
]


def run(program: Program, *, project: str, stack: str, preview: bool = False) -> Plan:
    """Plan a program; raise PlanError when the engine, the provider or AWS would refuse what it asks for.

    Whatever else the program raises comes out as it is. In a preview ids and outputs are unknown, as they are for the
    engine before a first deployment. Nothing is kept between two runs, and nothing of the environment that begins with
    ``AWS_`` or ``PULUMI_`` has a say.
    """
    from seatrial.plan import recording  # noqa: PLC0415 (the SDK's 0.2 s: who only reads plans needs none of it)

    return recording.run(program, project=project, stack=stack, preview=preview)


def of_platform(platform: "Platform", *, project: str, stack: str, preview: bool = False) -> Plan:
    """Plan the platform that a description asks for, as :func:`run` does.

    Raises:
        ConfigError: Of its region a plan doesn't know the zones.
        PlanError: As :func:`run`.

    """
    from seatrial import program  # noqa: PLC0415 (as above)
    from seatrial.plan import region  # noqa: PLC0415 (as above)

    region.check(platform.region)
    return run(lambda: program.build(platform), project=project, stack=stack, preview=preview)


def of_project(project: "Project", stack: str, platform: "Platform", *, preview: bool = False) -> Plan:
    """Plan what ``pulumi up`` would deploy: the project's own program or, where it has none, the platform alone.

    Args:
        project: Whose program runs.
        stack: Whose settings it gets.
        platform: What those describe.
        preview: As for :func:`run`.

    Raises:
        ConfigError: As :func:`of_platform`.
        PlanError: As :func:`run`.
        ProgramFailed: The program raised an exception, or ended by itself.

    """
    if project.program is None:
        return of_platform(platform, project=project.name, stack=stack, preview=preview)
    from seatrial import entry_point  # noqa: PLC0415 (as above)
    from seatrial.config import stack_file  # noqa: PLC0415 (as above)
    from seatrial.plan import recording, region  # noqa: PLC0415 (as above)

    region.check(platform.region)
    file = project.program
    settings = stack_file.settings(project.stack_file(stack), project.name)
    with entry_point.reported(file):
        return recording.run(
            lambda: entry_point.run(file), project=project.name, stack=stack, preview=preview, settings=settings
        )
