"""Tells the engine, and so the user, what isn't an error."""

import contextlib
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_SECONDS = 5.0
"""How long the engine may take to answer; a warning isn't worth more."""


class Engine:
    """The engine that started this provider."""

    def __init__(self, address: str) -> None:
        """Nothing is told when there is no address."""
        self._address = address

    def warn(self, urn: str, text: str) -> None:
        """Show a warning beside the resource."""
        if not self._address:
            return
        request = engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=text, urn=urn)
        with grpc.insecure_channel(self._address) as channel, contextlib.suppress(grpc.RpcError):
            stub: Any = engine_pb2_grpc.EngineStub(channel)
            stub.Log(request, timeout=_SECONDS)
