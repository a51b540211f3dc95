"""The engine's side of Pulumi's protocol, as a program sees it: it records and answers, and deploys nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, resource_pb2

from seatrial.plan import registration, secrecy, wire
from seatrial.plan.cloud import Cloud, InvokeError, Made
from seatrial.plan.errors import Refusal
from seatrial.plan.graph import Message, Properties, Resource, Unknown

_SEVERITIES: Final[Mapping[int, str]] = {
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}

_FEATURES: Final = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
)
"""What a program may ask for. Hooks and transforms call back into it while it is deployed, which a plan never is."""

_LOOK_UP: Final = "pulumi:pulumi:getResource"
"""The engine's own function."""

_REMOTE: Final = (
    "a plan can't make components of other packages: a program of theirs, not this one, makes what is in them"
)


class Engine:
    """Takes what the program logs."""

    def __init__(self) -> None:
        """Start without messages."""
        self.messages: list[Message] = []

    def log(self, request: engine_pb2.LogRequest) -> Empty:
        """Keep a message, unless it is for debugging."""
        severity = _SEVERITIES.get(request.severity)
        if severity:
            self.messages.append(Message(severity, request.message, request.urn))
        return Empty()

    Log = log


class Monitor:
    """Records every registration and answers it from a fake cloud.

    A refusal is kept and the registration answered all the same, so that one run finds every refusal.
    """

    def __init__(self, *, project: str, stack: str, cloud: Cloud, preview: bool) -> None:
        """Start with nothing registered; a preview tells no ids and no outputs."""
        self._project = project
        self._stack = stack
        self._cloud = cloud
        self._preview = preview
        self.resources: dict[str, Resource] = {}
        self.refusals: list[Refusal] = []

    def deployment_info(self, _: Empty) -> resource_pb2.DeploymentInfo:
        """Say what this engine can do."""
        return resource_pb2.DeploymentInfo(supportedFeatures=_FEATURES)

    def shut_down(self, request: Empty) -> Empty:
        """Let the program end."""
        return request

    def register(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceResponse:
        """Record a resource, and answer with what the cloud would say."""
        urn = registration.urn_of(self._stack, self._project, request.parent, request.type, request.name)
        resource = registration.resource(urn, request, self.resources.get(request.parent))
        if urn in self.resources:
            self._refuse(resource, "another resource has the same type, parents and name")
        if request.remote:
            self._refuse(resource, _REMOTE)
        made = self._made(resource)
        self.resources[urn] = replace(resource, id=made.id, outputs=made.outputs)
        return resource_pb2.RegisterResourceResponse(
            urn=urn,
            id="" if isinstance(made.id, Unknown) else made.id,
            object=wire.encode(made.outputs),
            unknown=True,  # what isn't told; without it the SDK would take it for null
        )

    def register_outputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> Empty:
        """Record what a component, or the stack, gives to the outside."""
        resource = self.resources[request.urn]
        if resource.completed:
            self._refuse(resource, "its outputs are registered twice")
        self.resources[request.urn] = replace(resource, outputs=wire.decode(request.outputs), completed=True)
        return Empty()

    def invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:
        """Answer a function of the provider, for the region that the provider is for."""
        provider = self.resources.get(request.provider.rpartition("::")[0])
        args = wire.decode(request.args)
        try:
            answer = (
                self._looked_up(args) if request.tok == _LOOK_UP else self._cloud.invoke(request.tok, args, provider)
            )
        except InvokeError as refusal:
            self.refusals.append(Refusal(request.tok, str(refusal)))
            raise
        if isinstance(answer, Unknown):
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(wire.encode(answer))
        return response

    def read(self, request: resource_pb2.ReadResourceRequest) -> resource_pb2.ReadResourceResponse:
        """Refuse to look up what is already deployed, by ``Vpc.get`` for example: nothing is."""
        refusal = Refusal(f"{request.type} {request.name!r}", "a plan can't read what something else deployed")
        self.refusals.append(refusal)
        raise LookupError(str(refusal))

    GetDeploymentInfo = deployment_info
    SignalAndWaitForShutdown = shut_down
    RegisterResource = register
    RegisterResourceOutputs = register_outputs
    Invoke = invoke
    ReadResource = read

    def _looked_up(self, args: Properties) -> Properties:
        """Return the state of a resource, which the SDK asks for when one resource is an input of another."""
        resource = self.resources[str(args["urn"])]
        return {"urn": resource.urn, "id": resource.id, "state": resource.outputs}

    def _made(self, resource: Resource) -> Made:
        if not resource.custom:
            return Made("")
        made, reasons = self._cloud.make(resource, self.resources.get(resource.provider_urn))
        for reason in reasons:
            self._refuse(resource, reason)
        told = made.unknown() if self._preview else made
        outputs = secrecy.kept({**resource.inputs, **told.outputs}, resource.inputs, resource.secret_outputs)
        return Made(told.id, outputs)

    def _refuse(self, resource: Resource, reason: str) -> None:
        self.refusals.append(Refusal(f"{resource.type} {resource.name!r}", reason))
