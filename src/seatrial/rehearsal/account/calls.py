"""What a request asks for, and the record of every call."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from seatrial.rehearsal.account import emulator

REPEATABLE = "x-seatrial-token"
"""Header of a call that may be repeated: the same value gets the same answer, executed once."""

READS = ("Describe", "List", "Get", "Head", "Lookup", "Search", "Simulate", "Validate", "BatchGet", "Query")
"""How operations begin that change nothing."""

LARGEST_RECORD = 16_000_000
"""Bytes of the record at which the next start begins a new one."""

Params = dict[str, list[str]]
"""Parameters of a query or form, as they were sent."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, read whole."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Params
    """Query string and form fields together."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """What a request asks for."""

    service: str
    """MiniStack's name: ``ec2``, ``eks``, ``iam``, ``kms``, ``logs``, ``sts``, …; empty for its own pages."""
    operation: str
    """AWS's name: ``CreateVpc``; empty when the request names none."""
    principal: str
    """ARN of the caller; the bare key id when nobody has that key."""
    token: str
    """Under what the answer is kept and repeated; empty when it isn't."""
    request: Request = field(repr=False)

    @property
    def mutates(self) -> bool:
        """Whether the call may change something."""
        return bool(self.service) and not self.operation.startswith(READS)


def identify(request: Request) -> Call:
    """Find service, operation and caller of a request, as MiniStack's own router does."""
    headers = dict(request.headers)
    service = str(emulator.core("router").detect_service(request.method, request.path, headers, request.query))
    action: str | None = emulator.core("iam_actions").extract_iam_action(
        service, request.method, request.path, headers, request.body, request.query
    )
    operation = (action or "").partition(":")[2] or _ONLY.get(service, "")
    return Call(
        service if operation else "", operation, _principal(request), _token(request, service, operation), request
    )


_ONLY = {"eks-auth": "AssumeRoleForPodIdentity"}
"""Service that MiniStack doesn't know, to its only operation."""


def _principal(request: Request) -> str:
    key = str(emulator.core("router").extract_access_key_id(dict(request.headers), request.query))
    credential = emulator.core("iam_evaluator").resolve_credential(key, emulator.home())
    return str(getattr(credential, "principal_arn", key))


def _token(request: Request, service: str, operation: str) -> str:
    if operation.startswith(READS):
        return ""
    own = request.headers.get(REPEATABLE)
    if own:
        return f"{service}:{operation}:{own}"
    clients = _client_token(request)
    # AWS refuses another request under the same token; here it is simply another request.
    return f"{service}:{operation}:{clients}:{hashlib.sha256(request.body).hexdigest()}" if clients else ""


def _client_token(request: Request) -> str:
    """AWS's own token, which its SDKs repeat when they retry."""
    if "ClientToken" in request.query:
        return request.query["ClientToken"][0]
    document = document_of(request.body)
    return str(document.get("clientRequestToken") or document.get("clientToken") or "")


def document_of(body: bytes) -> dict[str, Any]:
    """Read the JSON object of a body; empty when it holds none."""
    try:
        return cast("dict[str, Any]", json.loads(body)) if body.startswith(b"{") else {}
    except ValueError:
        return {}


@dataclass(frozen=True, slots=True)
class Record:
    """One answered call."""

    time: float
    """When it was answered, in seconds since the epoch."""
    principal: str
    service: str
    operation: str
    status: int
    """HTTP status; 0 when the connection was reset instead."""
    error: str
    """AWS's error code; empty when it succeeded."""
    fault: str = ""
    """Kind of the injected fault that decided the answer."""
    replayed: bool = False
    """Whether an earlier answer to the same token was given."""


class Calls:
    """The record, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        if path.exists() and path.stat().st_size > LARGEST_RECORD:
            path.unlink()
        path.touch(mode=0o600)
        self._path = path
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def add(self, call: Call, status: int, error: str, fault: str, *, replayed: bool) -> None:
        """Record an answer."""
        record = Record(time.time(), call.principal, call.service, call.operation, status, error, fault, replayed)
        self._file.write(json.dumps(asdict(record)) + "\n")

    def document(self) -> bytes:
        """All records as a JSON list, oldest first."""
        return b"[" + self._path.read_bytes().strip().replace(b"\n", b",") + b"]"

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
