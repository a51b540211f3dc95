"""Tells the engine, and so the user, what isn't an error."""

import contextlib
import importlib
from typing import Any

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
        grpc: Any = importlib.import_module("grpc")
        messages: Any = importlib.import_module("pulumi.runtime.proto.engine_pb2")
        services: Any = importlib.import_module("pulumi.runtime.proto.engine_pb2_grpc")
        request = messages.LogRequest(severity=messages.WARNING, message=text, urn=urn)
        with grpc.insecure_channel(self._address) as channel, contextlib.suppress(grpc.RpcError):
            services.EngineStub(channel).Log(request, timeout=_SECONDS)
