"""The parts of the engine's state that a rehearsal reads."""

from collections.abc import Iterator
from typing import Any, TypedDict

NOT_RENDERED = "not-rendered"
"""Status of a chart release that Helm never saw, because its chart couldn't be had."""

_RELEASE = "kubernetes:helm.sh/v3:Release"


class State(TypedDict):
    """One resource."""

    urn: str
    """``urn:pulumi:<stack>::<project>::<types>::<name>``."""

    type: str
    """Token of its type."""

    inputs: dict[str, object]
    """What the program asked for."""

    outputs: dict[str, Any]
    """What the provider answered."""


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


def charts_not_rendered(snapshot: Snapshot) -> Iterator[str]:
    """Tell of every chart release that is only on record, and why."""
    for resource in snapshot.get("resources") or []:
        if resource.get("type") == _RELEASE and resource["outputs"]["status"]["status"] == NOT_RENDERED:
            release = resource["outputs"]
            yield f"{release['name']} {release['version']} ({release['status']['reason']})"
