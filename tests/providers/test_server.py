"""The provider as the engine reaches it: over gRPC, as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import runpy
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import grpc
import grpc.aio
import psutil
import pytest
from google.protobuf import empty_pb2
from pulumi.provider.experimental import provider as protocol
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from seatrial.rehearsal.providers import process
from seatrial.rehearsal.providers.refusals import InitFailed, Rejected
from seatrial.rehearsal.providers.server import serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

URN = "urn:pulumi:test::seatrial::aws:ec2/vpc:Vpc::it"
MODULE = "seatrial.rehearsal.providers.aws"


PARENT = """
import subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
print(child.pid, child.stdout.readline().decode(), flush=True)
time.sleep(60)
"""


class Unwilling(protocol.Provider):
    """Fails in every way there is."""

    async def create(self, request: protocol.CreateRequest) -> protocol.CreateResponse:  # noqa: ARG002 (the protocol\'s)
        raise InitFailed("vpc-1", {"id": "vpc-1", "userData": "hush"}, "never ready", frozenset({"userData"}))

    async def delete(self, request: protocol.DeleteRequest) -> None:  # noqa: ARG002 (the protocol\'s)
        raise Rejected("not that")

    async def read(self, request: protocol.ReadRequest) -> protocol.ReadResponse:  # noqa: ARG002 (the protocol\'s)
        raise KeyError("a bug")

    async def get_schema(self, request: protocol.GetSchemaRequest) -> protocol.GetSchemaResponse:  # noqa: ARG002 (the protocol\'s)
        return protocol.GetSchemaResponse("{}")


@asynccontextmanager
async def served() -> AsyncGenerator[grpc.aio.Channel]:
    """A channel to an unwilling provider."""
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(Unwilling(), "1.0.0", "", port.set_result))
    async with grpc.aio.insecure_channel(f"127.0.0.1:{await port}") as channel:
        yield channel
    server.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await server


def asked(method: str, request: Any) -> Any:
    """The provider's answer, or the error that it gives."""

    async def ask() -> Any:
        async with served() as channel:
            stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
            try:
                return await getattr(stub, method)(request)
            except grpc.aio.AioRpcError as error:
                return error

    return asyncio.run(ask())


def test_engine_is_told_of_a_half_made_resource() -> None:
    error = asked("Create", provider_pb2.CreateRequest(urn=URN))

    assert (error.code(), error.details()) == (grpc.StatusCode.UNKNOWN, "never ready")
    status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    made = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(made)
    assert (made.id, list(made.reasons)) == ("vpc-1", ["never ready"])
    told = PropertyValue.unmarshal_map(made.properties)
    assert (told["id"].value, told["userData"].value, told["userData"].is_secret) == ("vpc-1", "hush", True)


def test_refusal_has_no_trace() -> None:
    error = asked("Delete", provider_pb2.DeleteRequest(urn=URN))

    assert (error.code(), error.details()) == (grpc.StatusCode.FAILED_PRECONDITION, "not that")


def test_bug_has_a_trace() -> None:
    error = asked("Read", provider_pb2.ReadRequest(urn=URN))

    assert error.code() == grpc.StatusCode.UNKNOWN
    assert "a bug" in error.details()
    assert "Traceback" in error.details() or "File" in error.details()


def test_answer_passes() -> None:
    assert asked("GetSchema", provider_pb2.GetSchemaRequest()).schema == "{}"


def test_method_that_nobody_knows_is_unimplemented() -> None:
    async def ask() -> Any:
        async with served() as channel:
            method: Any = getattr(channel, "unary_unary")  # noqa: B009 (an attribute of unknown type)
            call = method("/pulumirpc.ResourceProvider/Nothing")
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call(b"")
            return refused.value

    assert asyncio.run(ask()).code() is grpc.StatusCode.UNIMPLEMENTED


def test_stream_is_left_as_it_is() -> None:
    async def ask() -> Any:
        async with served() as channel:
            stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await stub.List(provider_pb2.ListRequest()).read()
            return refused.value

    assert asyncio.run(ask()).code() is grpc.StatusCode.UNIMPLEMENTED


def test_process_announces_its_port_and_ends_with_its_parent() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            PARENT,
            *(sys.executable, "-m", MODULE, "--logtostderr", "127.0.0.1:1"),
        ],
        stdout=subprocess.PIPE,
    )
    assert parent.stdout
    number, port = parent.stdout.readline().split()
    provider = psutil.Process(int(number))
    with grpc.insecure_channel(f"127.0.0.1:{int(port)}") as channel:
        stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
        info: plugin_pb2.PluginInfo = stub.GetPluginInfo(empty_pb2.Empty())
    assert info.version.count(".") == 2

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    assert _ended(provider)


def _ended(process: psutil.Process) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_process_that_lost_its_parent_exits(monkeypatch: pytest.MonkeyPatch) -> None:
    class Exited(BaseException):
        """What ends the process."""

    def end(code: int) -> None:
        raise Exited(code)

    def forget(_: float) -> None:
        """Sleep no time."""

    parents = iter([7, 7, 1])
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(time, "sleep", forget)

    with pytest.raises(Exited):
        vars(process)["_end_with"](7)


@pytest.mark.parametrize("name", ["aws", "kubernetes"])
def test_command_that_is_only_imported_serves_nothing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    served: list[str] = []
    monkeypatch.setattr("seatrial.rehearsal.providers.process.serve", served.append)

    module = f"seatrial.rehearsal.providers.{name}.__main__"
    runpy.run_module(module, run_name=module)

    assert served == []


@pytest.mark.parametrize(
    ("arguments", "engine"), [(["--logflow", "127.0.0.1:5"], "127.0.0.1:5"), ([], "")], ids=["engine", "alone"]
)
def test_command_serves_until_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], engine: str
) -> None:
    served: list[str] = []

    async def interrupted(_: protocol.Provider, __: str, engine: str, announce: Any) -> None:
        served.append(engine)
        announce(4711)
        raise KeyboardInterrupt

    monkeypatch.setattr("seatrial.rehearsal.providers.process.serve", interrupted)
    monkeypatch.setattr(sys, "argv", ["provider", *arguments])

    runpy.run_module(MODULE, run_name="__main__")

    assert (served, capsys.readouterr().out) == ([engine], "4711\n")
