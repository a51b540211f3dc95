"""Where an object is on its way to being ready."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.providers.values import Values, listed, within


@dataclass(frozen=True, slots=True)
class Status:
    """Where an object is."""

    ready: bool
    text: str = ""
    """What it waits for: ``1 of 2 replicas available``."""
    issues: tuple[str, ...] = ()
    """What is said to be wrong."""
    failed: bool = False
    """It will never be ready."""
    stuck: bool = False
    """It won't be ready as long as it stays so: nothing that is waited for would help."""
    settles: float = 0.0
    """It counts as ready when it stays so for that many seconds."""


READY = Status(ready=True)

Probe: TypeAlias = Callable[[Cluster, Mapping[str, Any]], Status]
"""Takes an object as it is; may ask for others."""


def condition(found: Mapping[str, Any], kind: str) -> Values:
    """Return a condition of an object's status; an empty one when it has none of that kind."""
    conditions = listed(within(found, "status"), "conditions")
    return next((it for it in conditions if it["type"] == kind), Values())


def holds(found: Mapping[str, Any], kind: str) -> bool:
    """Whether a condition is true."""
    return condition(found, kind).get("status") == "True"


def complaints(found: Mapping[str, Any], kinds: Sequence[str]) -> tuple[str, ...]:
    """Return what the conditions of these kinds say, where they say something."""
    return tuple(filter(None, (condition(found, kind).get("message") for kind in kinds)))


def waiting(text: str, *issues: str, stuck: bool = False) -> Status:
    """Return the status of an object that isn't ready yet."""
    return Status(ready=False, text=text, issues=issues, stuck=stuck)


def is_observed(found: Mapping[str, Any]) -> bool:
    """Whether the status is about the object as it is now."""
    return within(found, "status").get("observedGeneration", 0) >= found["metadata"].get("generation", 0)
