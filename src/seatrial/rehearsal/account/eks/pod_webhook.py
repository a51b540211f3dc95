"""The webhook that lets pods come to the credentials of their role: kube-apiserver asks it about each new pod."""

import asyncio
import base64
import hmac
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from seatrial.errors import SeatrialError
from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Request, document_of
from seatrial.rehearsal.account.eks import hosts
from seatrial.rehearsal.account.eks.content import pod_identity
from seatrial.rehearsal.account.eks.content.pod_identity import Identity
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import key, within
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.kubernetes_api import Cluster

_PATH = re.compile(rf"{hosts.PAGES}/([a-z0-9-]+)/([A-Za-z0-9_-]+)/pods/([0-9a-f]+)")

_PATIENCE = 2.0
"""Seconds for which the cluster is asked about a service account."""


class Reader(Protocol):
    """The part of the Kubernetes client that is used."""

    def get(self, manifest: Record, /) -> Record | None:
        """Give an object as it is."""
        ...


def connect(kubeconfig: Path) -> Reader:
    """Give the client of a kubeconfig."""
    return Cluster.of_kubeconfig(kubeconfig.read_text(), patience=_PATIENCE)


class PodWebhook:
    """Answers to who knows a cluster's secret: its kube-apiserver."""

    def __init__(self, eks: Service, connect: Callable[[Path], Reader] = connect) -> None:
        """Ask clusters about service accounts by ``connect``."""
        self._eks, self._connect = eks, connect
        self._readers: dict[Path, Reader] = {}

    async def answer(self, request: Request) -> Reply | None:
        """Answer an admission review; nothing for any other request, or for a cluster or secret that doesn't exist."""
        found = _PATH.fullmatch(request.path)
        if found is None or request.method != "POST":
            return None
        region, name, secret = found.groups()
        with emulator.scope(emulator.home(), region):
            cluster = self._eks.state.clusters.get(key(name))
            if cluster is None or not hmac.compare_digest(hosts.pod_secret(cluster), secret):
                return None
        asked = document_of(request.body).get("request", {})
        identity = await self._identity(region, cluster, asked)
        return _reply(asked, list(pod_identity.patches(asked["object"], identity)) if identity else [])

    async def _identity(self, region: str, cluster: Record, asked: Record) -> Identity | None:
        namespace = asked["namespace"]
        account = asked["object"]["spec"].get("serviceAccountName") or "default"
        try:
            found = await asyncio.to_thread(self._account, cluster, namespace, account)
        except SeatrialError:
            found = None
        role, annotations = pod_identity.role_of(found)
        if role:
            return pod_identity.of_role(role, annotations, region)
        with emulator.scope(emulator.home(), region):
            known = within(self._eks.state.associations, cluster["name"])
            associated = any((it["namespace"], it["serviceAccount"]) == (namespace, account) for it in known)
        return pod_identity.of_association(region) if associated else None

    def _account(self, cluster: Record, namespace: str, name: str) -> Record | None:
        view = hosts.view(self._eks, cluster)
        if view is None:
            return None
        reader = self._readers.setdefault(view.kubeconfig, self._connect(view.kubeconfig))
        metadata = {"namespace": namespace, "name": name}
        return reader.get({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})


def _reply(asked: Record, patch: list[Record]) -> Reply:
    response: dict[str, Any] = {"uid": asked.get("uid", ""), "allowed": True}
    if patch:
        response |= {"patchType": "JSONPatch", "patch": base64.b64encode(json.dumps(patch).encode()).decode()}
    document = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()
