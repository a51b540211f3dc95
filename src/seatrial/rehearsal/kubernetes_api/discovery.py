"""Knows which kinds of objects a cluster has."""

import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from seatrial.rehearsal.kubernetes_api.references import Resource, group_path
from seatrial.rehearsal.kubernetes_api.refusals import NoSuchKind, Refused

Fetch: TypeAlias = Callable[[str], dict[str, Any]]
"""Gets a path."""


class Discovery:
    """The kinds of one cluster, asked for once, and again when one is missing: a definition may just have come."""

    def __init__(self, fetch: Fetch) -> None:
        """Ask by ``fetch``. Nothing is asked before it is needed."""
        self._fetch = fetch
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, Resource]] = {}

    def resource(self, api_version: str, kind: str) -> Resource:
        """Return how the kind is served; raise :class:`NoSuchKind` when it isn't."""
        found = self._known.get(api_version, {}).get(kind)
        if found:
            return found
        with self._lock:  # others wait for the answer instead of asking too
            if kind not in self._known.get(api_version, {}):
                self._known[api_version] = self._served(api_version)
        try:
            return self._known[api_version][kind]
        except KeyError:
            raise NoSuchKind(api_version, kind) from None

    def resources(self) -> list[Resource]:
        """Return every kind that is served now, in the version that the API server prefers."""
        groups: list[dict[str, Any]] = self._fetch("/apis").get("groups") or []
        preferred = ["v1", *(group["preferredVersion"]["groupVersion"] for group in groups)]
        fresh = {version: self._served(version) for version in preferred}
        with self._lock:
            self._known.update(fresh)
        return [resource for version in preferred for resource in fresh[version].values()]

    def _served(self, api_version: str) -> dict[str, Resource]:
        try:
            listed: list[dict[str, Any]] = self._fetch(group_path(api_version)).get("resources") or []
        except Refused as refused:
            if not refused.is_missing:
                raise
            listed = []
        # Names with a slash are parts of objects: pods/log, deployments/scale.
        return {it["kind"]: _resource(api_version, it) for it in listed if "/" not in it["name"]}


def _resource(api_version: str, told: dict[str, Any]) -> Resource:
    return Resource(api_version, told["kind"], told["name"], told["namespaced"], frozenset(told.get("verbs") or ()))
