"""The files that the processes of a control plane read: kubeconfigs, who is authenticated how, the signing key."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from seatrial.rehearsal.account import files
from seatrial.rehearsal.control_plane import certificates
from seatrial.rehearsal.control_plane.blueprint import Blueprint, Folder

SIGNING_KEY = "service-accounts-key.pem"
"""Private key of service account tokens."""

VERIFYING_KEY = "service-accounts.pem"
"""Its public half."""

AUTHENTICATION = "authentication.json"
"""Who may come without credentials."""

WEBHOOK = "token-webhook.kubeconfig"
"""Where bearer tokens are reviewed."""

_STABLE_SINCE = 34
"""Kubernetes minor version that knows the authentication configuration as ``v1``, which stays when betas go."""

_ANONYMOUS_PATHS = ("/healthz", "/livez", "/readyz")
"""All that EKS answers to anybody, since Kubernetes 1.32 (EKS user guide, release notes of 1.32)."""


def write(blueprint: Blueprint, folder: Folder, endpoint: str, version: str) -> None:
    """Write every file anew: they follow from the blueprint, the certificates and the endpoint."""
    for client in certificates.CLIENTS:
        _put(folder.kubeconfig(client), kubeconfig(blueprint.name, folder, endpoint, client))
    _put(folder.settings / AUTHENTICATION, _authentication(version))
    _put(folder.settings / WEBHOOK, _webhook(blueprint))
    signing = blueprint.signing_key.encode()
    files.write(folder.settings / SIGNING_KEY, signing)
    files.write(folder.settings / VERIFYING_KEY, _public(signing))


def kubeconfig(name: str, folder: Folder, endpoint: str, client: str) -> dict[str, Any]:
    """Describe how a client reaches the API: its certificate and key stand in the document itself."""
    authority = folder.certificate(certificates.AUTHORITY)
    cluster = {"server": endpoint, "certificate-authority-data": _encoded(authority.read_bytes())}
    user = {
        "client-certificate-data": _encoded(folder.certificate(client).read_bytes()),
        "client-key-data": _encoded(folder.key(client).read_bytes()),
    }
    return _config(name, cluster, client, user)


def _config(name: str, cluster: Mapping[str, str], client: str, user: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": client, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": client}}],
        "current-context": name,
    }


def _webhook(blueprint: Blueprint) -> dict[str, Any]:
    authority = _encoded(blueprint.webhook_authority)
    cluster = {"server": blueprint.token_webhook, "certificate-authority-data": authority}
    return _config("token-webhook", cluster, certificates.SERVER, {})


def _authentication(version: str) -> dict[str, Any]:
    stable = int(version.split(".")[1]) >= _STABLE_SINCE
    return {
        "apiVersion": f"apiserver.config.k8s.io/{'v1' if stable else 'v1beta1'}",
        "kind": "AuthenticationConfiguration",
        "anonymous": {"enabled": True, "conditions": [{"path": path} for path in _ANONYMOUS_PATHS]},
    }


def _public(private: bytes) -> bytes:
    public = serialization.load_pem_private_key(private, None).public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _put(path: Path, document: Mapping[str, Any]) -> None:
    files.write(path, json.dumps(document, indent=1).encode())
