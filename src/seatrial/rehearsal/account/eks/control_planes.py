"""What EKS asks of whoever runs the control planes of its clusters; nobody does, unless tools were given."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol


class Place(NamedTuple):
    """Which cluster of the account."""

    region: str
    name: str


class Phase(StrEnum):
    """How far a control plane is."""

    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a cluster's control plane is to be like."""

    issuer: str
    """Issuer of service account tokens."""
    signing_key: str
    """Private key that signs them, PEM."""
    service_cidr: str
    """Addresses of Services."""
    token_webhook: str
    """URL that reviews bearer tokens of IAM principals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A control plane as it is now."""

    phase: Phase
    endpoint: str
    """URL of the Kubernetes API."""
    authority: bytes
    """Who it is verified against, PEM."""
    kubeconfig: Path
    """How EKS's own components speak to it."""
    version: str
    """Version of Kubernetes that runs, whatever the cluster was asked to have: ``1.36.2``."""
    reason: str = ""
    """Why it failed."""
    ready_seconds: float | None = None
    """How long its start took."""


class ControlPlanes(Protocol):
    """Runs control planes; nothing here waits."""

    def begin(self, place: Place, order: Order) -> None:
        """Begin a control plane; go on with it where there was one."""
        ...

    def view(self, place: Place) -> View | None:
        """Look at a control plane; nothing where none was begun."""
        ...

    def end(self, place: Place) -> bool:
        """Begin to remove a control plane with everything in it; say whether it is gone."""
        ...

    def stop(self) -> None:
        """End every process and wait for it; what the clusters hold stays."""
        ...


class Nowhere:
    """Clusters are records only."""

    def begin(self, place: Place, order: Order) -> None:
        """Begin nothing."""

    def view(self, place: Place) -> View | None:
        """See nothing."""
        del place

    def end(self, place: Place) -> bool:
        """Find it gone."""
        del place
        return True

    def stop(self) -> None:
        """End nothing."""
