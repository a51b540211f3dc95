"""Objects of any kind, by server-side apply."""

import dataclasses
import re
from collections.abc import Iterable
from typing import Any

from pulumi.provider.experimental.property_value import PropertyValue

from seatrial.errors import SeatrialError
from seatrial.rehearsal.kubernetes_api.references import Reference
from seatrial.rehearsal.kubernetes_api.refusals import NoSuchKind, Refused
from seatrial.rehearsal.providers.changes import Change
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.kubernetes import annotations, check, differences, naming, state
from seatrial.rehearsal.providers.kubernetes.family import Found
from seatrial.rehearsal.providers.kubernetes.identities import identity, of_token, reference
from seatrial.rehearsal.providers.kubernetes.naming import Properties
from seatrial.rehearsal.providers.kubernetes.readiness.wait import until_gone, until_ready
from seatrial.rehearsal.providers.kubernetes.replacements import replacing
from seatrial.rehearsal.providers.kubernetes.session import Session
from seatrial.rehearsal.providers.refusals import InitFailed, ProviderFault
from seatrial.rehearsal.providers.urns import token
from seatrial.rehearsal.providers.values import Values, holds_unknown, within

_SETTLE_SECONDS = 10.0
"""How long what an object needs may take to arrive: its namespace, its definition, a webhook that looks at it."""

_SETTLES = re.compile(
    r"namespaces .* not found|status unknown for quota|failed calling webhook|not yet ready to handle request"
)


class Objects:
    """The family of all that has a manifest."""

    def named(self, old: Properties, new: Properties, creations: Creations, urn: str) -> dict[str, PropertyValue]:
        """Return the manifest with a name."""
        return naming.named(old, new, creations, urn)

    def faults(self, token: str, inputs: Values) -> Iterable[tuple[str, str]]:
        """Return what is wrong with the manifest."""
        return check.faults(token, inputs)

    def secrets(self, inputs: Values, hidden: frozenset[str]) -> frozenset[str]:
        """Return the names of the outputs that are secret."""
        return state.secrets(inputs, hidden)

    def planned(self, inputs: Values, old: Values) -> Values:
        """Return what a preview knows of the object: its manifest, over what it is now."""
        return state.planned(inputs, old)

    def changes(self, session: Session, old: Values, inputs: Values) -> list[Change]:
        """Return what would have to change; all of it takes a new object when the API server says so."""
        replaces = replacing(inputs, session.configuration)
        namespace = within(old, "metadata").get("namespace")
        found = [
            change
            for change in differences.changes(state.inputs(old), inputs, replaces)
            if change.path != "metadata.namespace"
            or within(inputs, "metadata").get("namespace", namespace) != namespace
        ]
        if found and not any(change.replaces for change in found) and _is_refused_in_place(session, old, inputs):
            return [dataclasses.replace(change, replaces=True) for change in found]
        return found

    def goes_first(self, old: Values, inputs: Values) -> bool:
        """Whether both objects would have one name."""
        if annotations.of(inputs).get(annotations.AUTONAMED) == "true":
            return False
        before, after = within(old, "metadata"), within(inputs, "metadata")
        namespace = after.get("namespace", before.get("namespace"))
        return (before.get("name"), before.get("namespace")) == (after.get("name"), namespace)

    def create(self, session: Session, inputs: Values) -> Found:
        """Make the object, or take over what there is of it if that is configured, and wait until it is ready.

        Raises:
            InitFailed: it was made, but didn't become ready.

        """
        if not session.configuration.upsert:
            _expect_nothing(session, inputs)
        return _applied(session, inputs, Values())

    def read(self, session: Session, identity: str, old: Values, known: Values) -> tuple[Values, Values] | None:
        """Return the object's state, and its manifest as it is now; None when there is no object."""
        try:
            found = session.cluster.get(_reference(session, identity))
        except NoSuchKind:
            return None
        if found is None:
            return None
        inputs = state.seen(found, old, known)
        return state.of(found, inputs, state.manager(old, session.urn)), inputs

    def update(self, session: Session, old: Values, inputs: Values) -> Found:
        """Make the object as the manifest says, and wait until it is ready."""
        return _applied(session, inputs, old)

    def delete(self, session: Session, identity: str, old: Values) -> None:
        """Remove the object and wait until it is gone; one that is gone already is fine."""
        manifest = state.inputs(old)
        wanted = _reference(session, identity)
        try:
            session.cluster.delete(
                wanted.api_version, wanted.kind, wanted.name, wanted.namespace, annotations.propagation(manifest)
            )
        except NoSuchKind:
            return
        if annotations.is_awaited(manifest):
            until_gone(session, wanted, within(old, "metadata").get("uid", ""))


def _reference(session: Session, identity: str) -> Reference:
    return reference(*of_token(token(session.urn)), identity)


def _expect_nothing(session: Session, manifest: Values) -> None:
    """Refuse to take over an object of somebody else's, as the published provider does."""
    try:
        found = session.cluster.get(manifest)
    except NoSuchKind:
        return
    if found:
        raise ProviderFault(
            f"{Reference.of(manifest)}: is there already",
            tip="import it, give this one another name, or set upsertExistingObjects on the provider",
        )


def _is_refused_in_place(session: Session, old: Values, manifest: Values) -> bool:
    """Whether the API server would only take the manifest for a new object; nothing is changed by asking."""
    if session.connected is None or holds_unknown(manifest):
        return False
    try:
        session.connected.apply(manifest, state.manager(old, session.urn), force=True, dry_run=True)
    except Refused as refused:
        return refused.is_immutable
    except SeatrialError:  # who applies it will tell
        return False
    return False


def _applied(session: Session, manifest: Values, old: Values) -> Found:
    manager = state.manager(old, session.urn)
    made = _apply(session, manifest, manager)
    if not annotations.is_awaited(manifest):
        return Found(identity(made), state.of(made, manifest, manager))
    try:
        ready = until_ready(session, made)
    except SeatrialError as fault:  # whatever it was: the engine has to keep what was made
        raise InitFailed(identity(made), state.of(_now(session, made), manifest, manager), str(fault)) from fault
    return Found(identity(made), state.of(ready, manifest, manager))


def _now(session: Session, made: dict[str, Any]) -> dict[str, Any]:
    try:
        return session.cluster.get(made) or made
    except SeatrialError:
        return made


def _apply(session: Session, manifest: Values, manager: str) -> dict[str, Any]:
    """Apply the manifest; wait a little for what it needs and may just have been made."""
    force = session.configuration.force or annotations.is_forced(manifest)
    last: SeatrialError | None = None
    for _ in session.pauses(min(session.seconds, _SETTLE_SECONDS)):
        try:
            return session.cluster.apply(manifest, manager, force=force)
        except NoSuchKind as missing:
            last = missing
        except Refused as refused:
            last = _explained(refused)
            if not _SETTLES.search(refused.message):
                break
    assert last is not None  # noqa: S101 (it was tried at least once)
    raise last


def _explained(refused: Refused) -> SeatrialError:
    """Say what to do about fields that others have set."""
    if not refused.is_conflict:
        return refused
    return ProviderFault(
        str(refused), tip='to take the fields over, annotate the object with pulumi.com/patchForce: "true"'
    )
