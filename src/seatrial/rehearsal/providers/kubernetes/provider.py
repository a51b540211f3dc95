"""The protocol: what the engine asks, in plain values, of objects and releases."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pulumi.provider.experimental import provider as protocol
from pulumi.provider.experimental.property_value import PropertyValue

from seatrial.errors import SeatrialError
from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.kubernetes_api.refusals import CredentialsFault, KubeconfigFault, Refused, Unreachable
from seatrial.rehearsal.providers.changes import diff_response
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.engine import Engine
from seatrial.rehearsal.providers.kubernetes import annotations, configuration, state
from seatrial.rehearsal.providers.kubernetes.configuration import Configuration
from seatrial.rehearsal.providers.kubernetes.family import Family
from seatrial.rehearsal.providers.kubernetes.objects import Objects
from seatrial.rehearsal.providers.kubernetes.releases import charts
from seatrial.rehearsal.providers.kubernetes.releases.helm import Helm
from seatrial.rehearsal.providers.kubernetes.releases.releases import Releases
from seatrial.rehearsal.providers.kubernetes.session import SECONDS, Session
from seatrial.rehearsal.providers.refusals import Rejected
from seatrial.rehearsal.providers.urns import subject, token
from seatrial.rehearsal.providers.values import UNKNOWN, Values, decoded, plain_values, property_values, secrets
from seatrial.rehearsal.providers.workers import Workers

VERSION = "4.34.2"
"""The published provider's version whose ways this one has."""

_RELEASE = "kubernetes:helm.sh/v3:Release"
_GROUPS_OF_OTHERS = ("kubernetes:helm.sh/", "kubernetes:yaml", "kubernetes:kustomize")
"""Types that aren't objects: the published provider expands them."""

_UNAUTHORIZED = 401

_T = TypeVar("_T")


class KubernetesProvider(protocol.Provider):
    """Serves objects of any kind, and releases of charts."""

    def __init__(self, creations: Creations | None = None, engine: Engine | None = None) -> None:
        """Keep made-up names where the environment says, unless ``creations`` are given."""
        self._creations = creations or Creations.from_environment()
        self._engine = engine or Engine("")
        self._workers = Workers("kubernetes")
        self._objects: Family = Objects()
        self._releases: Family = self._of_charts()
        self._configuration = Configuration()
        self._cluster: Cluster | None = None

    async def check_config(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Refuse configuration that this provider has no use for."""
        found = configuration.faults(_arguments(request.new_inputs))
        failures = [protocol.CheckFailure(path, reason) for path, reason in found]
        return protocol.CheckResponse(request.new_inputs, failures)

    async def diff_config(self, request: protocol.DiffRequest) -> protocol.DiffResponse:
        """Say whether all that is in the cluster has to be made anew: when it is another cluster."""
        found = configuration.changes(_arguments(request.old_state), _arguments(request.new_inputs))
        return diff_response(found, delete_first=False)

    async def configure(self, request: protocol.ConfigureRequest) -> protocol.ConfigureResponse:
        """Take the cluster. Nothing is asked of it yet."""
        self._configuration = configuration.read(_arguments(request.args))
        kubeconfig = self._configuration.kubeconfig
        if kubeconfig is not None and kubeconfig is not UNKNOWN:
            self._cluster = _reached(self._configuration)
        return protocol.ConfigureResponse(accept_secrets=True, supports_preview=True)

    async def check(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Give the resource a name if it has none, mark its secrets, and find what no cluster would take."""
        family = self._family(request.urn)
        named = family.named(request.old_inputs, request.new_inputs, self._creations, request.urn)
        hidden = family.secrets(plain_values(named), frozenset())
        inputs = {name: value.with_secret(value.is_secret or name in hidden) for name, value in named.items()}
        found = list(family.faults(token(request.urn), plain_values(inputs)))
        return protocol.CheckResponse(inputs, [protocol.CheckFailure(path, reason) for path, reason in found])

    async def diff(self, request: protocol.DiffRequest) -> protocol.DiffResponse:
        """Say what changes, and whether that takes a new resource."""
        family = self._family(request.urn)
        old, inputs = plain_values(request.old_state), plain_values(request.new_inputs)
        session = self._session(request.urn)
        found = await self._attempt(request.urn, lambda: family.changes(session, old, inputs))
        kept = [change for change in found if not change.is_ignored(request.ignore_changes)]
        return diff_response(kept, delete_first=family.goes_first(old, inputs))

    async def create(self, request: protocol.CreateRequest) -> protocol.CreateResponse:
        """Make the resource, or say what a preview can know of it."""
        family = self._family(request.urn)
        inputs = plain_values(request.properties)
        hidden = family.secrets(inputs, secrets(request.properties))
        if request.preview:
            return protocol.CreateResponse("", property_values(family.planned(inputs, Values()), hidden))
        session = self._session(request.urn, inputs, request.timeout)
        found = await self._attempt(request.urn, lambda: family.create(session, inputs), hidden)
        return protocol.CreateResponse(found.identity, property_values(found.state, hidden))

    async def read(self, request: protocol.ReadRequest) -> protocol.ReadResponse:
        """Tell a resource's state and inputs as they are now: for a refresh, an import, or a lookup."""
        family = self._family(request.urn)
        old, known = plain_values(request.properties), plain_values(request.inputs)
        session = self._session(request.urn)
        found = await self._attempt(
            request.urn,
            lambda: self._forgiving(request.urn, lambda: family.read(session, request.resource_id, old, known)),
        )
        if found is None:
            return protocol.ReadResponse("", {}, {})
        now, inputs = found
        hidden = family.secrets(inputs, secrets(request.properties, request.inputs) - {state.INPUTS})
        return protocol.ReadResponse(request.resource_id, property_values(now, hidden), property_values(inputs, hidden))

    async def update(self, request: protocol.UpdateRequest) -> protocol.UpdateResponse:
        """Change the resource in place, or say what a preview can know of it."""
        family = self._family(request.urn)
        old, inputs = plain_values(request.olds), plain_values(request.news)
        hidden = family.secrets(inputs, secrets(request.olds, request.news) - {state.INPUTS})
        if request.preview:
            return protocol.UpdateResponse(property_values(family.planned(inputs, old), hidden))
        session = self._session(request.urn, inputs, request.timeout)
        found = await self._attempt(request.urn, lambda: family.update(session, old, inputs), hidden)
        return protocol.UpdateResponse(property_values(found.state, hidden))

    async def delete(self, request: protocol.DeleteRequest) -> None:
        """Remove the resource."""
        family = self._family(request.urn)
        old = plain_values(request.properties)
        session = self._session(request.urn, state.inputs(old), request.timeout)
        await self._attempt(
            request.urn,
            lambda: self._forgiving(request.urn, lambda: family.delete(session, request.resource_id, old)),
        )

    async def invoke(self, request: protocol.InvokeRequest) -> protocol.InvokeResponse:
        """Refuse: there are no functions."""
        raise Rejected(f"{request.tok}: there are no functions here")

    async def get_schema(
        self,
        request: protocol.GetSchemaRequest,  # noqa: ARG002 (the protocol's)
    ) -> protocol.GetSchemaResponse:
        """Tell the name only: the program gives manifests as they are."""
        return protocol.GetSchemaResponse(json.dumps({"name": "kubernetes"}))

    async def cancel(self) -> None:
        """Stop waiting, so that the engine can save what was made."""
        self._workers.cancelled.set()

    def _family(self, urn: str) -> Family:
        kind = token(urn)
        if kind == _RELEASE:
            return self._releases
        if kind.startswith(_GROUPS_OF_OTHERS):
            raise Rejected(f"{kind}: can't be rehearsed; allowed: objects as manifests, and {_RELEASE}")
        return self._objects

    def _session(self, urn: str, inputs: Values | None = None, seconds: float = 0.0) -> Session:
        wanted = seconds or annotations.seconds(inputs or Values()) or SECONDS
        return Session(urn, self._configuration, self._cluster, wanted, self._workers.cancelled)

    async def _attempt(self, urn: str, work: Callable[[], _T], secret: frozenset[str] = frozenset()) -> _T:
        return await self._workers.attempt(subject(urn), work, secret)

    def _forgiving(self, urn: str, work: Callable[[], _T]) -> _T | None:
        """Do the work; what was in a cluster that can't be entered any more counts as gone, when that is configured."""
        try:
            return work()
        except SeatrialError as fault:
            if not (self._configuration.forget_unreachable and _is_unreachable(fault)):
                raise
            self._engine.warn(urn, f"taken for gone: {fault}")
            return None

    def _of_charts(self) -> Family:
        folder = os.environ.get("SEATRIAL_STATE_DIR")
        program = os.environ.get("SEATRIAL_HELM")
        home = (Path(folder) if folder else charts.user_cache()) / "helm"
        helm = Helm(Path(program), home, self._workers.cancelled) if program else None
        return Releases(helm, charts.from_environment(helm))


def _arguments(values: Mapping[str, PropertyValue]) -> Values:
    """Return the configuration; the engine passes what isn't text as JSON."""
    return {key: decoded(value) for key, value in plain_values(values).items()}


def _reached(wanted: Configuration) -> Cluster:
    try:
        return Cluster.of_kubeconfig(wanted.kubeconfig, namespace=wanted.namespace)
    except KubeconfigFault as fault:
        raise Rejected(f"provider kubernetes: {fault}") from fault


def _is_unreachable(fault: SeatrialError) -> bool:
    unauthorized = isinstance(fault, Refused) and fault.status == _UNAUTHORIZED
    return unauthorized or isinstance(fault, Unreachable | CredentialsFault)
