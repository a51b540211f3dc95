"""Ids of objects: ``namespace/name``, or ``name`` outside namespaces."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.kubernetes_api.references import Reference


def identity(manifest: Mapping[str, Any]) -> str:
    """Return the id of the object that is described."""
    metadata: Mapping[str, Any] = manifest["metadata"]
    namespace = metadata.get("namespace")
    return f"{namespace}/{metadata['name']}" if namespace else metadata["name"]


def reference(api_version: str, kind: str, identity: str) -> Reference:
    """Return which object an id means."""
    namespace, _, name = identity.rpartition("/")
    return Reference(api_version, kind, name, namespace)


def of_token(token: str) -> tuple[str, str]:
    """Return the API version and the kind of a type: ``kubernetes:core/v1:Pod``, ``kubernetes:apps/v1:Deployment``."""
    _, version, kind = token.split(":")
    return version.removeprefix("core/"), kind
