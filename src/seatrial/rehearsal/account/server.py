"""Serves the account over TLS on the loopback interface until it is told to quit."""

import asyncio
import contextvars
import datetime as dt
import fcntl
import logging
import os
import random
import secrets
import signal
import socket
import ssl
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psutil
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.config import Config
from hypercorn.typing import ASGIFramework

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import certificates, emulator, endpoint, files, kubernetes_tools
from seatrial.rehearsal.account.certificates import Certificates
from seatrial.rehearsal.account.eks import hosts
from seatrial.rehearsal.account.eks.hosting import Hosting
from seatrial.rehearsal.account.eks.reconciler import Reconciler
from seatrial.rehearsal.account.eks.service import DELAY, Service
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.account.gateway import Gateway, Receive, ResetError, Send
from seatrial.rehearsal.account.journal import JournalFault
from seatrial.rehearsal.kubernetes_api import Cluster

HOST = "127.0.0.1"

PORTS = range(20_000, 32_000)
"""Where a free port is looked for: below the range that systems hand out to outgoing connections."""

RESUMPTION = 90.0
"""Seconds that the control planes of clusters may take to go on before the account is called ready without them."""

_LOOK = 1.0
"""Seconds between two looks at whether the folder is still there."""

GRACE = 5.0
"""Seconds that running calls get to end when the server quits."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an account is served."""

    folder: Path
    """Where everything is kept."""
    region: str
    port: int = 0
    """0 takes the port that the folder had before, or a free one."""
    delay: float = DELAY
    """Seconds that EKS takes for each change."""
    account: str = ""
    """Account id, for a folder that has none yet; empty takes the emulator's own."""
    kubernetes_tools: Path | None = None
    """File that names the executables of control planes; without it clusters are records only."""


_connection: contextvars.ContextVar[asyncio.StreamWriter] = contextvars.ContextVar("connection")


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, or until the folder is moved or deleted.

    Raises:
        EnvironmentFault: the folder or the port is taken, what is in the folder can't be read, or a change can't be
            written: nothing is answered that isn't kept.

    """
    folder = files.folder(settings.folder)
    with _alone(folder) as lock, _listener(folder, settings.port) as listener:
        _log_to(folder / "server.log")
        asyncio.run(_serve(settings, folder, listener, lock))


@dataclass(frozen=True, slots=True)
class _Lock:
    """What tells a folder's own server from others, however long the folder stays where it was."""

    path: Path
    descriptor: int

    def is_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self.descriptor), self.path.stat())
        except OSError:
            return False


@contextmanager
def _alone(folder: Path) -> Generator[_Lock]:
    """Hold the folder's lock, which the kernel frees however the process ends."""
    path = folder / "server.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EnvironmentFault(f"an account is already served from {folder}") from None
        endpoint.remove(folder)
        yield _Lock(path, file.fileno())


@contextmanager
def _listener(folder: Path, wanted: int) -> Generator[socket.socket]:
    """Listen on the account's port, and remember it."""
    remembered = folder / "port"
    port = wanted or (_number(remembered) if remembered.exists() else 0)
    with _bound(port) if port else _free() as listener:
        files.write(remembered, str(listener.getsockname()[1]).encode())
        yield listener


def _number(remembered: Path) -> int:
    try:
        return int(remembered.read_text())
    except ValueError:
        raise EnvironmentFault(f"{remembered} is damaged: it holds no port's number") from None


def _bound(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it most answers take 40 ms more.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as fault:
        listener.close()
        raise EnvironmentFault(f"port {port} of {HOST} can't be used: {fault.strerror}") from fault
    listener.listen()
    return listener


def _free() -> socket.socket:
    for port in random.sample(PORTS, k=50):
        try:
            return _bound(port)
        except EnvironmentFault:
            continue
    raise EnvironmentFault(f"no free port found between {PORTS.start} and {PORTS.stop}")


def _log_to(path: Path) -> None:
    path.touch(mode=0o600)
    layout = "%(asctime)s %(levelname)s [%(name)s] %(message)s"
    logging.basicConfig(filename=path, level=logging.WARNING, format=layout)


async def _serve(settings: Settings, folder: Path, listener: socket.socket, lock: _Lock) -> None:
    port = listener.getsockname()[1]
    emulator.load(settings.region, port, str(files.folder(folder / "objects")), _account(folder, settings.account))
    issued = certificates.ensure(folder, dt.datetime.now(dt.UTC))
    authority = issued.authority.read_bytes()
    eks = Service(f"https://localhost:{port}", authority, settings.delay)
    if settings.kubernetes_tools:
        eks.control_planes = Hosting(folder / "clusters", kubernetes_tools.read(settings.kubernetes_tools), authority)
    gateway = Gateway(folder, _admin_token(folder), eks)
    gateway.start()
    end = _End(lock)
    async with _accepting(gateway, listener, issued, end), _kept(gateway, eks):
        await resumed(eks)
        endpoint.write(folder, _endpoint(settings.region, port, issued))
        await end.come()
        if lock.is_there():
            endpoint.remove(folder)
    gateway.stop()
    end.raise_fault()


def _account(folder: Path, wanted: str) -> str:
    """Give the folder's account id, and remember it: it stands in every ARN."""
    remembered = folder / "account-id"
    if not remembered.exists():
        files.write(remembered, (wanted or emulator.DEFAULT_ACCOUNT).encode())
    return remembered.read_text()


def _admin_token(folder: Path) -> str:
    path = folder / "admin-token"
    if not path.exists():
        files.write(path, secrets.token_urlsafe(32).encode())
    return path.read_text()


def _endpoint(region: str, port: int, issued: Certificates) -> Endpoint:
    process = psutil.Process()
    return Endpoint(f"https://{HOST}:{port}", process.pid, process.create_time(), str(issued.authority), region)


@asynccontextmanager
async def _kept(gateway: Gateway, eks: Service) -> AsyncGenerator[None]:
    """Keep the content of clusters as EKS does, as long as the account runs."""
    reconciler = Reconciler(eks, lambda path: Cluster.of_kubeconfig(path.read_text(), patience=_CLUSTER_PATIENCE))
    task = asyncio.create_task(reconciler.run(gateway.settle))
    try:
        yield
    finally:
        task.cancel()
        reconciler.stop()


_CLUSTER_PATIENCE = 1.0
"""Seconds that a request to a cluster is repeated for before the next turn takes it up."""


async def resumed(eks: Service) -> None:
    """Wait until the clusters that there were before answer again."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + RESUMPTION
    while hosts.are_starting(eks) and loop.time() < deadline:  # noqa: ASYNC110 (control planes tell nobody)
        await asyncio.sleep(0.05)


class _End:
    """Comes when the server is told to quit, has nothing to serve any more, or can't keep what it is told."""

    def __init__(self, lock: _Lock) -> None:
        self._lock = lock
        self._told = asyncio.Event()
        self._fault: JournalFault | None = None

    def because_of(self, fault: JournalFault) -> None:
        self._fault = fault
        self._told.set()

    async def come(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._told.set)
        while self._lock.is_there() and not self._told.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _LOOK)

    def raise_fault(self) -> None:
        if self._fault:
            raise self._fault


@asynccontextmanager
async def _accepting(
    gateway: Gateway, listener: socket.socket, issued: Certificates, end: _End
) -> AsyncGenerator[None]:
    """Answer connections; at the end, let running calls end first."""
    terminated, running = WorkerContext(None), set[asyncio.Task[None]]()
    open_connections: set[asyncio.StreamWriter] = set()
    application = ASGIWrapper(cast(ASGIFramework, _breakable(gateway, running, end)))
    config = Config()
    config.keep_alive_timeout = 75

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _connection.set(writer)
        open_connections.add(writer)
        loop = asyncio.get_running_loop()
        # At the end the loop cancels what still reads: no fault that the log should show.
        with suppress(asyncio.CancelledError):
            await TCPServer(application, loop, config, terminated, {}, reader, writer).run()
        open_connections.discard(writer)

    server = await asyncio.start_server(connected, sock=listener, ssl=_tls(issued))
    yield
    server.close()
    await terminated.terminated.set()
    if running:
        await asyncio.wait(running, timeout=GRACE)
    # Clients keep their connections for the next call: nobody else closes these.
    for writer in open_connections:
        writer.transport.abort()


def _breakable(gateway: Gateway, running: "set[asyncio.Task[None]]", end: _End) -> object:
    """Keep the running calls; break the connection when the gateway says so: an ASGI application alone can't.

    A change that can't be kept ends the server: the next one doesn't know of it, as the client doesn't.
    """

    async def application(scope: Record, receive: Receive, send: Send) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        running.add(task)
        task.add_done_callback(running.discard)
        try:
            await gateway(scope, receive, send)
        except ResetError:
            _connection.get().transport.abort()
        except JournalFault as fault:
            _connection.get().transport.abort()
            end.because_of(fault)

    return application


def _tls(issued: Certificates) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(issued.certificate, issued.key)
    context.set_alpn_protocols(["http/1.1"])
    return context
