"""The protocol: what the engine asks, in plain values, of the resource types."""

import json
import os
from dataclasses import dataclass, field

from pulumi.provider.experimental import provider as protocol

from seatrial.rehearsal.providers.aws import lifecycle, previews
from seatrial.rehearsal.providers.aws.check import check
from seatrial.rehearsal.providers.aws.clients import Clients
from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.differences import imported_inputs, kept_inputs, must_go_first
from seatrial.rehearsal.providers.aws.functions import FUNCTIONS
from seatrial.rehearsal.providers.aws.registry import RESOURCE_TYPES
from seatrial.rehearsal.providers.aws.resource_type import ResourceType
from seatrial.rehearsal.providers.changes import diff_response
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.refusals import Rejected
from seatrial.rehearsal.providers.urns import subject, token
from seatrial.rehearsal.providers.values import Values, decoded, plain_values, property_values, secrets, within
from seatrial.rehearsal.providers.workers import Workers


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one provider resource."""

    region: str
    """Where resources are that don't say."""
    default_tags: dict[str, str] = field(default_factory=dict[str, str])
    """Tags for every resource."""


_CONFIGURATION = frozenset(
    {
        "region",
        "defaultTags",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
        "pluginDownloadURL",
        "version",
    }
)
"""What a provider resource may say. Endpoint and credentials come from the environment."""


class AwsProvider(protocol.Provider):
    """Serves the resource types and functions over the account that the environment names."""

    def __init__(self, creations: Creations | None = None) -> None:
        """Keep creation tokens where the environment says, unless ``creations`` are given."""
        self._creations = creations or Creations.from_environment()
        self._workers = Workers("aws")
        self._settings = Settings("")
        self._clients = Clients("")

    async def check_config(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Refuse configuration that this provider has no use for."""
        unknown = sorted(set(request.new_inputs) - _CONFIGURATION)
        failures = [protocol.CheckFailure(it, f"{it}: allowed: {', '.join(sorted(_CONFIGURATION))}") for it in unknown]
        return protocol.CheckResponse(request.new_inputs, failures)

    async def diff_config(self, request: protocol.DiffRequest) -> protocol.DiffResponse:  # noqa: ARG002 (the protocol's)
        """Leave it to the engine to compare; no resource is replaced for its provider's sake."""
        return protocol.DiffResponse()

    async def configure(self, request: protocol.ConfigureRequest) -> protocol.ConfigureResponse:
        """Take the region and the tags for every resource."""
        arguments = {key: decoded(value) for key, value in plain_values(request.args).items()}
        tags = within(within(arguments, "defaultTags"), "tags")
        region = arguments.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""
        self._settings = Settings(region, tags)
        self._clients = Clients(region)
        return protocol.ConfigureResponse(accept_secrets=True, supports_preview=True)

    async def check(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Find what the published provider or AWS would refuse. The inputs go back as they came."""
        resource = _resource_type(request.urn)
        inputs = plain_values(request.new_inputs)
        found = await self._workers.run(lambda: check(resource, inputs))
        hidden = secrets(request.new_inputs)
        failures = [protocol.CheckFailure(it.path, it.reason(hidden)) for it in found]
        return protocol.CheckResponse(request.new_inputs, failures)

    async def diff(self, request: protocol.DiffRequest) -> protocol.DiffResponse:
        """Say what changes, and whether that takes a new resource."""
        resource = _resource_type(request.urn)
        state, inputs = plain_values(request.old_state), plain_values(request.new_inputs)
        cloud = self._cloud(request.name, {**state, **inputs})
        found = [
            change
            for change in lifecycle.changes(resource, cloud, state, self._with_region(resource, inputs))
            if not change.is_ignored(request.ignore_changes)
        ]
        return diff_response(found, delete_first=must_go_first(resource, found, inputs))

    async def create(self, request: protocol.CreateRequest) -> protocol.CreateResponse:
        """Make the resource, or say what a preview can know of it."""
        resource = _resource_type(request.urn)
        inputs = plain_values(request.properties)
        hidden = secrets(request.properties)
        if request.preview:
            return protocol.CreateResponse("", property_values(previews.created(resource, inputs), hidden))
        cloud = self._cloud(request.name, inputs, request.timeout)
        found = await self._workers.attempt(
            subject(request.urn),
            lambda: lifecycle.create(resource, cloud, inputs, self._creations, request.urn),
            hidden,
        )
        return protocol.CreateResponse(found.identity, property_values(found.state, hidden))

    async def read(self, request: protocol.ReadRequest) -> protocol.ReadResponse:
        """Tell a resource's state and inputs as they are now: for a refresh, an import, or a lookup."""
        resource = _resource_type(request.urn)
        state, inputs = plain_values(request.properties), plain_values(request.inputs)
        cloud = self._cloud(request.name, {**state, **inputs})
        known = {**state, **inputs}
        found = await self._workers.attempt(
            subject(request.urn), lambda: lifecycle.read(resource, cloud, request.resource_id, known)
        )
        if found is None:
            return protocol.ReadResponse("", {}, {})
        hidden = secrets(request.properties, request.inputs)
        now = kept_inputs(resource, found, inputs) if inputs else imported_inputs(resource, found)
        return protocol.ReadResponse(found["id"], property_values(found, hidden), property_values(now, hidden))

    async def update(self, request: protocol.UpdateRequest) -> protocol.UpdateResponse:
        """Change the resource in place, or say what a preview can know of it."""
        resource = _resource_type(request.urn)
        state, inputs = plain_values(request.olds), plain_values(request.news)
        hidden = secrets(request.olds, request.news)
        if request.preview:
            return protocol.UpdateResponse(property_values(previews.updated(resource, state, inputs), hidden))
        cloud = self._cloud(request.name, {**state, **inputs}, request.timeout)
        found = await self._workers.attempt(
            subject(request.urn), lambda: lifecycle.update(resource, cloud, request.resource_id, state, inputs), hidden
        )
        return protocol.UpdateResponse(property_values(found.state, hidden))

    async def delete(self, request: protocol.DeleteRequest) -> None:
        """Remove the resource."""
        resource = _resource_type(request.urn)
        state = plain_values(request.properties)
        cloud = self._cloud(request.name, state, request.timeout)
        await self._workers.attempt(
            subject(request.urn), lambda: lifecycle.delete(resource, cloud, request.resource_id, state)
        )

    async def invoke(self, request: protocol.InvokeRequest) -> protocol.InvokeResponse:
        """Answer a function from the account."""
        function = FUNCTIONS.get(request.tok)
        if function is None:
            raise Rejected(f"{request.tok}: no such function here; there are {', '.join(sorted(FUNCTIONS))}")
        arguments = plain_values(request.args)
        cloud = self._cloud(request.tok, arguments)
        result = await self._workers.attempt(request.tok, lambda: function(cloud, arguments))
        return protocol.InvokeResponse(property_values(result))

    async def get_schema(
        self,
        request: protocol.GetSchemaRequest,  # noqa: ARG002 (the protocol's)
    ) -> protocol.GetSchemaResponse:
        """Tell the name only: the program has its types from ``pulumi_aws``."""
        return protocol.GetSchemaResponse(json.dumps({"name": "aws"}))

    async def cancel(self) -> None:
        """Stop waiting, so that the engine can save what was made."""
        self._workers.cancelled.set()

    def _with_region(self, resource: ResourceType, inputs: Values) -> Values:
        """Add the region that a regional resource has when the program doesn't say."""
        regional = "region" in resource.schema.inputs.fields
        return {"region": self._settings.region, **inputs} if regional else inputs

    def _cloud(self, name: str, values: Values, seconds: float = 0.0) -> Cloud:
        return Cloud(
            self._clients,
            region=values.get("region") or self._settings.region,
            name=name,
            default_tags=self._settings.default_tags,
            seconds=seconds,
            cancelled=self._workers.cancelled,
        )


def _resource_type(urn: str) -> ResourceType:
    kind = token(urn)
    if kind not in RESOURCE_TYPES:
        raise Rejected(f"{kind}: no such resource type here; there are {', '.join(sorted(RESOURCE_TYPES))}")
    return RESOURCE_TYPES[kind]
