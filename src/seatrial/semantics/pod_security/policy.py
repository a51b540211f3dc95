"""Which checks a level means in a version of Kubernetes, and what they find in an object."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from seatrial.errors import ConfigError, Fault, UsageError
from seatrial.semantics import fields, workloads
from seatrial.semantics.pod_security import read
from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.checks import CHECKS
from seatrial.semantics.pod_security.pod import Pod

OLDEST, NEWEST = 28, 37
"""Minor versions of Kubernetes 1.x that the checks know, both included."""

LATEST = "latest"
"""The version that stands for the newest."""

_VERSION = re.compile(r"v?1\.(0|[1-9][0-9]*)")

Decision = tuple[str, Callable[[Pod], Forbidden | None]]
"""A check's id, and its function."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One check that refuses a pod."""

    check: str
    """The admission plugin's id of the check."""
    reason: str
    """What is wrong, in two or three words."""
    detail: str
    """Where, and what would be right."""

    @property
    def message(self) -> str:
        """The violation as the API server prints it."""
        return f"{self.reason} ({self.detail})"


def violations(pod: Mapping[str, object], level: str, version: str) -> tuple[Violation, ...]:
    """Return what Pod Security admission refuses in an object, in the order that the API server names it.

    Args:
        pod: A Pod, or anything with a pod template; whatever else has no violations.
        level: ``privileged``, ``baseline`` or ``restricted``.
        version: ``1.28`` to ``1.37``, with or without a ``v``, or ``latest``.

    Raises:
        ConfigError: A field of the object has the wrong form; every fault at once.
        UsageError: There is no such level or version.

    """
    deciding = decisions(level, version)
    faults: list[Fault] = []
    found = of_fields(fields.of_object(pod, faults), deciding)
    if faults:
        raise ConfigError(faults, "the object")
    return found


def of_fields(value: fields.Fields, deciding: tuple[Decision, ...]) -> tuple[Violation, ...]:
    """Return what the checks refuse in an object; wrong forms are collected where its fields say."""
    source = workloads.pod(value)
    if source is None:
        return ()
    pod = read.pod(source)
    verdicts = ((name, decide(pod)) for name, decide in deciding)
    return tuple(Violation(name, verdict.reason, verdict.detail) for name, verdict in verdicts if verdict)


def decisions(level: str, version: str) -> tuple[Decision, ...]:
    """Return the checks of a level and version; UsageError when there is no such level or version."""
    if level not in tuple(Level):
        raise UsageError(f"no Pod Security level {level!r}; the levels are: {', '.join(Level)}")
    return _decisions(Level(level), _minor(version))


def _minor(version: str) -> int:
    if version == LATEST:
        return NEWEST
    match = _VERSION.fullmatch(version)
    if match is None or not OLDEST <= int(match[1]) <= NEWEST:
        raise UsageError(f"no Pod Security version {version!r}; known are 1.{OLDEST} to 1.{NEWEST} and {LATEST}")
    return int(match[1])


@cache
def _decisions(level: Level, minor: int) -> tuple[Decision, ...]:
    """Baseline checks by id, then restricted ones by id: the plugin's order."""
    applying = [check for check in CHECKS if _applies(check, level)]
    current = [(check, decide) for check in applying if (decide := check.revision(minor)) is not None]
    overridden = {check.overrides for check, _ in current}
    ordered = sorted(current, key=lambda pair: (pair[0].level is Level.RESTRICTED, pair[0].id))
    return tuple((check.id, decide) for check, decide in ordered if check.id not in overridden)


def _applies(check: Check, level: Level) -> bool:
    return level is Level.RESTRICTED or check.level is level
