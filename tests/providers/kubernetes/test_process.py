"""The provider as the engine starts it, and as it talks back."""

from __future__ import annotations

import runpy
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2_grpc

from seatrial.rehearsal.providers.engine import Engine
from seatrial.rehearsal.providers.kubernetes.provider import VERSION, KubernetesProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE = "seatrial.rehearsal.providers.kubernetes"
URN = "urn:pulumi:test::seatrial::kubernetes:core/v1:Pod::it"


def test_process_announces_its_port_and_version() -> None:
    with subprocess.Popen([sys.executable, "-P", "-m", MODULE], stdout=subprocess.PIPE) as provider:
        assert provider.stdout
        port = int(provider.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
            info: plugin_pb2.PluginInfo = stub.GetPluginInfo(empty_pb2.Empty())
        provider.terminate()

    assert info.version == VERSION


def test_command_talks_to_the_engine_that_started_it(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[KubernetesProvider, str, str]] = []

    async def interrupted(provider: Any, version: str, engine: str, _: Any) -> None:
        served.append((provider, version, engine))
        raise KeyboardInterrupt

    monkeypatch.setattr("seatrial.rehearsal.providers.process.serve", interrupted)
    monkeypatch.setattr(sys, "argv", ["provider", "--logtostderr", "127.0.0.1:5"])

    runpy.run_module(MODULE, run_name="__main__")

    [(provider, version, engine)] = served
    assert (version, engine) == (VERSION, "127.0.0.1:5")
    assert vars(vars(provider)["_engine"]) == {"_address": "127.0.0.1:5"}


class Listener(engine_pb2_grpc.EngineServicer):
    """An engine that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[engine_pb2.LogRequest] = []

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: ARG002, N802 (gRPC's)
        self.told.append(request)
        return empty_pb2.Empty()


@pytest.fixture
def engine() -> Iterator[tuple[str, Listener]]:
    """The address of an engine, and the engine."""
    listener = Listener()
    server = grpc.server(ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(listener, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}", listener
    server.stop(None).wait()


def test_engine_is_warned(engine: tuple[str, Listener]) -> None:
    address, listener = engine

    Engine(address).warn(URN, "taken for gone")
    Engine("").warn(URN, "nobody hears it")

    [told] = listener.told
    assert (told.severity, told.message, told.urn) == (engine_pb2.WARNING, "taken for gone", URN)


def test_engine_that_is_gone_is_not_waited_for() -> None:
    began = time.monotonic()

    Engine("127.0.0.1:1").warn(URN, "nobody hears it")

    assert time.monotonic() - began < 5
