"""The project's and the stack's file as the engine gets them: copies, with the rehearsal's own key for secrets."""

import re
from pathlib import Path

from seatrial.project import PROJECT_FILE, Project
from seatrial.rehearsal.state import StateFolder

_SALT = re.compile(r"^encryptionsalt:.*\n?", re.MULTILINE)

_ENCRYPTION = re.compile(r"^(?:encryptionsalt|encryptedkey|secretsprovider):.*\n?", re.MULTILINE)
"""Lines by which a stack file names the key of its secrets."""


def copy(project: Project, stack: str, state: StateFolder) -> None:
    """Put the project's and the stack's file, word for word, where the engine reads them.

    The one difference is the key of secrets: the user's may be out of reach, so the copy keeps the rehearsal's own.
    """
    source = project.stack_file(stack)
    target = copied(state, stack)
    text = _ENCRYPTION.sub("", source.read_text(encoding="utf-8"))
    (state.work / PROJECT_FILE).write_bytes((project.directory / PROJECT_FILE).read_bytes())
    target.write_text("".join([_ended(text), *_own_key(target)]), encoding="utf-8")


def copied(state: StateFolder, stack: str) -> Path:
    """Say where the stack file's copy lies."""
    return state.work / f"Pulumi.{stack}.yaml"


def _own_key(target: Path) -> list[str]:
    return _SALT.findall(target.read_text(encoding="utf-8")) if target.is_file() else []


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
