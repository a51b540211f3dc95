"""What stands in front of MiniStack: identifies each call, disturbs it, keeps it, records it."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

from seatrial.rehearsal.account import answers, calls, emulator, extensions, faults
from seatrial.rehearsal.account.admin import Admin
from seatrial.rehearsal.account.calls import Call, Calls, Request
from seatrial.rehearsal.account.durability import Durability
from seatrial.rehearsal.account.eks import hosts, pages
from seatrial.rehearsal.account.eks.pod_webhook import PodWebhook
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.token_review import TokenReviews
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.faults import Faults
from seatrial.rehearsal.account.journal import Answer, Journal
from seatrial.rehearsal.account.lag import Lag

Receive = Callable[[], Awaitable[Record]]
Send = Callable[[Record], Awaitable[None]]

LARGEST_BODY = 64_000_000
"""Bytes of a request that are read into memory; larger ones are refused."""


class ResetError(ConnectionError):
    """The connection is to be broken without an answer."""


@dataclass(slots=True)
class Exchange:
    """A call on its way."""

    call: Call
    replayed: bool = False
    """Whether the service was spared because the answer is known."""


current: contextvars.ContextVar[Exchange] = contextvars.ContextVar("exchange")
"""The call that the running task answers."""


@dataclass(slots=True)
class Collector:
    """An answer, as the emulator sends it piece by piece."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    body: bytes = b""

    async def send(self, message: Record) -> None:
        """Take one ASGI message."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", []))
        else:
            self.body += message.get("body", b"")

    def named(self) -> dict[str, str]:
        """Headers by lower-case name."""
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.headers}


class Gateway:
    """The account as an ASGI application."""

    def __init__(self, folder: Path, admin_token: str, eks: Service) -> None:
        self._eks = eks
        self._eks.failure, self._eks.caller = self._failure, lambda: current.get().call.principal
        self._eks.leaks = lambda: self.faults.take(current.get().call, "leak") is not None
        self._journal = Journal(folder / "account.db")
        self._durability = Durability(self._journal)
        self.calls = Calls(folder / "calls.jsonl")
        self.faults = Faults()
        self._lag = Lag(self.faults)
        self._admin = Admin(self.faults, self.calls, admin_token, lambda: pages.clusters(eks))
        self._reviews, self._pods = TokenReviews(eks), PodWebhook(eks)
        self._emulator = emulator.asgi()

    def start(self) -> None:
        """Restore what was kept, and take the place of MiniStack's handlers."""
        emulator.forget()
        self._extensions = extensions.install(self, self._eks)
        self._durability.restore()
        hosts.resume(self._eks)

    def stop(self) -> None:
        """End the control planes of clusters, and let go of the files."""
        self._eks.control_planes.stop()
        self.calls.close()
        self._journal.close()

    async def __call__(self, scope: Record, receive: Receive, send: Send) -> None:
        """Answer one request; ``ResetError`` when the connection is to be broken."""
        if scope["type"] == "http":
            content = await _read(receive)
            fits = len(content) <= LARGEST_BODY
            status, headers, body = await self._answer(scope, content) if fits else _raw(_TOO_LARGE)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Record, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        request = _request(scope, body)
        if request.path.startswith("/_seatrial/"):
            return _raw(await self._own(request))
        exchange = Exchange(_identify(request))
        current.set(exchange)
        fault = self.faults.take(exchange.call, "throttle", "error5xx", "deny", "refuse", "reset", "delay")
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        return await self._serve(scope, exchange, fault)

    async def _own(self, request: Request) -> Reply:
        """Answer on a page of the account's own."""
        return self._reviews.answer(request) or await self._pods.answer(request) or self._admin.answer(request)

    async def _serve(
        self, scope: Record, exchange: Exchange, fault: faults.Rule | None
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        call, kind = exchange.call, fault.kind if fault else ""
        if kind == "reset":
            self._record(exchange, Collector(), kind)
            raise ResetError
        answer = await self._decided(scope, call, fault)
        if call.mutates and not exchange.replayed and self.faults.take(call, "reset-after"):
            self._record(exchange, Collector(), "reset-after")
            raise ResetError
        self._record(exchange, answer, kind)
        return answer.status, answer.headers, answer.body

    async def _decided(self, scope: Record, call: Call, fault: faults.Rule | None) -> Collector:
        if fault and fault.kind != "delay":
            return _collected(faults.refusal(fault, call))
        hidden = self._lag.answer(call)
        return _collected(hidden) if hidden else await self._executed(scope, call)

    async def _executed(self, scope: Record, call: Call) -> Collector:
        due = {"eks"} if self._extensions.settle() else set[str]()
        answer = Collector()
        await self._emulator(scope, _receiver(call.request.body), answer.send)
        if call.mutates and answer.status < 400:  # noqa: PLR2004 - the first HTTP status that is an error
            self._lag.note(call, answer.body)
            kind = answer.named().get("content-type", "")
            self._durability.save({call.service, *due}, call.token, Answer(answer.status, kind, answer.body))
        elif call.mutates or due:
            self._durability.save({call.service, *due})
        return answer

    def settle(self) -> None:
        """Let happen what has become due, without any call."""
        if self._extensions.settle():
            self._durability.save({"eks"})

    def call(self) -> Call:
        """Give the call at hand."""
        return current.get().call

    def recall(self) -> Reply | None:
        """Give the answer that the call at hand got before."""
        exchange = current.get()
        answer = self._durability.recall(exchange.call.token) if exchange.call.token else None
        if answer is None:
            return None
        exchange.replayed = True
        return answer.status, {"Content-Type": answer.kind}, answer.content

    def _failure(self) -> Record | None:
        """Tell EKS whether what it begins is to fail."""
        rule = self.faults.take(current.get().call, "fail")
        return {"code": rule.code, "message": rule.message or "an injected fault"} if rule else None

    def _record(self, exchange: Exchange, answer: Collector, fault: str) -> None:
        error = answers.code_of(answer.status, answer.named(), answer.body)
        if exchange.call.service:
            self.calls.add(exchange.call, answer.status, error, fault, replayed=exchange.replayed)


_TOO_LARGE: Reply = (413, {"Content-Type": "application/json"}, b'{"message": "the request is too large"}')


def _identify(request: Request) -> Call:
    with emulator.scope(emulator.home(), emulator.region()):
        return calls.identify(request)


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more and len(body) <= LARGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _receiver(body: bytes) -> Receive:
    async def receive() -> Record:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _request(scope: Record, body: bytes) -> Request:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        query = {**parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True), **query}
    return Request(scope["method"], scope["path"], headers, query, body)


def _collected(reply: Reply) -> Collector:
    status, headers, body = reply
    named = {**headers, "Content-Length": str(len(body))}
    return Collector(status, [(name.lower().encode(), value.encode()) for name, value in named.items()], body)


def _raw(reply: Reply) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    answer = _collected(reply)
    return answer.status, answer.headers, answer.body
