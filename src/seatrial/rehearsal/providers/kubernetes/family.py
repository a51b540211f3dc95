"""What the protocol asks of a family of resources: of objects, and of releases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pulumi.provider.experimental.property_value import PropertyValue

from seatrial.rehearsal.providers.changes import Change
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.kubernetes.naming import Properties
from seatrial.rehearsal.providers.kubernetes.session import Session
from seatrial.rehearsal.providers.values import Values


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as it is."""

    identity: str
    """Its id: ``namespace/name``, or ``name``."""
    state: Values
    """Its outputs."""


class Family(Protocol):
    """Resources of one kind, however many types they have."""

    def named(self, old: Properties, new: Properties, creations: Creations, urn: str) -> dict[str, PropertyValue]:
        """Return the new inputs with a name."""
        ...

    def faults(self, token: str, inputs: Values) -> Iterable[tuple[str, str]]:
        """Return what is wrong with the inputs: the path of a property, and why."""
        ...

    def secrets(self, inputs: Values, hidden: frozenset[str]) -> frozenset[str]:
        """Return the names of the outputs that are secret, given those that came so."""
        ...

    def planned(self, inputs: Values, old: Values) -> Values:
        """Return what a preview knows of the outputs."""
        ...

    def changes(self, session: Session, old: Values, inputs: Values) -> list[Change]:
        """Return what would have to change."""
        ...

    def goes_first(self, old: Values, inputs: Values) -> bool:
        """Whether the old resource has to go before a new one comes."""
        ...

    def create(self, session: Session, inputs: Values) -> Found:
        """Make the resource and wait until it is ready."""
        ...

    def read(self, session: Session, identity: str, old: Values, known: Values) -> tuple[Values, Values] | None:
        """Return the state, and the inputs as they are now; None when there is nothing."""
        ...

    def update(self, session: Session, old: Values, inputs: Values) -> Found:
        """Change the resource in place and wait until it is ready."""
        ...

    def delete(self, session: Session, identity: str, old: Values) -> None:
        """Remove the resource and wait until it is gone."""
        ...
