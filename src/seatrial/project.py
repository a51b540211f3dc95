"""Where a project lies on disk: its ``Pulumi.yaml`` and the stack files beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from seatrial.errors import UsageError

PROJECT_FILE = "Pulumi.yaml"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder that Pulumi, and seatrial, can deploy."""

    name: str
    """As ``Pulumi.yaml`` says; a part of every URN."""

    directory: Path
    """The folder that holds ``Pulumi.yaml``."""

    stacks: tuple[str, ...]
    """Every ``<stack>`` that has a ``Pulumi.<stack>.yaml``, sorted."""

    def stack_file(self, stack: str) -> Path:
        """Return the file that describes a stack; UsageError names the stacks that there are."""
        if stack not in self.stacks:
            there = f"the stacks are: {', '.join(self.stacks)}" if self.stacks else "there is no stack file"
            raise UsageError(f"no stack named {stack!r} in {self.directory}; {there}", tip=_tip(stack))
        return self.directory / f"Pulumi.{stack}.yaml"


def find_project(start: Path) -> Project:
    """Find the project that a folder belongs to, looking upward as the Pulumi CLI does."""
    folder = start.resolve()
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", tip="name the folder that holds Pulumi.yaml")
    for directory in (folder, *folder.parents):
        file = directory / PROJECT_FILE
        if file.is_file():
            return Project(name=_name(file), directory=directory, stacks=_stacks(directory))
    raise UsageError(
        f"no {PROJECT_FILE} in {folder} or above it",
        tip="run the command in a project's folder, or name it with --project",
    )


def _tip(stack: str) -> str:
    return f"a stack is described by Pulumi.{stack or '<stack>'}.yaml beside {PROJECT_FILE}"


def _stacks(directory: Path) -> tuple[str, ...]:
    names = (path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in directory.glob("Pulumi.*.yaml"))
    return tuple(sorted(names))


def _name(file: Path) -> str:
    try:
        document: object = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not YAML: {error}") from error
    name = cast("dict[str, object]", document).get("name") if isinstance(document, dict) else None
    if not isinstance(name, str) or not name:
        raise UsageError(f"{file} lacks the project's name", tip="write for example: name: seatrial")
    return name
