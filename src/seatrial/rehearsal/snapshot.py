"""The parts of the engine's state that a rehearsal reads."""

from typing import TypedDict


class State(TypedDict):
    """One resource."""

    urn: str
    """``urn:pulumi:<stack>::<project>::<types>::<name>``."""

    type: str
    """Token of its type."""

    inputs: dict[str, object]
    """What the program asked for."""


class Pending(TypedDict):
    """An operation that was begun and not seen through."""

    resource: State
    """What it is about."""

    type: str
    """``creating``, ``updating``, ``deleting``, ``reading``."""


class Snapshot(TypedDict, total=False):
    """The state of a stack, as ``pulumi stack export`` gives it."""

    resources: list[State]
    """Every resource, parents before children."""

    pending_operations: list[Pending]
    """What was begun and not seen through; the engine keeps creations here until somebody resolves them."""


def pending_creates(snapshot: Snapshot) -> list[str]:
    """Name what was being created when the engine was cut off, each once."""
    pending = snapshot.get("pending_operations") or []
    return list(dict.fromkeys(operation["resource"]["urn"] for operation in pending if operation["type"] == "creating"))


def protected_clusters(snapshot: Snapshot) -> list[str]:
    """Name the clusters that AWS would refuse to delete."""
    resources = snapshot.get("resources") or []
    return [resource["urn"] for resource in resources if resource.get("inputs", {}).get("deletionProtection") is True]
