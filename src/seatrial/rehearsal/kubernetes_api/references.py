"""Names of objects, and of kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """Which object is meant."""

    api_version: str
    """``v1``, ``apps/v1``."""
    kind: str
    name: str
    namespace: str = ""
    """Empty for an object outside namespaces, and for one in the kubeconfig's own."""

    @classmethod
    def of(cls, manifest: "Mapping[str, Any] | Reference") -> "Reference":
        """Return which object a manifest describes."""
        if isinstance(manifest, Reference):
            return manifest
        metadata = manifest["metadata"]
        return cls(manifest["apiVersion"], manifest["kind"], metadata["name"], metadata.get("namespace") or "")

    def __str__(self) -> str:
        return f"{self.kind} {'/'.join(filter(None, (self.namespace, self.name)))}"


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of object, as an API server serves it."""

    api_version: str
    kind: str
    plural: str
    """As in URLs: ``deployments``."""
    namespaced: bool
    verbs: frozenset[str] = frozenset()

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of the kind's objects, of those in a namespace, or of one."""
        root = group_path(self.api_version)
        within = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{root}{within}/{self.plural}" + (f"/{name}" if name else "")


def group_path(api_version: str) -> str:
    """Return where an API server serves a version of a group: the oldest group has no name."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
