"""Where a project lies on disk: its ``Pulumi.yaml`` and the stack files beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from seatrial.errors import UsageError

PROJECT_FILE = "Pulumi.yaml"

_MAIN = "__main__.py"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder that Pulumi, and seatrial, can deploy."""

    name: str
    """As ``Pulumi.yaml`` says; a part of every URN."""

    directory: Path
    """The folder that holds ``Pulumi.yaml``."""

    stacks: tuple[str, ...]
    """Every ``<stack>`` that has a ``Pulumi.<stack>.yaml``, sorted."""

    program: Path | None = None
    """What ``pulumi up`` runs: ``__main__.py``, or what ``main`` of ``Pulumi.yaml`` names; None where that isn't there,
    and the platform is all there is."""

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
            return _project(file)
    raise UsageError(
        f"no {PROJECT_FILE} in {folder} or above it",
        tip="run the command in a project's folder, or name it with --project",
    )


def _project(file: Path) -> Project:
    document = _document(file)
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise UsageError(f"{file} lacks the project's name", tip="write for example: name: seatrial")
    return Project(name, file.parent, _stacks(file.parent), _program(file.parent, document.get("main")))


def _program(directory: Path, main: object) -> Path | None:
    """Find the program as Pulumi does: ``main`` is a folder or a file, relative to the project's."""
    named = (directory / str(main or ".")).resolve()
    file = named / _MAIN if named.is_dir() else named
    if main and not file.is_file():
        raise UsageError(f"main: found {main}, and there is no {file}", tip="name the folder that holds __main__.py")
    return file if file.is_file() else None


def _tip(stack: str) -> str:
    return f"a stack is described by Pulumi.{stack or '<stack>'}.yaml beside {PROJECT_FILE}"


def _stacks(directory: Path) -> tuple[str, ...]:
    names = (path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in directory.glob("Pulumi.*.yaml"))
    return tuple(sorted(names))


def _document(file: Path) -> dict[str, object]:
    try:
        document: object = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not YAML: {error}") from error
    return cast("dict[str, object]", document) if isinstance(document, dict) else {}
