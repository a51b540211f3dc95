"""Waiting until a resource is ready, or gone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from seatrial.rehearsal.providers.aws.cloud import Cloud, settle_seconds
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.refusals import NotReady
from seatrial.rehearsal.providers.values import Values


@dataclass(frozen=True, slots=True)
class Status:
    """Where a resource is on its way."""

    name: str
    """As the service says: ``CREATING``."""
    issues: tuple[str, ...] = ()
    """What the service says is wrong."""


Probe: TypeAlias = Callable[[Cloud, str, Values], Status]
"""Takes the id and the inputs or state; asks the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """When a resource is ready."""

    probe: Probe
    ready: frozenset[str]
    """It can be used."""
    failed: frozenset[str] = frozenset()
    """It never will be."""
    gone: frozenset[str] = frozenset()
    """As good as not there."""
    seconds: float = 1200.0
    """How long it may take, as upstream's provider allows."""
    output: str = ""
    """The output that holds the status, if one does."""
    broken: frozenset[str] = frozenset()
    """Values of that output at which the next update replaces the resource: nothing repairs it."""


def wait_ready(cloud: Cloud, readiness: Readiness, identity: str, known: Values) -> None:
    """Return when the resource is ready; raise :class:`NotReady` when it fails or takes too long."""
    seconds = cloud.seconds or readiness.seconds
    status = Status("not found")
    for _ in cloud.pauses(seconds):
        status = _status(cloud, readiness, identity, known)
        if status.name in readiness.ready:
            return
        if status.name in readiness.failed:
            raise NotReady(status.name, seconds, status.issues, final=True)
    raise NotReady(status.name, seconds, status.issues)


def wait_gone(cloud: Cloud, readiness: Readiness, identity: str, known: Values) -> None:
    """Return when the resource is gone; raise :class:`NotReady` when it fails to go or takes too long."""
    seconds = cloud.seconds or readiness.seconds
    status = Status("there")
    for _ in cloud.pauses(seconds):
        try:
            status = readiness.probe(cloud, identity, known)
        except Refusal as refusal:
            if refusal.is_missing:
                return
            raise
        if status.name in readiness.gone:
            return
        if status.name.endswith("DELETE_FAILED"):
            raise NotReady(status.name, seconds, status.issues, final=True)
    raise NotReady(status.name, seconds, status.issues)


def _status(cloud: Cloud, readiness: Readiness, identity: str, known: Values) -> Status:
    """Ask for the status; what was made a moment ago may not be visible yet."""
    for _ in cloud.pauses(settle_seconds()):
        try:
            return readiness.probe(cloud, identity, known)
        except Refusal as refusal:
            if not refusal.is_missing:
                raise
    return readiness.probe(cloud, identity, known)
