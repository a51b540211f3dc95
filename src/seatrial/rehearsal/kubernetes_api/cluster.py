"""A cluster: objects of any kind are read, applied and deleted here."""

import json
from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.kubernetes_api import kubeconfig as kubeconfigs
from seatrial.rehearsal.kubernetes_api.connection import PATIENCE, Connection, Request
from seatrial.rehearsal.kubernetes_api.discovery import Discovery
from seatrial.rehearsal.kubernetes_api.references import Reference, Resource
from seatrial.rehearsal.kubernetes_api.refusals import Refused

_APPLY = "application/apply-patch+yaml"
"""JSON is YAML."""

_PAGE = "500"
"""Objects in one answer of a listing."""


class Cluster:
    """One cluster, as one user sees it; safe to use from several threads."""

    def __init__(self, connection: Connection, namespace: str = "default") -> None:
        """Objects that don't say are in ``namespace``."""
        self._connection = connection
        self._namespace = namespace
        self._discovery = Discovery(lambda path: self.request("GET", path))

    @classmethod
    def of_kubeconfig(
        cls,
        kubeconfig: str | Mapping[str, Any],
        environment: Mapping[str, str] | None = None,
        *,
        namespace: str = "",
        patience: float = PATIENCE,
    ) -> "Cluster":
        """Return the cluster of a kubeconfig's current context. Nothing is asked of it yet.

        A command that gives credentials runs in ``environment``. Objects that don't say are in ``namespace``, else
        where the context says. A request is repeated for ``patience`` seconds while the API server is away or too busy.
        """
        config = kubeconfigs.read(kubeconfig)
        return cls(Connection(config, environment, patience), namespace or config.namespace)

    @property
    def server(self) -> str:
        """The URL of the API server."""
        return self._connection.server

    @property
    def namespace(self) -> str:
        """Where objects are that don't say."""
        return self._namespace

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        content_type: str | None = None,
    ) -> dict[str, Any]:
        """Send a request and return the answer; raise :class:`Refused` when the API server answers with an error."""
        sent = None if body is None else _json(body)
        asked = Request(method, path, sent, tuple((query or {}).items()), content_type or "application/json")
        return self._connection.send(asked)

    def get(self, manifest: Mapping[str, Any] | Reference) -> dict[str, Any] | None:
        """Return the object as it is, None when it isn't there."""
        reference = Reference.of(manifest)
        try:
            return self._connection.send(Request("GET", self.path(reference), subject=str(reference)))
        except Refused as refused:
            if refused.is_missing:
                return None
            raise

    def list(
        self,
        api_version: str,
        kind: str,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
    ) -> list[dict[str, Any]]:
        """Return the objects of a kind: in a namespace, or in all; each with its ``apiVersion`` and ``kind``."""
        path = self.resource(api_version, kind).path(namespace or "")
        asked = {"limit": _PAGE, "labelSelector": label_selector, "fieldSelector": field_selector}
        query = {name: value for name, value in asked.items() if value}
        items: list[dict[str, Any]] = []
        while True:
            answer = self.request("GET", path, query=query)
            items += answer.get("items") or []
            query["continue"] = answer["metadata"].get("continue") or ""
            if not query["continue"]:
                return [{"apiVersion": api_version, "kind": kind, **item} for item in items]

    def apply(
        self, manifest: Mapping[str, Any], field_manager: str, force: bool = True, dry_run: bool = False
    ) -> dict[str, Any]:
        """Make the object, or make it as the manifest says, by server-side apply; return it as it is then.

        Fields that the manifest leaves out and that ``field_manager`` set before are removed. A misspelled field is
        refused. ``force`` takes fields over from other managers; without it they are a conflict.
        """
        query = {
            "fieldManager": field_manager,
            "fieldValidation": "Strict",
            "force": str(force).lower(),
            **({"dryRun": "All"} if dry_run else {}),
        }
        reference = Reference.of(manifest)
        return self._connection.send(
            Request("PATCH", self.path(reference), _json(manifest), tuple(query.items()), _APPLY, str(reference))
        )

    def create(self, manifest: Mapping[str, Any], field_manager: str = "seatrial") -> dict[str, Any]:
        """Make the object; refused when there is one of its name."""
        wanted = Reference.of(manifest)
        path = self.resource(wanted.api_version, wanted.kind).path(wanted.namespace or self._namespace)
        query = (("fieldManager", field_manager), ("fieldValidation", "Strict"))
        return self._connection.send(Request("POST", path, _json(manifest), query, subject=str(wanted)))

    def delete(
        self,
        api_version: str,
        kind: str,
        name: str,
        namespace: str | None = None,
        propagation: str = "Background",
    ) -> None:
        """Ask for the object's removal; one that isn't there is fine.

        ``propagation`` says what happens to what it owns: ``Background`` goes after it, ``Foreground`` before it,
        ``Orphan`` stays.
        """
        reference = Reference(api_version, kind, name, namespace or "")
        body = {"propagationPolicy": propagation}
        try:
            self._connection.send(Request("DELETE", self.path(reference), _json(body), subject=str(reference)))
        except Refused as refused:
            if not refused.is_missing:
                raise

    def path(self, reference: Reference) -> str:
        """Return the path of an object."""
        resource = self.resource(reference.api_version, reference.kind)
        return resource.path(reference.namespace or self._namespace, reference.name)

    def resource(self, api_version: str, kind: str) -> Resource:
        """Return how a kind is served; raise :class:`NoSuchKind` when it isn't."""
        return self._discovery.resource(api_version, kind)

    def resources(self) -> "list[Resource]":
        """Return every kind that is served now."""
        return self._discovery.resources()


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
