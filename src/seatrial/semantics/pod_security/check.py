"""What a check of Pod Security is: frozen data, and a pure function for every version that changed it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from seatrial.semantics.pod_security.pod import Pod


class Level(StrEnum):
    """A level of the Pod Security Standards, from none to strictest."""

    PRIVILEGED = "privileged"
    BASELINE = "baseline"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Why a check refuses a pod, in the words of the admission plugin."""

    reason: str
    """What is wrong, in two or three words."""
    detail: str
    """Where, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of the standards."""

    id: str
    """The plugin's own id."""
    level: Level
    """The lowest level that the check belongs to."""
    revisions: tuple[tuple[int, Callable[[Pod], Forbidden | None]], ...]
    """Minor version of Kubernetes 1.x from which a function decides, in rising order."""
    overrides: str = ""
    """The baseline check that this restricted one replaces, from its own first revision on."""

    def revision(self, minor: int) -> Callable[[Pod], Forbidden | None] | None:
        """Return the function that decides in a version; None when the check is younger."""
        return next((decide for since, decide in reversed(self.revisions) if since <= minor), None)
