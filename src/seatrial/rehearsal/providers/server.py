"""Serves a provider over gRPC: tells the engine of half-made resources and gives errors without traces.

The SDK's own server reports every error as a Python traceback and can't say that a resource exists although making
it failed, which the engine needs in order to keep it. It ends in an error of its own when the configuration of a
provider changes.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import grpc
import grpc.aio
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.provider import DiffRequest, Provider
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from seatrial.rehearsal.providers.refusals import InitFailed, ProviderFault
from seatrial.rehearsal.providers.values import property_values

_LARGEST_MESSAGE = 400 * 1024 * 1024
"""As the engine's."""

_LONGEST_QUEUE = 30 * 60
"""Seconds that a request may wait for its turn, as in the SDK."""

_OPTIONS = [
    ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
    ("grpc.server_max_unrequested_time_in_server", _LONGEST_QUEUE),
]


class _Status(grpc.Status):
    """How a request ended."""

    def __init__(self, code: grpc.StatusCode, details: str, metadata: tuple[tuple[str, bytes], ...] = ()) -> None:
        self.code, self.details, self.trailing_metadata = code, details, metadata


_Answer: TypeAlias = Callable[[Any, Any], Awaitable[Any]]
"""Answers a request; takes it and its context."""


class _Faults(grpc.aio.ServerInterceptor):
    """Turns what the provider raises into what the engine understands."""

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: grpc.HandlerCallDetails
    ) -> Any:
        """Return the method's handler, guarded."""
        handler: Any = await continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler
        return grpc.unary_unary_rpc_method_handler(
            _guarded(handler.unary_unary), handler.request_deserializer, handler.response_serializer
        )


def _guarded(answer: _Answer) -> Any:
    async def guarded(request: Any, context: Any) -> Any:
        try:
            return await answer(request, context)
        except Exception as error:
            # The SDK wraps what the provider raised in an exception that holds its traceback.
            cause = error.__context__ or error
            if not isinstance(cause, ProviderFault):
                raise
            await context.abort_with_status(status_of(cause))

    return guarded


def status_of(fault: ProviderFault) -> grpc.Status:
    """Return the fault as gRPC and the engine know it."""
    if not isinstance(fault, InitFailed):
        return _Status(grpc.StatusCode.FAILED_PRECONDITION, str(fault))
    details = provider_pb2.ErrorResourceInitFailed(
        id=fault.identity,
        properties=PropertyValue.marshal_map(property_values(fault.state, fault.secret)),
        reasons=[fault.reason],
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=fault.reason)
    status.details.add().Pack(details)
    return _Status(grpc.StatusCode.UNKNOWN, fault.reason, (("grpc-status-details-bin", status.SerializeToString()),))


class Servicer(ProviderServicer):
    """The SDK's, but for the one answer that it can't write."""

    async def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802 (the protocol's)
        """Say what a change of the provider's own configuration means."""
        olds, news = (PropertyValue.unmarshal_map(each) for each in (request.olds, request.news))
        ignored = list(request.ignoreChanges)
        answer = await self._provider.diff_config(DiffRequest(request.urn, request.id, olds, news, ignored))
        return provider_pb2.DiffResponse(
            changes=_CHANGES[answer.changes], replaces=answer.replaces or (), diffs=answer.diffs or ()
        )


_CHANGES = {
    None: provider_pb2.DiffResponse.DIFF_UNKNOWN,
    False: provider_pb2.DiffResponse.DIFF_NONE,
    True: provider_pb2.DiffResponse.DIFF_SOME,
}
"""Whether anything changes, in the protocol's words."""


async def serve(provider: Provider, version: str, engine: str, announce: Callable[[int], None]) -> None:
    """Serve until cancelled; ``announce`` is told the port."""
    server = grpc.aio.server(options=_OPTIONS, interceptors=(_Faults(),))
    servicer = Servicer([], version, provider, engine_address=engine)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    announce(server.add_insecure_port("127.0.0.1:0"))
    await server.start()
    try:
        await server.wait_for_termination()
    finally:
        await server.stop(grace=None)
