"""Reads a kubeconfig: where a cluster is, whom to trust, and as whom to come."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from seatrial.rehearsal.kubernetes_api.refusals import KubeconfigFault

_EXEC_VERSION = "client.authentication.k8s.io/v1beta1"
"""The version of the credential protocol that the AWS CLI speaks."""


@dataclass(frozen=True, slots=True)
class ExecCommand:
    """The command that gives credentials."""

    command: str
    arguments: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    """What its environment has besides the caller's."""
    api_version: str = _EXEC_VERSION


@dataclass(frozen=True, slots=True, repr=False)
class User:
    """As whom to come: by certificate, by token, or by what a command gives. Has secrets, so it doesn't print."""

    certificate: bytes = b""
    """PEM."""
    key: bytes = b""
    """PEM."""
    token: str = ""
    command: ExecCommand | None = None


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """The current context of a kubeconfig."""

    server: str
    """URL."""
    authority: bytes
    """PEM of whom to trust; empty: whom the system trusts."""
    server_name: str
    """What the server's certificate is issued to, when that isn't the URL's host."""
    namespace: str
    """Where objects are that don't say."""
    user: User


def read(kubeconfig: str | Mapping[str, Any]) -> Kubeconfig:
    """Read the current context of a kubeconfig: its text, or what the text says."""
    content = _mapping(kubeconfig)
    context = _named(content, "contexts", "context", content.get("current-context") or "")
    cluster = _named(content, "clusters", "cluster", context.get("cluster") or "")
    server = cluster.get("server")
    if not isinstance(server, str):
        raise KubeconfigFault("kubeconfig: the cluster of the current context has no server")
    return Kubeconfig(
        server=server.rstrip("/"),
        authority=_content(cluster, "certificate-authority"),
        server_name=cluster.get("tls-server-name") or "",
        namespace=context.get("namespace") or "default",
        user=_user(_named(content, "users", "user", context.get("user") or "")),
    )


def _mapping(kubeconfig: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(kubeconfig, str):
        return kubeconfig
    try:
        content = yaml.load(kubeconfig, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (safe ones)
    except yaml.YAMLError:  # its message would quote the text, which has secrets
        content = None
    if not isinstance(content, dict):
        raise KubeconfigFault("kubeconfig: found no YAML mapping; allowed: a kubeconfig with a current context")
    return cast("Mapping[str, Any]", content)


def _named(content: Mapping[str, Any], listing: str, member: str, name: str) -> Mapping[str, Any]:
    entries = cast("Sequence[Mapping[str, Any]]", content.get(listing) or ())
    for entry in entries:
        if entry.get("name") == name:
            return entry.get(member) or {}
    names = ", ".join(sorted(str(entry.get("name")) for entry in entries)) or "none"
    raise KubeconfigFault(f"kubeconfig: no entry {name!r} in {listing}; there are: {names}")


def _user(entry: Mapping[str, Any]) -> User:
    return User(
        certificate=_content(entry, "client-certificate"),
        key=_content(entry, "client-key"),
        token=entry.get("token") or _file(entry, "tokenFile").decode().strip(),
        command=_command(entry.get("exec")),
    )


def _command(entry: Mapping[str, Any] | None) -> ExecCommand | None:
    if not entry:
        return None
    return ExecCommand(
        command=entry["command"],
        arguments=tuple(entry.get("args") or ()),
        variables=tuple((it["name"], it["value"]) for it in entry.get("env") or ()),
        api_version=entry.get("apiVersion") or _EXEC_VERSION,
    )


def _content(entry: Mapping[str, Any], name: str) -> bytes:
    """Return what is inline under ``name-data``, else in the file under ``name``."""
    try:
        return base64.b64decode(entry.get(f"{name}-data") or "", validate=True) or _file(entry, name)
    except binascii.Error:
        raise KubeconfigFault(f"kubeconfig: {name}-data isn't base64") from None


def _file(entry: Mapping[str, Any], name: str) -> bytes:
    path = entry.get(name)
    try:
        return Path(path).read_bytes() if path else b""
    except OSError as error:
        raise KubeconfigFault(f"kubeconfig: {name}: {path}: {error.strerror}") from None
