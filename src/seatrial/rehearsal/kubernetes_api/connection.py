"""Sends requests to one API server, and repeats those that it couldn't answer yet."""

import json
import os
import re
import ssl
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import responses
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import urllib3

from seatrial.rehearsal.kubernetes_api.exec_credentials import ExecCredentials
from seatrial.rehearsal.kubernetes_api.kubeconfig import Kubeconfig, User
from seatrial.rehearsal.kubernetes_api.refusals import KubeconfigFault, Refused, Unreachable

PATIENCE = 10.0
"""Seconds that an API server may be away, or too busy: it restarts in two or three."""

_TIMEOUT = urllib3.Timeout(connect=5.0, read=65.0)
"""Seconds; an API server itself gives up after 60."""

_CONNECTIONS = 64
"""Kept open for the next request: as many as a provider has threads."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0

_FIRST_ERROR = 400
_UNAUTHORIZED = 401
_BUSY = frozenset({429, 503})
_FAILED = frozenset({500, 504})
_ETCD = (
    "etcdserver: leader changed",
    "etcdserver: request timed out",
    "etcdserver: no leader",
    "raft proposal dropped",
)
"""What an API server says when its store was between two leaders: nothing was done."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the API server."""

    method: str
    path: str
    body: bytes | None = None
    query: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"
    subject: str = ""
    """What it is about, for messages: ``ConfigMap dev/settings``."""

    @property
    def target(self) -> str:
        """The path with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def is_repeatable(self) -> bool:
        """Whether doing it twice is as good as once."""
        return self.method != "POST"


class Connection:
    """Requests to the cluster of a kubeconfig; safe to use from several threads."""

    def __init__(
        self, config: Kubeconfig, environment: Mapping[str, str] | None = None, patience: float = PATIENCE
    ) -> None:
        """Keep whom to ask. Nothing is sent, and no command run, before the first request."""
        self.server = config.server
        self._token = config.user.token
        self._patience = patience
        self._exec = ExecCredentials(config.user.command, environment) if config.user.command else None
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            retries=False,
            timeout=_TIMEOUT,
            ssl_context=_context(config),
            server_hostname=config.server_name or None,
        )

    def send(self, request: Request) -> dict[str, Any]:
        """Return the answer; raise :class:`Refused` when it is an error, :class:`Unreachable` when none comes."""
        deadline = time.monotonic() + self._patience
        pause = _FIRST_PAUSE
        while True:
            try:
                return self._authorized(request)
            except (Refused, Unreachable) as fault:
                wait = max(pause, getattr(fault, "retry_after", 0.0))
                if not _may_pass(fault, request) or time.monotonic() + wait > deadline:
                    raise
            time.sleep(wait)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _authorized(self, request: Request) -> dict[str, Any]:
        """Send it; with fresh credentials once more when the API server doesn't take the ones in use."""
        token = self._exec.token() if self._exec else self._token
        try:
            return self._sent(request, token)
        except Refused as refused:
            if refused.status != _UNAUTHORIZED or self._exec is None:
                raise
        self._exec.discard(token)
        return self._sent(request, self._exec.token())

    def _sent(self, request: Request, token: str) -> dict[str, Any]:
        headers = {"Accept": "application/json", "Content-Type": request.content_type, "User-Agent": "seatrial"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            answer = self._pool.request(
                request.method, self.server + request.target, body=request.body, headers=headers
            )
        except urllib3.exceptions.HTTPError as error:
            distrusted = isinstance(error, urllib3.exceptions.SSLError)
            sent = not distrusted and not isinstance(error, urllib3.exceptions.ConnectTimeoutError)
            raise Unreachable(self.server, _cause(error), was_sent=sent, may_return=not distrusted) from None
        content = _content(answer.data)
        if answer.status < _FIRST_ERROR:
            return content
        raise _refused(request, answer.status, content, answer.headers.get("Retry-After") or "")


def _may_pass(fault: Refused | Unreachable, request: Request) -> bool:
    """Whether the same request may be answered a little later, and may be sent again."""
    if isinstance(fault, Unreachable):
        return fault.may_return and (request.is_repeatable or not fault.was_sent)
    between_leaders = fault.status in _FAILED and any(it in fault.message for it in _ETCD)
    return fault.status in _BUSY or between_leaders


def _refused(request: Request, status: int, content: dict[str, Any], retry_after: str) -> Refused:
    """Read a Status: what an API server says when it refuses."""
    reason = content.get("reason") or responses.get(status, "Unknown").replace(" ", "")
    subject = request.subject or f"{request.method} {request.path}"
    seconds = float(retry_after) if retry_after.isdigit() else 0.0
    return Refused(status, reason, content.get("message") or "no message", subject, seconds)


def _content(data: bytes) -> dict[str, Any]:
    """Read JSON; what isn't (a proxy's page) is taken as a message."""
    try:
        content = json.loads(data or b"{}")
    except ValueError:
        content = None
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {"message": data.decode(errors="replace")}


def _cause(error: urllib3.exceptions.HTTPError) -> str:
    """Say what went wrong without the addresses of Python objects that urllib3 adds."""
    return re.sub(r"<[^>]*>:? ?|\(Caused by .*\)$", "", str(error)).strip() or type(error).__name__


def _context(config: Kubeconfig) -> ssl.SSLContext | None:
    """Return whom to trust, and as whom to come; None for a server that doesn't speak TLS."""
    if config.server.startswith("http://"):
        return None
    try:
        context = ssl.create_default_context(cadata=config.authority.decode("ascii") or None)
        _load(context, config.user)
    except (ssl.SSLError, ValueError):  # its message adds nothing, and may quote
        raise KubeconfigFault("kubeconfig: found a certificate or key that can't be read; allowed: PEM") from None
    return context


def _load(context: ssl.SSLContext, user: User) -> None:
    """Load a client certificate: from a file that nobody else can read and that goes at once, the only way there is."""
    if not user.certificate:
        return
    descriptor, path = tempfile.mkstemp(prefix="seatrial-")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(user.certificate + b"\n" + user.key)
        context.load_cert_chain(path)
    finally:
        Path(path).unlink()
