"""Waits until an object is ready, or gone."""

import time
from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.kubernetes_api.references import Reference
from seatrial.rehearsal.kubernetes_api.refusals import NoSuchKind
from seatrial.rehearsal.providers.kubernetes.readiness.kinds import probe
from seatrial.rehearsal.providers.kubernetes.readiness.status import Status, complaints, waiting
from seatrial.rehearsal.providers.kubernetes.session import Session
from seatrial.rehearsal.providers.refusals import NotReady
from seatrial.rehearsal.providers.values import Values, listed, within

_STUCK_SECONDS = 20.0
"""How long something may stay in the way: a quota is full while old pods still go."""

_NAMESPACE_CONDITIONS = (
    "NamespaceContentRemaining",
    "NamespaceFinalizersRemaining",
    "NamespaceDeletionContentFailure",
    "NamespaceDeletionDiscoveryFailure",
)


def until_ready(session: Session, made: Mapping[str, Any]) -> Values:
    """Return the object when it is ready; raise :class:`NotReady` when it fails, is stuck, or takes too long."""
    tell = probe(made)
    if tell is None:
        return dict(made)
    status, since = waiting("not there"), time.monotonic()
    for _ in session.pauses():
        found = session.cluster.get(made)
        before, status = status, tell(session.cluster, found) if found else waiting("gone")
        since = since if _stays(before, status) else time.monotonic()
        if found and (status.ready or _settled(status, since)):
            return found
        if status.failed or (status.stuck and time.monotonic() - since > _STUCK_SECONDS):
            raise NotReady(status.text, session.seconds, status.issues, final=True)
    raise NotReady(status.text, session.seconds, status.issues)


def _stays(before: Status, now: Status) -> bool:
    return (before.stuck, before.settles) == (now.stuck, now.settles)


def _settled(status: Status, since: float) -> bool:
    return bool(status.settles) and time.monotonic() - since > status.settles


def until_gone(session: Session, reference: Reference, uid: str) -> None:
    """Return when the object is gone; raise :class:`NotReady` when that takes too long, with what holds it."""
    held: tuple[str, ...] = ()
    for _ in session.pauses():
        found = _found(session, reference)
        if found is None or (uid and found["metadata"]["uid"] != uid):
            return
        held = _held(found)
    raise NotReady("there", session.seconds, held)


def _found(session: Session, reference: Reference) -> Values | None:
    try:
        return session.cluster.get(reference)
    except NoSuchKind:  # its definition is gone, and all objects with it
        return None


def _held(found: Values) -> tuple[str, ...]:
    """Return what an object that is being deleted waits for."""
    finalizers = [*listed(found["metadata"], "finalizers"), *listed(within(found, "spec"), "finalizers")]
    waits = (f"finalizers {', '.join(finalizers)}",) if finalizers else ()
    return (*waits, *complaints(found, _NAMESPACE_CONDITIONS))
